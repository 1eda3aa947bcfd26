/** Phases in the order of a claim's life. */
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
