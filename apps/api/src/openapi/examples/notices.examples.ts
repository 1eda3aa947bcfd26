/** Answers of the running API, cut short: examples by the name of their schema. */
export const noticesExamples = {
  Operation: {
    operationId: '92820957-a8b8-5285-b97f-33e8fc7d262b',
    claimId: '90b5f294-9a2e-4c1f-9139-05678f3deb64',
    type: 'checkAssociation',
    status: 'done',
    receivedAt: '2026-12-01T02:57:15.421Z',
    version: 9,
    errors: [],
  },
};
