import type { QueuedClaim } from '../../client/index.js';
import type { Tone } from '../../design/index.js';

interface QueueBadge {
  text: 'competing' | 'hold' | 'dispute' | 'resubmitted';
  tone: Tone;
}

/** What a reviewer should know before opening a claim. */
export function queueBadges({
  isCompeting,
  tasks,
  phase,
  reasons,
}: Pick<QueuedClaim, 'isCompeting' | 'tasks' | 'phase' | 'reasons'>): QueueBadge[] {
  const isDisputed = phase === 'disputed' || tasks.some(({ for: what }) => what === 'dispute_decision');
  // Whatever was asked for or rejected before, the partner has come back to it.
  const isResubmitted = !isDisputed && reasons.length > 0 && (phase === 'submitted' || phase === 'under_review');
  return [
    ...(isCompeting ? [{ text: 'competing', tone: 'warning' } as const] : []),
    ...(tasks.some(({ for: what }) => what === 'hold') ? [{ text: 'hold', tone: 'warning' } as const] : []),
    ...(isDisputed ? [{ text: 'dispute', tone: 'danger' } as const] : []),
    ...(isResubmitted ? [{ text: 'resubmitted', tone: 'info' } as const] : []),
  ];
}
