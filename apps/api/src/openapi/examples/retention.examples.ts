/** Answers of the running API, cut short: examples by the name of their schema. */
export const retentionExamples = {
  LegalHold: {
    holdId: '06909040-c790-51d8-ba39-c3c3f71f0346',
    claimId: '9f598144-c36b-5a98-aca0-95caeb511421',
    reason: 'Litigation.',
    placedBy: 'same caller',
    placedAt: '2026-12-01T02:59:23.441Z',
    release: null,
  },
  LegalHoldList: {
    items: [
      {
        holdId: '0fdfbf31-e41a-4e86-810e-78ff0bd124de',
        claimId: '83dcf3c7-64d3-513f-968c-2763006544cd',
        reason: null,
        placedBy: 'olga',
        placedAt: '2026-12-01T02:58:12.869Z',
        release: null,
      },
    ],
    next: null,
  },
};
