import { verifySignature } from './cms.js';
import { fingerprintOf, type SealCertificates, subjectOf, validityOf } from './seal.js';

/**
 * - `genuine`: sealed by this installation, and unchanged.
 * - `other_seal`: unchanged, but sealed by somebody else, or nobody said by whom it should be.
 * - `added_to`: what was sealed is intact, but something was added afterwards, which may change what a reader shows.
 * - `changed`: the bytes are not those that were sealed, or some are missing.
 * - `unsealed`: a PDF without a seal.
 * - `not_a_pdf`: something else.
 */
export type SealVerdict = 'genuine' | 'other_seal' | 'added_to' | 'changed' | 'unsealed' | 'not_a_pdf';

export interface SealCheck {
  verdict: SealVerdict;
  /** Whether the bytes under the seal are those that were sealed. */
  isIntact: boolean;
  /** How many bytes of the file are outside of the seal; null without a readable seal. */
  bytesOutside: number | null;
  /** Null when no intact seal names it. */
  certificate: SealCertificate | null;
}

export interface SealCertificate {
  subject: string;
  /** SHA-256: hex in lower case. */
  fingerprint: string;
  /** ISO instants. */
  validFrom: string;
  validTo: string;
  isOurs: boolean;
}

/**
 * Checks the seal of a file that anyone may have made. Whether a certificate was valid or trusted by others is not part of it: a receipt is ours when
 * its certificate is.
 * @param ours the installation's certificates, or null when they are not known
 */
export async function verifySealedPdf(pdf: Uint8Array, ours: Pick<SealCertificates, 'fingerprints'> | null): Promise<SealCheck> {
  const bytes = Buffer.from(pdf.buffer, pdf.byteOffset, pdf.byteLength);
  const check: SealCheck = { verdict: 'not_a_pdf', isIntact: false, bytesOutside: null, certificate: null };
  if (!bytes.subarray(0, 5).equals(Buffer.from('%PDF-'))) return check;
  const range = firstRange(bytes);
  if (range === null) return { ...check, verdict: 'unsealed' };
  const signature = signatureIn(bytes, range);
  if (signature === null) return { ...check, verdict: 'changed' };
  const { start, end, length } = range;
  const signed = Buffer.concat([bytes.subarray(0, start), bytes.subarray(end, end + length)]);
  const bytesOutside = bytes.length - end - length;
  const verified = await verifySignature(signed, signature);
  if (verified === null) return { ...check, verdict: 'changed', bytesOutside };
  const { certificate, isExact } = verified;
  const fingerprint = fingerprintOf(certificate);
  const { from, to } = validityOf(certificate);
  const isOurs = ours?.fingerprints.includes(fingerprint) ?? false;
  // Ours are written in one way. Another spelling of the same signature means that somebody wrote into the file.
  if (isOurs && !isExact) return { ...check, verdict: 'changed', bytesOutside };
  return {
    verdict: bytesOutside > 0 ? 'added_to' : isOurs ? 'genuine' : 'other_seal',
    isIntact: true,
    bytesOutside,
    certificate: {
      subject: subjectOf(certificate),
      fingerprint,
      validFrom: from.toISOString(),
      validTo: to.toISOString(),
      isOurs,
    },
  };
}

/** What a signature covers: everything up to `start`, and `length` bytes from `end`. Between them is the signature itself. */
interface Range {
  start: number;
  end: number;
  length: number;
}

/** In hex digits. Chains of certificates take a fraction of it. */
const longestSignature = 131_072;

/** The first one: a later one belongs to something that was added, unless it covers nothing that matters. */
function firstRange(bytes: Buffer): Range | null {
  const found = /\/ByteRange \[0 (\d{1,10}) (\d{1,10}) (\d{1,10})\]/.exec(bytes.toString('latin1'));
  if (found === null) return null;
  const [start, end, length] = found.slice(1).map(Number) as [number, number, number];
  return { start, end, length };
}

/** What stands between the two parts, if it is one string of hex digits in one case: other spellings of the same bytes would be unseen changes. */
function signatureIn(bytes: Buffer, { start, end, length }: Range): Uint8Array | null {
  if (end <= start || end - start > longestSignature || end + length > bytes.length) return null;
  const [, hex] = /^<((?:[0-9a-f]{2})+|(?:[0-9A-F]{2})+)>$/.exec(bytes.toString('latin1', start, end)) ?? [];
  return hex === undefined ? null : Buffer.from(hex, 'hex');
}
