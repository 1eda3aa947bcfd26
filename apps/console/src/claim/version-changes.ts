import type { SubmittedClaim } from '../client/index.js';

type Stated = SubmittedClaim['stated'];
type Difference = NonNullable<SubmittedClaim['differences']>[number];

/** One value that differs between two submissions. */
export interface VersionChange {
  /** What differs, with the line's number or the file's name where there may be several. */
  field: 'line' | 'evidence' | 'contact' | 'field';
  /** The line, the file's name, the contact, or the field's own name. */
  of: string;
  /** The part that differs, such as `email`. */
  part: string;
  from: unknown;
  to: unknown;
}

const hidden = new Set(['line', 'evidenceId', 'sha256', 'mediaType', 'sizeBytes', 'scan', 'uploadedAt', 'erasedAt', 'supersedes', 'cover']);

/** Turns the API's differences into what people compare: values that both lack, and those nobody reads, are left out. */
export function versionChanges(differences: Difference[], before: Stated, after: Stated): VersionChange[] {
  const fileName = (id: string) => [...after.evidence, ...before.evidence].find(({ evidenceId }) => evidenceId === id)?.fileName ?? id;
  return differences.flatMap(({ path, from, to }): VersionChange[] => {
    if (isEmpty(from) && isEmpty(to)) return [];
    const [first = '', second = '', third = ''] = path.slice(1).split('/');
    if (first === 'lines') return hidden.has(third) ? [] : [{ field: 'line', of: second, part: third, from, to }];
    if (first === 'evidence') return hidden.has(third) ? [] : [{ field: 'evidence', of: fileName(second), part: third, from, to }];
    if (first === 'contacts') return [{ field: 'contact', of: second, part: third, from, to }];
    return [{ field: 'field', of: first, part: second, from, to }];
  });
}

const isEmpty = (value: unknown): boolean => value === null || value === undefined || (Array.isArray(value) && value.length === 0);
