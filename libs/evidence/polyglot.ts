import type { EvidenceType } from '#libs/programmes/policy.js';
import { hasPdfEnd, pdfStart } from './pdf.js';

const zipEndWithinBytes = 22 + 0xffff;
const otherArchives = [Buffer.from('Rar!\x1a\x07', 'latin1'), Buffer.from('7z\xbc\xaf\x27\x1c', 'latin1')];

const cutOff = 'it is cut off, or something follows its end.';

/**
 * What is wrong with a file that carries the signature of its type, and what to do, or null: it is cut off, or is at the same time a file of
 * another type.
 */
export function findForeignPart(bytes: Buffer, type: EvidenceType): string | null {
  if (type !== 'pdf' && pdfStart(bytes) !== -1) return 'it is a PDF document as well. Open it, and save or export it anew.';
  // An Office document is a ZIP archive; nothing before or after it has been established when it was recognised.
  if (type === 'docx' || type === 'xlsx' || type === 'pptx') return null;
  const archive = findArchive(bytes);
  if (type === 'pdf') {
    if (archive !== null)
      return `it contains ${archive}. Remove the attachments, or print it to PDF again; upload each attachment as a file of its own.`;
    return hasPdfEnd(bytes) ? null : `${cutOff} Open it and print it to PDF again; if it does not open, get it once more.`;
  }
  if (archive !== null) return `it contains ${archive}. Open it, and save or export it anew.`;
  if (type === 'png' && pngEnd(bytes) !== bytes.length) return `${cutOff} Open it and save it anew.`;
  if (type === 'jpeg' && !bytes.includes(Buffer.from([0xff, 0xd9]))) return 'it is cut off. Get it once more.';
  return null;
}

function findArchive(bytes: Buffer): string | null {
  if (hasZipDirectory(bytes)) return 'a ZIP archive';
  return otherArchives.some((signature) => bytes.includes(signature)) ? 'an archive' : null;
}

/** ZIP tools search from the end and forgive what stands before, so an archive can hide behind any other file. */
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

/** The offset behind the last chunk, or -1. */
function pngEnd(bytes: Buffer): number {
  let at = 8;
  while (at + 12 <= bytes.length) {
    const kind = bytes.toString('latin1', at + 4, at + 8);
    at += 12 + bytes.readUInt32BE(at);
    if (kind === 'IEND') return at;
  }
  return -1;
}
