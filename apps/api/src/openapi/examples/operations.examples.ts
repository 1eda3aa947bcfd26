/** Answers of the running API, cut short: examples by the name of their schema. */
export const operationsExamples = {
  DeliveryList: {
    items: [],
    next: null,
  },
  PendingOperationList: {
    items: [
      {
        operationId: '4bd87d1f-25ba-56c3-a4a6-8f19e62be750',
        claimId: '51316ac2-6a2c-53a1-879c-7d4ab9a64b26',
        number: 'CLM-000101',
        type: 'submitClaim',
        receivedAt: '2026-12-01T02:58:01.466Z',
        ageSeconds: 11,
        failing: null,
      },
      {
        operationId: '58208a13-83f8-535d-a343-5f4943bf25e4',
        claimId: 'ea3c5d67-8bf1-5a24-a00a-deb8bc61ee26',
        number: 'CLM-000105',
        type: 'submitClaim',
        receivedAt: '2026-12-01T02:58:01.846Z',
        ageSeconds: 10,
        failing: null,
      },
    ],
    next: 'eyJhdCI6IjIwMjYtMTItMDFUMDI6NTg6MDkuMjM3MDAwWiIsImlkIjoiOGM5ZThjOTItNDUxMi01MGFlLWJhMWUtM2I0MWE3NjBmZDQxIn0',
  },
};
