/** The states of a line (domain.md 3.2). A claim has no state of its own: its lines' phases are rolled up. */
export const phases = [
  'draft',
  'submitted',
  'under_review',
  'action_required',
  'consent_pending',
  'official',
  'ended',
  'rejected',
  'disputed',
  'rejected_final',
  'canceled',
] as const;
export type Phase = (typeof phases)[number];

/** The labels of 2023 that partners know (R26), except that a line is never just "Approved" while the customer may still refuse (R35). */
export const statusLabels: Record<Phase, { en: string; ru: string }> = {
  draft: { en: 'Draft', ru: 'Черновик' },
  submitted: { en: 'Submitted', ru: 'Отправлено' },
  under_review: { en: 'Under review', ru: 'На рассмотрении' },
  action_required: { en: 'Partner action required', ru: 'Требуется действие партнера' },
  consent_pending: { en: 'Approved, not official yet', ru: 'Утверждено, ещё не официально' },
  official: { en: 'Approved', ru: 'Утверждено' },
  ended: { en: 'Ended', ru: 'Завершено' },
  rejected: { en: 'Rejected', ru: 'Отклонено' },
  disputed: { en: 'Dispute', ru: 'Оспаривание' },
  rejected_final: { en: 'Rejected final', ru: 'Отклонено окончательно' },
  canceled: { en: 'Canceled', ru: 'Отменено' },
};

/**
 * The labels of 2021, for exports in the older vocabulary. It has no status for a dispute, which was an action on a rejected claim. Ended
 * lines count as finally rejected (D15), withdrawn lines as rejected (domain.md 3.2).
 */
export const statusLabels2021: Record<Phase, { en: string; ru: string }> = {
  ...statusLabels,
  consent_pending: statusLabels.official,
  draft: { en: 'Editing', ru: 'Редактирование' },
  ended: statusLabels.rejected_final,
  disputed: statusLabels.rejected,
  canceled: statusLabels.rejected,
};

/** Returns the label of a phase, with the deadline during the customer's window (R35). */
export function statusLabel(phase: Phase, windowEndsAt: string | null): { en: string; ru: string } {
  if (phase !== 'consent_pending' || windowEndsAt === null) return statusLabels[phase];
  const until = `${windowEndsAt.slice(0, 16).replace('T', ' ')} UTC`;
  return { en: `Approved, waits for the customer until ${until}`, ru: `Утверждено, ожидает решения клиента до ${until}` };
}

const rollUpOrder: Phase[] = [
  'consent_pending',
  'official',
  'action_required',
  'disputed',
  'under_review',
  'submitted',
  'draft',
  'rejected',
  'rejected_final',
  'ended',
  'canceled',
];

/** Returns a claim's phase from the phases of its lines (domain.md 3.2). */
export function rollUp(linePhases: Phase[]): Phase {
  return rollUpOrder.find((phase) => linePhases.includes(phase)) ?? 'draft';
}

/** Phases in which the partner may change, add and drop products (domain.md 7). */
export const amendablePhases: Phase[] = ['draft', 'submitted', 'action_required'];

/** Phases in which a line claims nothing, for now or finally. */
export const closedPhases: Phase[] = ['rejected', 'rejected_final', 'ended', 'canceled'];

/** Phases in which the outcome is still open. */
export const undecidedPhases: Phase[] = ['submitted', 'under_review', 'action_required', 'consent_pending'];

/** The undecided phases, and a disputed rejection. */
export const openPhases: Phase[] = [...undecidedPhases, 'disputed'];
