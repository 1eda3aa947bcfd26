import type { ProgrammeDocument } from '../client/index.js';

/** What a programme accepts as evidence. */
export type EvidenceRules = Pick<ProgrammeDocument['evidence'], 'types' | 'maximumBytes'>;
type EvidenceType = EvidenceRules['types'][number];

/** Why a file would be refused; null if only the API can tell. Sizes are in bytes. */
export type FileFault =
  | { kind: 'empty' | 'wrongType' }
  | { kind: 'typeNotAccepted'; type: EvidenceType }
  | { kind: 'tooLarge'; bytes: number; maximumBytes: number };

const headBytes = 1024;
const officeTypes: EvidenceType[] = ['docx', 'xlsx', 'pptx'];

/**
 * Checks what can be told without sending the file: size, and type by its first bytes as the API does. A file whose type needs its whole content
 * (Office documents, tables) goes by its name here and by its content there.
 */
export async function checkFile(file: File, { types, maximumBytes }: EvidenceRules): Promise<FileFault | null> {
  if (file.size > maximumBytes) return { kind: 'tooLarge', bytes: file.size, maximumBytes };
  if (file.size === 0) return { kind: 'empty' };
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  const type = typeOf(head, file.name);
  if (type === null) return { kind: 'wrongType' };
  return types.includes(type) ? null : { kind: 'typeNotAccepted', type };
}

function typeOf(head: Uint8Array, name: string): EvidenceType | null {
  const text = String.fromCharCode(...head);
  const extension = name.trim().toLowerCase().split('.').at(-1);
  if (text.startsWith('\x89PNG')) return 'png';
  if (text.startsWith('\xff\xd8\xff')) return 'jpeg';
  if (text.startsWith('PK\x03\x04')) return officeTypes.find((type) => type === extension) ?? null;
  if (text.includes('%PDF-')) return 'pdf';
  return extension === 'csv' ? 'csv' : null;
}

/** Mebibytes, rounded up to two digits, as the API writes them. */
export const inMebibytes = (bytes: number): string => (Math.ceil((bytes / 1024 / 1024) * 100) / 100).toString();

/** For the file dialogue: extensions of the accepted types. */
export const extensionsOf = (types: EvidenceType[]): string[] =>
  types.flatMap((type) => (type === 'jpeg' ? ['.jpg', '.jpeg'] : [`.${type}`]));
