/** Types of the items in an export of everything held about a person. */
export const exportedTypes = [
  ...['contact', 'notice', 'letter', 'opt_out', 'acceptance', 'choice', 'words', 'text', 'names', 'evidence', 'import_row'],
  ...['access', 'usage_access', 'directory_entry'],
] as const;

/** One thing that is held about a person. `type` names its kind, which determines the other members. */
export type ExportedItem = { type: string } & Record<string, unknown>;

/** Whose personal data is searched for: under an email address, and under the person's subjects at the identity provider. */
export interface WantedPerson {
  email: string;
  subjects: string[];
}
