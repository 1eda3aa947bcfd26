import type { Phase } from '../client/index.js';
import type { Tone } from '../design/index.js';

/** Tones of what lies beside the main path. */
export const asideTones: Partial<Record<Phase, Tone>> = {
  action_required: 'warning',
  disputed: 'warning',
  rejected: 'danger',
  rejected_final: 'danger',
};
