import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Keys derived from one root key, one for each purpose: they seal what must not be read or altered. */
export class SealingKeys<Purpose extends string> {
  private readonly derived = new Map<string, Buffer>();

  /** @param root 32 bytes */
  constructor(private readonly root: Uint8Array) {}

  /** Encrypts text. It opens only with the same purpose and context. */
  seal(purpose: Purpose, context: string, text: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.keyOf(purpose), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Returns the sealed text, or null if it was altered or sealed for another purpose, in another context or with another root key. */
  open(purpose: Purpose, context: string, sealed: Buffer): string | null {
    if (sealed.length < nonceBytes + tagBytes) return null;
    try {
      const decipher = createDecipheriv(algorithm, this.keyOf(purpose), sealed.subarray(0, nonceBytes))
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([decipher.update(sealed.subarray(nonceBytes + tagBytes)), decipher.final()]).toString('utf8');
    } catch {
      return null;
    }
  }

  /** Returns the key of a purpose: 32 bytes. */
  protected keyOf(purpose: string): Buffer {
    let key = this.derived.get(purpose);
    if (key === undefined) {
      key = Buffer.from(hkdfSync('sha256', this.root, '', `cpor ${purpose}`, 32));
      this.derived.set(purpose, key);
    }
    return key;
  }
}
