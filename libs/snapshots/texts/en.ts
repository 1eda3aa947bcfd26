export const en = {
  title: (number: string) => `Claim ${number}, as submitted`,
  lead: (vendor: string) =>
    `This is a copy of one submitted version of a claim in the partner programme of ${vendor}. It was shared with you by a link and does not change.`,
  submission: 'Submission',
  submittedAt: 'Submitted at',
  programme: 'Programme',
  asOf: 'Copied at',
  expiresAt: 'Link valid until',
  none: 'none',
  notStated: 'not stated',
  description: { heading: 'Claim', name: 'Name', area: 'Area', externalReference: 'Reference', tags: 'Tags' },
  customer: { heading: 'Customer', name: 'Name', tenantId: 'Tenant ID', domain: 'Domain' },
  partner: { heading: 'Partner', name: 'Name', partnerId: 'PartnerID' },
  lines: { heading: 'Products and subscriptions', line: (line: number) => `Line ${line}`, subscription: 'subscription' },
  activities: { heading: 'Activities' },
  evidence: {
    heading: 'Evidence',
    note: 'Files and their names are not part of this copy. Whoever has a file can compare its hash.',
    item: (index: number) => `Document ${index}`,
    signedOn: 'Signed on',
    signedHere: 'signed by the customer in cpor',
    sha256: 'SHA-256',
    kind: 'Type and size',
    bytes: (size: string) => `${size} bytes`,
  },
  terms: { heading: 'Terms', transactionOn: 'Transaction on', incentives: 'Incentives', optedOut: 'waived', optedIn: 'not waived' },
  standing: {
    heading: 'Standing when copied',
    since: (at: string) => `since ${at}`,
    association: (from: string, to: string | null) => (to === null ? `association from ${from}` : `association from ${from} to ${to}`),
  },
  proof: {
    heading: 'About this copy',
    sha256: 'SHA-256 of the content',
    text: 'The digest covers everything above; whoever shared the link sees the same one. Each opening of this link is recorded, and they see when it was opened.',
  },
};
export type SnapshotTexts = typeof en;
