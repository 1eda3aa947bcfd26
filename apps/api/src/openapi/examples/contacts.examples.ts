/** Answers of the running API, cut short: examples by the name of their schema. */
export const contactsExamples = {
  ContactExport: {
    exportedAt: '2026-12-01T03:01:11.515Z',
    items: [
      {
        type: 'contact',
        personId: '173c3b5e-e652-5f88-8b84-c18ce6b447ff',
        claimNumber: 'CLM-000007',
        claimId: '9b35e949-3727-53f9-9c61-c23b003021b6',
        claimPhase: 'draft',
        role: 'customer',
        name: 'Ann',
        title: 'CIO',
        email: 'ann@northwind-traders.example',
        heldSince: '2026-12-01T03:01:11.460Z',
      },
      {
        type: 'evidence',
        claimNumber: 'CLM-000007',
        evidenceId: '1bbfdcdd-1edd-5516-adbf-e1e119db2e66',
        fileName: 'statement.pdf',
        mediaType: 'application/pdf',
        sha256: '90325e5dc52219b39b6d6973f712e407a09248ac6e59be9db5476f7f2e983ae5',
        uploadedAt: '2026-12-01T03:01:11.464Z',
      },
    ],
  },
};
