import { createCipheriv, createHash } from 'node:crypto';
import { findTrailer, nameIn, resolveDictionary } from './pdf-structure.js';
import type { PdfDictionary, PdfValue } from './pdf-parser.js';

const padding = Buffer.from('28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a', 'hex');
const noPassword = Buffer.alloc(0);

/**
 * Returns what is needed to open a PDF, or null if anyone can open it. Many PDFs are encrypted only to restrict printing or editing: they open
 * with an empty user password, which readers try first (ISO 32000-2, 7.6).
 */
export function findPdfProtection(bytes: Buffer): 'password' | 'rights' | null {
  // A cover page around a document that rights management has encrypted (ISO 32000-2, 7.6.7).
  if (bytes.includes('/EncryptedPayload')) return 'rights';
  const trailer = findTrailer(bytes);
  const encryption = resolveDictionary(bytes, trailer?.get('Encrypt'));
  if (trailer === null || encryption === null) return null;
  if (nameIn(encryption, 'Filter') !== 'Standard') return 'rights';
  const id = trailer.get('ID');
  const firstId = Array.isArray(id) && Buffer.isBuffer(id[0]) ? id[0] : noPassword;
  return !encryptsContent(encryption) || opensWithoutPassword(encryption, firstId) ? null : 'password';
}

/** Encryption can be limited to the attachments. */
function encryptsContent(encryption: PdfDictionary): boolean {
  if (numberIn(encryption, 'V') < 4) return true;
  return [nameIn(encryption, 'StmF'), nameIn(encryption, 'StrF')].some((filter) => filter !== null && filter !== 'Identity');
}

function opensWithoutPassword(encryption: PdfDictionary, firstId: Buffer): boolean {
  const revision = numberIn(encryption, 'R');
  const user = bytesIn(encryption, 'U');
  const owner = bytesIn(encryption, 'O');
  if (revision >= 5) {
    const hash = revision === 5 ? plainHash : hardenedHash;
    const userKey = user.subarray(0, 48);
    return (
      hash(user.subarray(32, 40), noPassword).equals(user.subarray(0, 32)) ||
      hash(owner.subarray(32, 40), userKey).equals(owner.subarray(0, 32))
    );
  }
  const key = fileKey(encryption, revision, owner, firstId);
  if (revision === 2) return rc4(key, padding).equals(user.subarray(0, 32));
  let check = rc4(key, md5(padding, firstId));
  for (let round = 1; round < 20; round += 1) check = rc4(Buffer.from(key.map((byte) => byte ^ round)), check);
  return check.equals(user.subarray(0, 16));
}

/** Derives the file key from the empty password, for revisions 2 to 4 (algorithm 2). */
function fileKey(encryption: PdfDictionary, revision: number, owner: Buffer, firstId: Buffer): Buffer {
  const permissions = Buffer.alloc(4);
  permissions.writeInt32LE(numberIn(encryption, 'P') | 0);
  const metadata = revision >= 4 && encryption.get('EncryptMetadata') === false ? Buffer.alloc(4, 0xff) : noPassword;
  const bits = numberIn(encryption, 'V') === 4 ? 128 : numberIn(encryption, 'Length') || 40;
  const length = revision === 2 ? 5 : Math.min(16, Math.max(5, Math.floor(bits / 8)));
  let key = md5(padding, owner.subarray(0, 32), permissions, firstId, metadata);
  if (revision >= 3) for (let round = 0; round < 50; round += 1) key = md5(key.subarray(0, length));
  return key.subarray(0, length);
}

/** Revision 5, written only by Acrobat 9. */
const plainHash = (salt: Buffer, userKey: Buffer): Buffer => createHash('sha256').update(salt).update(userKey).digest();

/** Revision 6 and those after it (algorithm 2.B), for the empty password. */
function hardenedHash(salt: Buffer, userKey: Buffer): Buffer {
  let key = plainHash(salt, userKey);
  for (let round = 0, last = 0; round < 64 || last > round - 32; round += 1) {
    const block = Buffer.concat([key, userKey]);
    const cipher = createCipheriv('aes-128-cbc', key.subarray(0, 16), key.subarray(16, 32)).setAutoPadding(false);
    const encrypted = cipher.update(Buffer.concat(Array<Buffer>(64).fill(block)));
    const remainder = encrypted.subarray(0, 16).reduce((sum, byte) => sum + byte, 0) % 3;
    key = createHash(['sha256', 'sha384', 'sha512'][remainder] ?? 'sha256')
      .update(encrypted)
      .digest();
    last = encrypted[encrypted.length - 1] ?? 0;
  }
  return key.subarray(0, 32);
}

const md5 = (...parts: Uint8Array[]): Buffer => createHash('md5').update(Buffer.concat(parts)).digest();

/** Written out, since OpenSSL 3 offers it only on request; here it protects nothing, it only reads what others wrote. */
function rc4(key: Buffer, data: Buffer): Buffer {
  const state = Uint8Array.from({ length: 256 }, (_, index) => index);
  const at = (index: number): number => state[index & 255] ?? 0;
  const swap = (one: number, other: number): void => {
    [state[one & 255], state[other & 255]] = [at(other), at(one)];
  };
  for (let i = 0, j = 0; i < 256; i += 1) {
    j = (j + at(i) + (key[i % key.length] ?? 0)) & 255;
    swap(i, j);
  }
  let j = 0;
  return Buffer.from(
    data.map((byte, index) => {
      const i = index + 1;
      j = (j + at(i)) & 255;
      swap(i, j);
      return byte ^ at(at(i) + at(j));
    }),
  );
}

function numberIn(dictionary: PdfDictionary, key: string): number {
  const value = dictionary.get(key);
  return typeof value === 'number' ? value : 0;
}

function bytesIn(dictionary: PdfDictionary, key: string): Buffer {
  const value: PdfValue | undefined = dictionary.get(key);
  return Buffer.isBuffer(value) ? value : noPassword;
}
