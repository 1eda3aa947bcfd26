import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import type { EvidenceType } from '#libs/programmes/policy.js';
import { isDelimitedText } from './delimited-text.js';
import { evidenceFileName, hasExtension } from './file-name.js';
import { readOfficeType } from './office.js';
import { findForeignPart } from './polyglot.js';
import type { EvidenceScanner, StoredScanResult } from './scanner.js';

export interface InspectedEvidence {
  ok: true;
  type: EvidenceType;
  mediaType: string;
  /** Lower-case hex. */
  sha256: string;
  /** Size. */
  bytes: number;
  /** Safe to store and to offer; ends in an extension of the type. */
  fileName: string;
}

export interface EvidenceRefusal {
  ok: false;
  code: 'evidence_type' | 'evidence_too_large' | 'evidence_infected';
  /** What is wrong and what to do, for the person who uploads. */
  message: string;
}

const mediaTypes: Record<EvidenceType, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  png: 'image/png',
  jpeg: 'image/jpeg',
  csv: 'text/csv; charset=utf-8',
};

/** Decides by the content what the file is and whether the policy admits it (R19); the name decides for text alone, which has no signature. */
export async function inspectEvidence(
  content: Uint8Array,
  declaredName: string,
  policyTypes: readonly EvidenceType[],
  maximumBytes: number,
): Promise<InspectedEvidence | EvidenceRefusal> {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  if (bytes.length > maximumBytes) return tooLarge(bytes.length, maximumBytes);
  if (bytes.length === 0) return wrongType('The file is empty.', policyTypes);
  const found = await recognise(bytes, declaredName);
  if (typeof found !== 'string') return wrongType(found.complaint, policyTypes);
  if (!policyTypes.includes(found)) return wrongType(`The file is a ${found} file, which this programme does not accept.`, policyTypes);
  const foreign = findForeignPart(bytes, found);
  if (foreign !== null) return wrongType(`The file begins like a ${found} file, but ${foreign}.`, policyTypes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    ok: true,
    type: found,
    mediaType: mediaTypes[found],
    sha256,
    bytes: bytes.length,
    fileName: evidenceFileName(declaredName, found),
  };
}

/** Inspects, then has the content scanned: what may be stored, or why not. */
export async function screenEvidence(
  content: Uint8Array,
  declaredName: string,
  rules: { types: readonly EvidenceType[]; maximumBytes: number },
  scanner: EvidenceScanner,
): Promise<(InspectedEvidence & { scanResult: StoredScanResult }) | EvidenceRefusal> {
  const inspected = await inspectEvidence(content, declaredName, rules.types, rules.maximumBytes);
  if (!inspected.ok) return inspected;
  const scanResult = await scanner.scan(content);
  if (scanResult === 'infected') {
    return {
      ok: false,
      code: 'evidence_infected',
      message: 'The malware scan found something in the file. It was not kept; send a clean copy.',
    };
  }
  return { ...inspected, scanResult };
}

async function recognise(bytes: Buffer, declaredName: string): Promise<EvidenceType | { complaint: string }> {
  if (bytes.toString('latin1', 0, 4) === 'PK\x03\x04') {
    return readOfficeType(bytes) ?? { complaint: 'The file is an archive, or an Office document with macros, encryption or damage.' };
  }
  const detected = await fileTypeFromBuffer(bytes);
  switch (detected?.ext) {
    case 'pdf':
    case 'png':
      return detected.ext;
    case 'jpg':
      return 'jpeg';
    case 'cfb':
      return { complaint: 'The file is an older or password-protected Office document. Save it in the current format without a password.' };
    case undefined:
      return recogniseText(bytes, declaredName);
    default:
      return { complaint: `The content of the file is ${detected?.mime}.` };
  }
}

function recogniseText(bytes: Buffer, declaredName: string): EvidenceType | { complaint: string } {
  if (!hasExtension(declaredName.trim(), 'csv')) return { complaint: 'The content of the file was not recognised.' };
  if (isDelimitedText(bytes)) return 'csv';
  return {
    complaint: 'The file is named .csv, but is not a table: it needs UTF-8 text and at least two rows with the same number of columns.',
  };
}

function tooLarge(bytes: number, maximumBytes: number): EvidenceRefusal {
  const size = `The file has ${inMebibytes(bytes)} MiB; at most ${inMebibytes(maximumBytes)} MiB are accepted.`;
  return { ok: false, code: 'evidence_too_large', message: `${size} Scan with a lower resolution, or split it.` };
}

const inMebibytes = (bytes: number): string => (Math.ceil((bytes / 1024 / 1024) * 100) / 100).toString();

function wrongType(complaint: string, policyTypes: readonly EvidenceType[]): EvidenceRefusal {
  return { ok: false, code: 'evidence_type', message: `${complaint} Accepted are ${policyTypes.join(', ')}.` };
}
