import type { Phase } from '../client/index.js';
import { Badge, type Tone } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

export { texts as claimTexts } from './texts.js';

const tones: Record<Phase, Tone> = {
  draft: 'neutral',
  submitted: 'info',
  under_review: 'info',
  action_required: 'warning',
  consent_pending: 'info',
  official: 'success',
  ended: 'neutral',
  rejected: 'danger',
  disputed: 'warning',
  rejected_final: 'danger',
  canceled: 'neutral',
};

/** The label of a phase; a phase newer than this build shows its code. */
export function PhaseBadge({ phase }: { phase: Phase }) {
  const t = useTexts(texts);
  return <Badge tone={tones[phase] ?? 'neutral'}>{phase in texts.en ? t(phase) : phase}</Badge>;
}
