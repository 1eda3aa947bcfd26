const signature = {
  signatureId: '5d9d1f0e-3f0b-5a57-9a37-0c5a6a1f2b77',
  state: 'open',
  language: 'en',
  policy: 'sample@1',
  signatory: { name: 'Alex Carter', email: 'alex.carter@northwind.example' },
  mail: 'accepted',
  forwards: 0,
  requestedAt: '2026-12-01T09:30:00.120Z',
  expiresAt: '2026-12-15T23:59:59.999Z',
  closedAt: null,
  signedBy: null,
  declineReason: null,
  statement: {
    title: 'Statement of work',
    paragraphs: [
      'Meridian Cloud and Northwind Traders confirm that Evergreen Consulting (PartnerID 1240372) deploys Microsoft Teams for Northwind Traders.',
      'This statement was made for claim CLM-000001 on 1 December 2026.',
    ],
  },
  textSha256: '82a0a52fba5282f90e38bcf3240abce6297d24f18ab543f2939e8258c28acc5a',
  recordSha256: null,
};

/** Requests to sign: examples by the name of their schema, or of their operation. */
export const signaturesExamples = {
  Signature: signature,
  SignatureList: { items: [signature], next: null },
  signatures_receipt_text_html: '<!doctype html><html lang="en"><head><title>Receipt</title></head><body><h1>Receipt</h1></body></html>',
};
