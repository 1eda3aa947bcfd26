import { type ProblemCode, problemCatalogue } from './catalogue.js';
import type { ProblemKind } from './definition.js';

/** One entry of `errors`. */
export interface ProblemError {
  /** Name of the field, or of the query, path or header parameter. */
  field?: string;
  /** JSON Pointer (RFC 6901) into the request body, or into the claim if a rule found the error. Absent for a parameter. */
  pointer?: string;
  code: string;
  message: string;
  /** Line number of the claim, or row number of the import. */
  line?: number;
}

export interface ProblemOptions {
  /** A sentence about this occurrence, safe to show to the caller. Defaults to the cause in the catalogue. */
  detail?: string;
  errors?: ProblemError[];
  /** Appended to the remedy of the catalogue. */
  furtherRemedy?: string;
  /** Extension members of the body, such as `phase` and `allowedActions`. */
  members?: Record<string, unknown>;
  /** Response headers, such as `Retry-After`. */
  headers?: Record<string, string>;
  cause?: unknown;
}

/** An error answer. Its code decides status, title and remedy; see `problemCatalogue` for where its texts are written. */
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

/** Problem details (RFC 9457) with a remedy and a request ID. */
export interface ProblemJson extends Record<string, unknown> {
  /** Path of GET /problems/{code}, which returns the catalogue entry. */
  type: string;
  title: string;
  status: number;
  code: ProblemCode;
  detail: string;
  remedy: string;
  /** Path of the request without its query. Empty for an unknown path, which might contain a secret. */
  instance: string;
  requestId: string;
  errors?: readonly ProblemError[];
}

/** Returns the `application/problem+json` body. Extension members never replace standard ones. */
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

/** Splits a path such as `lines[0].product` into the field's name and a JSON Pointer. */
export function placeOfField(path: string): { field: string; pointer: string } {
  const segments = path.split(/[.[\]]+/).filter((segment) => segment !== '');
  return { field: segments.findLast((segment) => !/^\d+$/.test(segment)) ?? path, pointer: `/${segments.join('/')}` };
}

export function problemType(code: ProblemCode): string {
  return `/problems/${code}`;
}
