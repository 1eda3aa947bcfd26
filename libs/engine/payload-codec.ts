import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { METADATA_ENCODING_KEY, type Payload, type PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';

export interface CodecKey {
  id: string;
  key: Uint8Array;
}

const encoding = Buffer.from('binary/encrypted');
const ivBytes = 12;
const tagBytes = 16;

/** Encrypts every payload with AES-256-GCM under the first key; every key decrypts, so that keys can be changed. */
export class EncryptionCodec implements PayloadCodec {
  constructor(private readonly keys: CodecKey[]) {}

  async encode(payloads: Payload[]): Promise<Payload[]> {
    const active = this.keys[0]!;
    return payloads.map((payload) => {
      const iv = randomBytes(ivBytes);
      const cipher = createCipheriv('aes-256-gcm', active.key, iv);
      const plain = proto.temporal.api.common.v1.Payload.encode(payload).finish();
      const data = Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
      return { metadata: { [METADATA_ENCODING_KEY]: encoding, 'encryption-key-id': Buffer.from(active.id) }, data };
    });
  }

  async decode(payloads: Payload[]): Promise<Payload[]> {
    return payloads.map((payload) => (isEncrypted(payload) ? this.decrypt(payload) : payload));
  }

  private decrypt(payload: Payload): Payload {
    const id = Buffer.from(payload.metadata!['encryption-key-id']!).toString();
    const key = this.keys.find((candidate) => candidate.id === id)?.key;
    if (key === undefined) throw new Error(`A payload was encrypted under key ${id}, which is not configured.`);
    const data = Buffer.from(payload.data!);
    const decipher = createDecipheriv('aes-256-gcm', key, data.subarray(0, ivBytes));
    decipher.setAuthTag(data.subarray(-tagBytes));
    const plain = Buffer.concat([decipher.update(data.subarray(ivBytes, -tagBytes)), decipher.final()]);
    return proto.temporal.api.common.v1.Payload.decode(plain);
  }
}

function isEncrypted(payload: Payload): boolean {
  const value = payload.metadata?.[METADATA_ENCODING_KEY];
  return value !== undefined && value !== null && encoding.equals(Buffer.from(value));
}
