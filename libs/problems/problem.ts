import { type ProblemCode, problemCatalogue } from './catalogue.js';
import type { ProblemKind } from './definition.js';

/** One finding of a problem that has several. */
export interface ProblemError {
  /** Name of the field, or of the query, path or header parameter. */
  field?: string;
  /** JSON Pointer (RFC 6901) to the field: into the request's body, or into the claim where a rule found it. None for a parameter. */
  pointer?: string;
  code: string;
  message: string;
  /** Number of the claim's line, or of the row of an import. */
  line?: number;
}

export interface ProblemOptions {
  /** A sentence about this occurrence, safe to show; the catalogue's cause when absent. */
  detail?: string;
  errors?: ProblemError[];
  /** What else to do in this case, after the catalogue's remedy. */
  furtherRemedy?: string;
  /** Further members of the body, such as `phase` and `allowedActions`. */
  members?: Record<string, unknown>;
  /** Response headers, such as `Retry-After`. */
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An answer that is not a success, by its code in the catalogue. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly status: number;
  readonly kind: ProblemKind;
  readonly detail: string;
  readonly errors: readonly ProblemError[] | undefined;
  readonly furtherRemedy: string | undefined;
  readonly members: Readonly<Record<string, unknown>>;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    readonly code: ProblemCode,
    { detail, errors, furtherRemedy, members = {}, headers = {}, cause }: ProblemOptions = {},
  ) {
    const definition = problemCatalogue[code];
    super(`${code}: ${detail ?? definition.cause}`, { cause });
    this.status = definition.status;
    this.kind = definition.kind;
    this.detail = detail ?? definition.cause;
    this.errors = errors ?? (definition.header && [{ field: definition.header, code, message: this.detail }]);
    this.furtherRemedy = furtherRemedy;
    this.members = members;
    this.headers = headers;
  }
}

/** The body of RFC 9457, extended by what an integrator quotes and does next. */
export interface ProblemJson extends Record<string, unknown> {
  /** Relative to the API; answers with the catalogue's entry. */
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  remedy: string;
  /** Path of the request, without its query; empty where there is nothing, for what was sent might be a secret. */
  instance: string;
  requestId: string;
  errors?: readonly ProblemError[];
}

/** Writes a problem as `application/problem+json`; the standard members win over members of the same name. */
export function toProblemJson(problem: Problem, instance: string, requestId: string): ProblemJson {
  const { title, remedy } = problemCatalogue[problem.code];
  const standard = {
    type: problemType(problem.code),
    title,
    status: problem.status,
    code: problem.code,
    detail: problem.detail,
    remedy: problem.furtherRemedy === undefined ? remedy : `${remedy} ${problem.furtherRemedy}`,
    instance,
    requestId,
    ...(problem.errors && { errors: problem.errors }),
  };
  return { ...standard, ...problem.members, ...standard };
}

/** Where a field stands that the rules name by its path, such as `lines[0].product`. */
export function placeOfField(path: string): { field: string; pointer: string } {
  const segments = path.split(/[.[\]]+/).filter((segment) => segment !== '');
  return { field: segments.findLast((segment) => !/^\d+$/.test(segment)) ?? path, pointer: `/${segments.join('/')}` };
}

export function problemType(code: ProblemCode): string {
  return `/problems/${code}`;
}
