import { randomUUID } from 'node:crypto';
import type { makeSnapshot } from '#libs/snapshots/index.js';

/** Use it to share a claim without the API: a snapshot that shows nothing but the claim's number, for thirty days. */
export function aSnapshotOf(claimId: string): Parameters<typeof makeSnapshot>[1] {
  const madeAt = new Date().toISOString();
  return {
    requestId: randomUUID(),
    claimId,
    side: 'partner',
    submission: 1,
    fields: ['lines'],
    content: {
      claim: { number: 'CLM-000001', submission: 1, submittedAt: madeAt, programme: 'sample', vendor: 'Meridian Cloud' },
      asOf: madeAt,
      sharedBy: 'partner',
      lines: [],
    },
    label: null,
    madeBy: 'admin',
    madeAt,
    expiresAt: new Date(Date.parse(madeAt) + 30 * 86_400_000).toISOString(),
    fingerprint: '',
  };
}
