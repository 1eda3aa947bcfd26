import type { EvidenceType } from '#libs/programmes/policy.js';
import { hasPdfEnd, pdfStart } from './pdf-structure.js';

const zipEndWithinBytes = 22 + 0xffff;
const otherArchives = [Buffer.from('Rar!\x1a\x07', 'latin1'), Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')];

const badEnd = 'it is truncated or has extra data after its end.';

/**
 * Checks a file that has the signature of `type`: is it truncated, or a polyglot, that is, a valid file of another type as well? Returns the
 * fault and what to do about it, in words that continue "but …", or null.
 */
export function findPolyglotFault(bytes: Buffer, type: EvidenceType): string | null {
  if (type !== 'pdf' && pdfStart(bytes) !== -1) return 'it is also a PDF document. Open it, and save or export it again.';
  // An Office document is a ZIP archive; readOfficeType has already ruled out data before and after it.
  if (type === 'docx' || type === 'xlsx' || type === 'pptx') return null;
  const archive = findArchive(bytes);
  if (type === 'pdf') {
    if (archive !== null)
      return `it contains ${archive}. Remove the attachments, or print it to PDF again, and upload each attachment as a separate file.`;
    return hasPdfEnd(bytes) ? null : `${badEnd} Open it and print it to PDF again; if it does not open, ask for a new copy.`;
  }
  if (archive !== null) return `it contains ${archive}. Open it, and save or export it again.`;
  if (type === 'png' && pngEnd(bytes) !== bytes.length) return `${badEnd} Open it and save it again.`;
  if (type === 'jpeg' && !bytes.includes(Buffer.from([0xff, 0xd9]))) return 'it is truncated. Ask for a new copy.';
  return null;
}

function findArchive(bytes: Buffer): string | null {
  if (hasZipDirectory(bytes)) return 'a ZIP archive';
  return otherArchives.some((signature) => bytes.includes(signature)) ? 'an archive' : null;
}

/** ZIP tools search from the end and ignore what precedes the archive, so any file can have an archive appended. */
function hasZipDirectory(bytes: Buffer): boolean {
  const tail = Math.max(0, bytes.length - zipEndWithinBytes);
  for (
    let at = bytes.indexOf('PK\x05\x06', tail, 'latin1');
    at !== -1 && at + 22 <= bytes.length;
    at = bytes.indexOf('PK\x05\x06', at + 1, 'latin1')
  ) {
    const directory = at - bytes.readUInt32LE(at + 12);
    if (directory >= 0 && bytes.toString('latin1', directory, directory + 4) === 'PK\x01\x02') return true;
  }
  return false;
}

/** Returns the offset after the last chunk, or -1. */
function pngEnd(bytes: Buffer): number {
  let at = 8;
  while (at + 12 <= bytes.length) {
    const kind = bytes.toString('latin1', at + 4, at + 8);
    at += 12 + bytes.readUInt32BE(at);
    if (kind === 'IEND') return at;
  }
  return -1;
}
