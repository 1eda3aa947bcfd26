import { type ArgumentMetadata, Injectable, StandardSchemaValidationPipe } from '@nestjs/common';
import { Problem, type ProblemError } from '#libs/problems/index.js';

/** A Standard Schema issue with the members that zod adds. */
interface Issue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
  readonly code?: string;
  readonly format?: string;
  readonly keys?: readonly string[];
  readonly params?: { readonly code?: string };
  /** The issues for each member of a union. */
  readonly errors?: readonly (readonly Issue[])[];
}

/** Carries the issues from the exception factory to `transform`, which knows whether they concern the body. */
class ShapeIssues extends Error {
  constructor(readonly issues: readonly Issue[]) {
    super('The value does not match its schema.');
  }
}

/** Validates bodies, queries and path parameters, and reports all errors at once as `invalid_request`. */
@Injectable()
export class RequestValidationPipe extends StandardSchemaValidationPipe {
  constructor() {
    super({ exceptionFactory: (issues) => new ShapeIssues(issues) });
  }

  override async transform<T>(value: T, metadata: ArgumentMetadata): Promise<T> {
    try {
      return await super.transform(value, metadata);
    } catch (error) {
      if (!(error instanceof ShapeIssues)) throw error;
      throw invalidRequest(error.issues, metadata);
    }
  }
}

/** Maximum number of errors in one response. */
export const listedErrors = 100;

/** Converts the schema issues of a body to errors. */
export const shapeErrors = (issues: readonly Issue[]): ProblemError[] =>
  issues.flatMap((issue) => toErrors(issue, { type: 'body' })).slice(0, listedErrors);

function invalidRequest(issues: readonly Issue[], metadata: ArgumentMetadata): Problem {
  const errors = issues.flatMap((issue) => toErrors(issue, metadata));
  const first = errors[0];
  const place = first?.pointer ?? first?.field;
  const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : '';
  return new Problem('invalid_request', {
    detail: `${place || 'The body'}: ${first?.message}.${more}`,
    errors: errors.slice(0, listedErrors),
  });
}

function toErrors(issue: Issue, metadata: ArgumentMetadata): ProblemError[] {
  const path = (issue.path ?? []).map((segment) => String(typeof segment === 'object' ? segment.key : segment));
  if (issue.code === 'invalid_union' && issue.errors && issue.errors.length > 0) {
    return nearest(issue.errors).flatMap((member) =>
      toErrors({ ...member, path: [...(issue.path ?? []), ...(member.path ?? [])] }, metadata),
    );
  }
  // One error per unknown key, located at the key rather than at its parent.
  if (issue.code === 'unrecognized_keys' && issue.keys) {
    return issue.keys.map((key) => ({ ...placeOf([...path, key], metadata), code: 'unknown_field', message: 'Unknown field' }));
  }
  return [{ ...placeOf(path, metadata), ...codeAndMessage(issue) }];
}

/** Returns the issues of the union member that was most likely meant: the one with the fewest missing and unknown fields. */
function nearest(shapes: readonly (readonly Issue[])[]): readonly Issue[] {
  const distance = (issues: readonly Issue[]) =>
    issues.filter((issue) => issue.code === 'unrecognized_keys' || isMissing(issue)).length * 1_000 + issues.length;
  return shapes.toSorted((a, b) => distance(a) - distance(b))[0]!;
}

const isMissing = ({ code, message }: Issue): boolean => code === 'invalid_type' && message.endsWith('received undefined');

function placeOf(path: string[], { type, data }: ArgumentMetadata): Pick<ProblemError, 'field' | 'pointer'> {
  // An error in one value of a repeated parameter concerns the parameter.
  if (type !== 'body') return { field: data ?? path[0] ?? '' };
  const pointer = [...(data ? [data] : []), ...path].map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
  const field = path.findLast((segment) => !/^\d+$/.test(segment));
  return { ...(field && { field }), pointer };
}

/** Forms that zod names in its own words. */
const forms: Record<string, string> = {
  datetime: 'Must be an instant such as 2026-12-01T09:00:00Z',
  date: 'Must be a date such as 2026-12-01',
  uuid: 'Must be a UUID such as 7d1b5a0c-9f3e-4c57-8f0a-2b6f1c0e9a31',
  url: 'Must be a URL such as https://www.example.com/page',
};

function codeAndMessage(issue: Issue): Pick<ProblemError, 'code' | 'message'> {
  if (isMissing(issue)) return { code: 'required', message: 'This field is required' };
  if (issue.code === 'invalid_type' && issue.message.endsWith('received NaN')) return { code: 'invalid_type', message: 'Must be a number' };
  const form = issue.message.startsWith('Invalid ') ? forms[issue.format ?? ''] : undefined;
  return { code: issue.params?.code ?? issue.code ?? 'invalid_value', message: form ?? issue.message };
}
