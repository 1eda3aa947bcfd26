import { SealingKeys } from '#libs/sealing/index.js';
import { newSecret } from './signature.js';

/** A secret as it is stored. */
export interface SealedSecret {
  /** Base64. */
  sealed: string;
  /** RFC 3339; null for the newest one. */
  endsAt: string | null;
}

/** Secrets of endpoints: made here, sealed in the database, and shown to the owner once. */
export class EndpointSecrets {
  private readonly keys: SealingKeys<'webhook secret'>;

  /** @param root 32 bytes */
  constructor(root: Uint8Array) {
    this.keys = new SealingKeys(root);
  }

  create(endpointId: string): { secret: string; stored: SealedSecret } {
    const secret = newSecret();
    return { secret, stored: { sealed: this.keys.seal('webhook secret', endpointId, secret).toString('base64'), endsAt: null } };
  }

  /** Returns the secrets that are live at an instant, the newest first. One that another key has sealed counts as lost. */
  live(endpointId: string, stored: readonly SealedSecret[], at: Date): string[] {
    return stored
      .filter(({ endsAt }) => endsAt === null || Date.parse(endsAt) > at.getTime())
      .flatMap(({ sealed }) => this.keys.open('webhook secret', endpointId, Buffer.from(sealed, 'base64')) ?? []);
  }
}
