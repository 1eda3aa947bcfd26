const snapshot = {
  snapshotId: '1f0a8bb2-6f4f-5b7a-9d39-a1a6f7c7a001',
  claimId: '9f598144-c36b-5a98-aca0-95caeb511421',
  submission: 1,
  side: 'partner',
  fields: ['customer', 'lines', 'standing'],
  label: 'Distributor, for the rebate of March',
  state: 'open',
  contentSha256: 'c1f2fe1e0b1e1c2a41d8b7a54c6b2a84e3f6bb2ef0a7d59f0a4b6f3a3c8b9d10',
  madeBy: 'claim_admin-own',
  madeAt: '2026-12-01T09:30:00.120Z',
  expiresAt: '2026-12-15T09:30:00.120Z',
  revocation: null,
  openings: { count: 2, firstAt: '2026-12-01T10:02:11.004Z', lastAt: '2026-12-02T08:15:40.731Z' },
};

/** Submitted versions shared by a link: examples by the name of their schema. */
export const snapshotsExamples = {
  Snapshot: snapshot,
  SnapshotList: { items: [snapshot], next: null },
  MadeSnapshot: {
    ...snapshot,
    openings: { count: 0, firstAt: null, lastAt: null },
    url: 'https://claims.vendor.example/v/mVb3yYqkq8m1k0m3nq1o2Zb7uJ6rJ0f9a4c8e2d6w0s',
  },
  SnapshotDetail: {
    ...snapshot,
    content: {
      claim: {
        number: 'CLM-000001',
        submission: 1,
        submittedAt: '2026-11-30T14:12:09.330Z',
        programme: 'sample',
        vendor: 'Meridian Cloud',
      },
      asOf: '2026-12-01T09:30:00.120Z',
      sharedBy: 'partner',
      customer: { name: 'Northwind Traders', tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' },
      lines: [{ line: 1, product: { code: 'teams', label: { en: 'Microsoft Teams', ru: 'Microsoft Teams' } }, subscriptionId: null }],
      standing: [
        {
          line: 1,
          phase: 'submitted',
          status: { en: 'Submitted', ru: 'Отправлено' },
          since: '2026-11-30T14:12:09.330Z',
          association: null,
        },
      ],
    },
  },
  SnapshotOpeningList: { items: [{ sequence: 3, at: '2026-12-02T08:15:40.731Z' }], next: null },
};
