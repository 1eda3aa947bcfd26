import type { WebhookEndpoint } from '../client/index.js';
import { Badge, type Tone } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const tones: Record<WebhookEndpoint['state'], Tone> = { enabled: 'success', failing: 'danger', disabled: 'neutral' };

export function StateBadge({ state }: Pick<WebhookEndpoint, 'state'>) {
  const t = useTexts(texts);
  return <Badge tone={tones[state]}>{t(`state_${state}`)}</Badge>;
}
