import { createHash } from 'node:crypto';
import { fileTypeFromBuffer } from 'file-type';
import type { EvidenceType } from '#libs/programmes/policy.js';
import { adviceOnArchive, adviceOnCompoundFile, adviceOnDetected, adviceOnText } from './rejected-file-advice.js';
import { hasMarkup, isDelimitedText } from './delimited-text.js';
import { evidenceFileName, hasExtension } from './file-name.js';
import { readOfficeType } from './office-type.js';
import { pdfStart } from './pdf-structure.js';
import { findPdfProtection } from './pdf-protection.js';
import { findPolyglotFault } from './polyglot.js';
import type { EvidenceScanner, ScanResult } from './evidence-scanner.js';

export interface InspectedEvidence {
  ok: true;
  type: EvidenceType;
  mediaType: string;
  /** Lower-case hex. */
  sha256: string;
  /** Size in bytes. */
  bytes: number;
  /** Sanitised, with an extension that matches the type. */
  fileName: string;
}

export interface EvidenceRefusal {
  ok: false;
  code: 'evidence_type' | 'evidence_too_large' | 'evidence_infected';
  /** Tells the uploader what is wrong and what to do. */
  message: string;
}

/** Media types of stored files, by type. */
export const evidenceMediaTypes: Record<EvidenceType, string> = {
  pdf: 'application/pdf',
  docx: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pptx: 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  png: 'image/png',
  jpeg: 'image/jpeg',
  csv: 'text/csv; charset=utf-8',
};

/** A reviewer must be able to open the file. */
const protectionMessages = {
  password: 'The PDF needs a password to open. Open it, print it to PDF without one, and upload the new file.',
  rights:
    'The PDF is protected by rights management or a certificate, so a reviewer cannot open it. Print it to PDF without that protection and upload the new file.',
};

/** Detects the type of a file by its content and checks it against the policy (R19). CSV, which has no signature, also needs its name. */
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
  if (typeof found !== 'string') return wrongType(found.advice, policyTypes);
  if (!policyTypes.includes(found)) return wrongType(`The file is a ${found} file, which this programme does not accept.`, policyTypes);
  const fault = findPolyglotFault(bytes, found);
  if (fault !== null) return wrongType(`The file looks like a ${found} file, but ${fault}`, policyTypes);
  const protection = found === 'pdf' ? findPdfProtection(bytes) : null;
  if (protection !== null) return wrongType(protectionMessages[protection], policyTypes);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return {
    ok: true,
    type: found,
    mediaType: evidenceMediaTypes[found],
    sha256,
    bytes: bytes.length,
    fileName: evidenceFileName(declaredName, found),
  };
}

/** Inspects a file and scans it for malware. Returns what may be stored, `waiting` if the scanner did not answer, or why the file is refused. */
export async function screenEvidence(
  content: Uint8Array,
  declaredName: string,
  rules: { types: readonly EvidenceType[]; maximumBytes: number },
  scanner: EvidenceScanner,
): Promise<(InspectedEvidence & { scanResult: Exclude<ScanResult, 'infected'> }) | EvidenceRefusal> {
  const inspected = await inspectEvidence(content, declaredName, rules.types, rules.maximumBytes);
  if (!inspected.ok) return inspected;
  const { result: scanResult } = await scanner.scan(content);
  if (scanResult === 'infected') {
    return {
      ok: false,
      code: 'evidence_infected',
      message: 'The malware scanner rejected the file, and it was not stored. Upload a clean copy.',
    };
  }
  return { ...inspected, scanResult };
}

async function recognise(bytes: Buffer, declaredName: string): Promise<EvidenceType | { advice: string }> {
  if (bytes.toString('latin1', 0, 4) === 'PK\x03\x04') return readOfficeType(bytes) ?? { advice: adviceOnArchive(bytes) };
  const detected = await fileTypeFromBuffer(bytes);
  if (detected === undefined) return recogniseWithoutSignature(bytes, declaredName);
  switch (detected.ext) {
    case 'pdf':
    case 'png':
      return detected.ext;
    case 'jpg':
      return 'jpeg';
    case 'cfb':
      return { advice: adviceOnCompoundFile(bytes) };
    default:
      return { advice: adviceOnDetected(detected) };
  }
}

function recogniseWithoutSignature(bytes: Buffer, declaredName: string): EvidenceType | { advice: string } {
  const isNamedCsv = hasExtension(declaredName.trim(), 'csv');
  if (isNamedCsv && isDelimitedText(bytes)) return 'csv';
  const start = pdfStart(bytes);
  // Whitespace, HTTP headers or printer commands may precede the PDF header, but not markup or a script, which other programs would run.
  if (start !== -1 && !hasMarkup(bytes.toString('latin1', 0, start))) return 'pdf';
  if (!isNamedCsv) return { advice: adviceOnText(bytes, declaredName) };
  return {
    advice:
      'The file is named .csv but is not a table: it needs UTF-8 text (in Excel: Save as > CSV UTF-8) and at least two rows with the same number of columns.',
  };
}

function tooLarge(bytes: number, maximumBytes: number): EvidenceRefusal {
  const size = `The file is ${inMebibytes(bytes)} MiB; the limit is ${inMebibytes(maximumBytes)} MiB.`;
  return { ok: false, code: 'evidence_too_large', message: `${size} Scan the document at a lower resolution, or split it.` };
}

const inMebibytes = (bytes: number): string => (Math.ceil((bytes / 1024 / 1024) * 100) / 100).toString();

function wrongType(advice: string, policyTypes: readonly EvidenceType[]): EvidenceRefusal {
  return { ok: false, code: 'evidence_type', message: `${advice} Accepted types: ${policyTypes.join(', ')}.` };
}
