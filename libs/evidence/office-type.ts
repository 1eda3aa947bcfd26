import { inflateRawSync } from 'node:zlib';
import type { EvidenceType } from '#libs/programmes/policy.js';

type OfficeType = Extract<EvidenceType, 'docx' | 'xlsx' | 'pptx'>;

interface Entry {
  name: string;
  method: number;
  compressedSize: number;
  localOffset: number;
}

const endOfDirectory = { signature: 0x06054b50, length: 22 };
const centralEntry = { signature: 0x02014b50, length: 46 };
const localHeader = { signature: 0x04034b50, length: 30 };
const maximumEntries = 20_000;
const maximumContentTypesBytes = 1024 * 1024;

const mainParts: Record<string, OfficeType> = {
  'wordprocessingml.document': 'docx',
  'spreadsheetml.sheet': 'xlsx',
  'presentationml.presentation': 'pptx',
};
export const macroPart = /vbaProject|vbaData|macrosheets\/|activeX\//i;

/** Returns the Office type of a ZIP file; null for other archives, documents with macros, and archives with extra data anywhere. */
export function readOfficeType(bytes: Buffer): OfficeType | null {
  const entries = readEntries(bytes);
  if (entries === null || entries.some((entry) => macroPart.test(entry.name))) return null;
  const contentTypes = entries.find((entry) => entry.name === '[Content_Types].xml');
  const xml = contentTypes === undefined ? null : readEntry(bytes, contentTypes);
  if (xml === null || /macroEnabled|vbaProject/i.test(xml)) return null;
  const declared = [...xml.matchAll(/ContentType\s*=\s*["']application\/vnd\.openxmlformats-officedocument\.([a-z.]+)\.main\+xml["']/g)];
  const types = new Set(declared.map(([, part = '']) => mainParts[part] ?? null));
  const [type = null] = types;
  return types.size === 1 ? type : null;
}

/** Reads the central directory, which must be the only one, be unencrypted and agree with the local header of each entry. */
function readEntries(bytes: Buffer): Entry[] | null {
  const end = bytes.length - endOfDirectory.length;
  if (end < 0 || bytes.readUInt32LE(end) !== endOfDirectory.signature) return null;
  const count = bytes.readUInt16LE(end + 10);
  const start = bytes.readUInt32LE(end + 16);
  if (count === 0 || count > maximumEntries || start + bytes.readUInt32LE(end + 12) !== end) return null;
  const entries: Entry[] = [];
  let offset = start;
  for (let index = 0; index < count; index += 1) {
    if (offset + centralEntry.length > end || bytes.readUInt32LE(offset) !== centralEntry.signature) return null;
    const entry = readCentralEntry(bytes, offset);
    if (entry === null || !agreesWithLocalHeader(bytes, entry, start)) return null;
    entries.push(entry);
    offset += centralEntry.length + bytes.readUInt16LE(offset + 28) + bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32);
  }
  const names = new Set(entries.map((entry) => entry.name.toLowerCase()));
  const startsAtFirstByte = entries.some((entry) => entry.localOffset === 0);
  return offset === end && names.size === entries.length && startsAtFirstByte ? entries : null;
}

function readCentralEntry(bytes: Buffer, offset: number): Entry | null {
  const isEncrypted = (bytes.readUInt16LE(offset + 8) & 1) === 1;
  const method = bytes.readUInt16LE(offset + 10);
  if (isEncrypted || (method !== 0 && method !== 8)) return null;
  const nameStart = offset + centralEntry.length;
  return {
    name: bytes.toString('utf8', nameStart, nameStart + bytes.readUInt16LE(offset + 28)),
    method,
    compressedSize: bytes.readUInt32LE(offset + 20),
    localOffset: bytes.readUInt32LE(offset + 42),
  };
}

function agreesWithLocalHeader(bytes: Buffer, entry: Entry, directoryStart: number): boolean {
  const { localOffset } = entry;
  if (localOffset + localHeader.length > directoryStart || bytes.readUInt32LE(localOffset) !== localHeader.signature) return false;
  const nameStart = localOffset + localHeader.length;
  const name = bytes.toString('utf8', nameStart, nameStart + bytes.readUInt16LE(localOffset + 26));
  return name === entry.name && dataStart(bytes, entry) + entry.compressedSize <= directoryStart;
}

function dataStart(bytes: Buffer, { localOffset }: Entry): number {
  return localOffset + localHeader.length + bytes.readUInt16LE(localOffset + 26) + bytes.readUInt16LE(localOffset + 28);
}

function readEntry(bytes: Buffer, entry: Entry): string | null {
  const start = dataStart(bytes, entry);
  const data = bytes.subarray(start, start + entry.compressedSize);
  try {
    return (entry.method === 0 ? data : inflateRawSync(data, { maxOutputLength: maximumContentTypesBytes })).toString('utf8');
  } catch {
    return null;
  }
}

/** Names are read no further than this: entries of a hostile archive may overlap, each with a name of 64 KiB. */
const maximumNameBytes = 256;

/** Returns the beginnings of the entry names of an archive, as far as they can be read. Use it for advice only. */
export function entryNames(bytes: Buffer): string[] {
  const names: string[] = [];
  const signature = Buffer.alloc(4);
  signature.writeUInt32LE(centralEntry.signature);
  for (let at = bytes.indexOf(signature); at !== -1 && names.length < maximumEntries; at = bytes.indexOf(signature, at + 4)) {
    if (at + centralEntry.length > bytes.length) break;
    const start = at + centralEntry.length;
    names.push(bytes.toString('utf8', start, start + Math.min(bytes.readUInt16LE(at + 28), maximumNameBytes)));
  }
  return names;
}
