import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import type { EvidenceType } from '#libs/programmes/policy.js';
import { adviceOnArchive, adviceOnCompoundFile, adviceOnDetected, adviceOnText } from './advice.js';
import { hasMarkup, isDelimitedText } from './delimited-text.js';
import { evidenceFileName, hasExtension } from './file-name.js';
import { readOfficeType } from './office.js';
import { pdfStart } from './pdf.js';
import { findPdfLock } from './pdf-lock.js';
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

/** What nobody but the sender can open is no evidence. */
const locks = {
  password: 'The PDF needs a password to be opened. Open it, print it to PDF without one, and upload that.',
  rights:
    'The PDF is protected by rights management or a certificate, so a reviewer cannot open it. Print it to PDF without that protection, and upload that.',
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
  if (foreign !== null) return wrongType(`The file begins like a ${found} file, but ${foreign}`, policyTypes);
  const lock = found === 'pdf' ? findPdfLock(bytes) : null;
  if (lock !== null) return wrongType(locks[lock], policyTypes);
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
  if (bytes.toString('latin1', 0, 4) === 'PK\x03\x04') return readOfficeType(bytes) ?? { complaint: adviceOnArchive(bytes) };
  const detected = await fileTypeFromBuffer(bytes);
  if (detected === undefined) return recogniseWithoutSignature(bytes, declaredName);
  switch (detected.ext) {
    case 'pdf':
    case 'png':
      return detected.ext;
    case 'jpg':
      return 'jpeg';
    case 'cfb':
      return { complaint: adviceOnCompoundFile(bytes) };
    default:
      return { complaint: adviceOnDetected(detected) };
  }
}

function recogniseWithoutSignature(bytes: Buffer, declaredName: string): EvidenceType | { complaint: string } {
  const isNamedCsv = hasExtension(declaredName.trim(), 'csv');
  if (isNamedCsv && isDelimitedText(bytes)) return 'csv';
  const start = pdfStart(bytes);
  // Blanks, or what a mail, web server or printer left before the header; never markup or a script, which other programs would run.
  if (start !== -1 && !hasMarkup(bytes.toString('latin1', 0, start))) return 'pdf';
  if (!isNamedCsv) return { complaint: adviceOnText(bytes, declaredName) };
  return {
    complaint:
      'The file is named .csv, but is not a table: it needs UTF-8 text (in Excel: Save as, CSV UTF-8) and at least two rows with the same number of columns.',
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
