import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';

/** What is sealed. Each purpose has its own key, so that nothing sealed for one is accepted for another. */
export type SealPurpose = 'session tokens' | 'sign-in' | 'sign-out';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

/** Keys derived from one root key: they seal what must not be read or altered, and make the tokens that protect forms. */
export class SessionKeys {
  private readonly derived = new Map<string, Buffer>();

  /** @param root 32 bytes */
  constructor(private readonly root: Uint8Array) {}

  /** Encrypts text. It opens only with the same purpose and context. */
  seal(purpose: SealPurpose, context: string, text: string): Buffer {
    const nonce = randomBytes(nonceBytes);
    const cipher = createCipheriv(algorithm, this.keyOf(purpose), nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), sealed]);
  }

  /** Returns the sealed text, or null if it was altered or sealed for another purpose, in another context or with another root key. */
  open(purpose: SealPurpose, context: string, sealed: Buffer): string | null {
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

  /** Returns the token that a page sends with a change. It belongs to one session and cannot be derived from outside. */
  csrfToken(sessionToken: string): string {
    return createHmac('sha256', this.keyOf('csrf')).update(sessionToken).digest('base64url');
  }

  isCsrfToken(sessionToken: string, sent: string | undefined): boolean {
    const [expected, given] = [Buffer.from(this.csrfToken(sessionToken)), Buffer.from(sent ?? '')];
    return expected.length === given.length && timingSafeEqual(expected, given);
  }

  private keyOf(purpose: SealPurpose | 'csrf'): Buffer {
    let key = this.derived.get(purpose);
    if (key === undefined) {
      key = Buffer.from(hkdfSync('sha256', this.root, '', `cpor ${purpose}`, 32));
      this.derived.set(purpose, key);
    }
    return key;
  }
}
