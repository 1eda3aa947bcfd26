import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** What an installation seals its receipts with. */
export interface Seal extends SealCertificates {
  key: KeyObject;
  isSandbox: boolean;
}

/** By what an installation's receipts are recognised. */
export interface SealCertificates {
  /** The certificate, and those that vouch for it. */
  chain: X509Certificate[];
  /** SHA-256 of the certificate: hex in lower case. */
  fingerprint: string;
  /** Fingerprints of every certificate of this installation, today's and earlier ones. */
  fingerprints: string[];
}

/** A file of which no seal can be made. Its message is one sentence, with what to do. */
export class SealError extends Error {
  override readonly name = 'SealError';
}

/**
 * Reads a key and its certificates from a PEM file.
 * @throws SealError if they are missing or do not belong together, or the certificate is not valid at `now`.
 */
export function readSeal(file: string, now: Date): Seal {
  const pem = readPem(file);
  const certificates = certificatesOf(file, pem);
  const key = keyOf(file, pem);
  const certificate = certificates.chain[0]!;
  if (key.asymmetricKeyType !== 'rsa' || key.asymmetricKeyDetails!.modulusLength! < 2_048)
    throw new SealError(`The key in ${file} is not an RSA key of 2048 bits or more. Make one as how-to/seal-receipts.md says.`);
  if (!certificate.checkPrivateKey(key))
    throw new SealError(
      `The key in ${file} does not belong to the first certificate there. Put the certificate that was made for it first.`,
    );
  const { from, to } = validityOf(certificate);
  if (now < from) throw new SealError(`The certificate in ${file} is not valid before ${from.toISOString()}. Use one that is.`);
  if (now > to)
    throw new SealError(
      `The certificate in ${file} expired on ${to.toISOString()}. Put a new key and certificate before it, and keep it for earlier receipts.`,
    );
  return { ...certificates, key, isSandbox: false };
}

/**
 * Reads the certificates of an installation from a PEM file, which needs no key.
 * @throws SealError if there are none.
 */
export function readSealCertificates(file: string): SealCertificates {
  return certificatesOf(file, readPem(file));
}

/** What the certificate calls its owner. */
export function sealedAs({ chain }: SealCertificates): string {
  const [certificate] = chain as [X509Certificate];
  const name = /^CN=(.+)$/m.exec(certificate.subject)?.[1];
  // Node escapes commas and the like.
  return name?.replace(/\\(.)/g, '$1') ?? subjectOf(certificate);
}

/** Returns the subject in one line, such as `CN=cpor, O=Example`. */
export const subjectOf = (certificate: X509Certificate): string => certificate.subject.split('\n').join(', ');

/** Node gives both as text such as `Dec  1 09:30:00 2026 GMT`. */
export const validityOf = ({ validFrom, validTo }: X509Certificate) => ({ from: new Date(validFrom), to: new Date(validTo) });

/** SHA-256 of the certificate: hex in lower case. */
export const fingerprintOf = (certificate: X509Certificate): string => certificate.fingerprint256.replaceAll(':', '').toLowerCase();

function readPem(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new SealError(`The seal cannot be read from ${file}: ${(error as NodeJS.ErrnoException).code}. Check CPOR_SEAL_FILE.`);
  }
}

function certificatesOf(file: string, pem: string): SealCertificates {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [];
  if (blocks.length === 0) throw new SealError(`There is no certificate (PEM) in ${file}. Put it after the key.`);
  let all: X509Certificate[];
  try {
    all = blocks.map((block) => new X509Certificate(block));
  } catch {
    throw new SealError(`A certificate in ${file} cannot be read. Copy it again as PEM.`);
  }
  const chain = chainOf(all);
  const own = all.filter((certificate) => certificate === chain[0] || !chain.includes(certificate)).map(fingerprintOf);
  return { chain, fingerprint: own[0]!, fingerprints: own };
}

/** The first certificate, then those that issued it. The others are earlier certificates of the installation. */
function chainOf(all: X509Certificate[]): X509Certificate[] {
  const chain = [all[0]!];
  for (;;) {
    const last = chain.at(-1)!;
    const issuer = all.find((one) => !chain.includes(one) && last.checkIssued(one) && last.verify(one.publicKey));
    if (issuer === undefined) return chain;
    chain.push(issuer);
  }
}

function keyOf(file: string, pem: string): KeyObject {
  const [block] = /-----BEGIN ([A-Z ]*PRIVATE KEY)-----[^-]+-----END \1-----/.exec(pem) ?? [];
  if (block === undefined) throw new SealError(`There is no private key (PEM) in ${file}. Put it before the certificate.`);
  try {
    return createPrivateKey(block);
  } catch {
    throw new SealError(`The private key in ${file} cannot be read. It must be PEM without a password.`);
  }
}
