import type { Config } from '#libs/config/index.js';
import { sandboxLinkKey } from '#libs/notices/index.js';

/** Returns the key that the secrets of endpoints are sealed with; null when production has none, so that there are no webhooks. */
export function webhookRootKey({ webhooks, mode, dataDirectory }: Pick<Config, 'webhooks' | 'mode' | 'dataDirectory'>): Uint8Array | null {
  return webhooks.key ?? (mode === 'sandbox' ? sandboxLinkKey(dataDirectory) : null);
}
