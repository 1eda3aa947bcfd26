// Use these for tests of directory providers: a valid answer about Contoso, Fabrikam's Boston office and one subscription.
export const tenantId = '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10';
export const subscriptionId = '3f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10';
export const question = { partnerId: '4012345', tenantId, identifiers: [subscriptionId], at: '2026-11-04T09:00:00.000Z' };

export const subscription = {
  subscriptionId,
  tenantId,
  product: 'sales',
  family: 'dynamics' as const,
  channel: 'edu_store',
  state: 'active' as const,
  provisionedOn: '2026-01-01',
  endsOn: '2026-12-31',
  graceEndsOn: '2027-01-30',
  successorId: null,
};

export const facts = {
  location: {
    partnerId: question.partnerId,
    name: 'Fabrikam Boston',
    globalAccountId: '4f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10',
    legalName: 'Fabrikam Inc.',
    type: 'standard',
    isAgreementActive: true,
    isProfileComplete: true,
    enrolledProgrammes: ['modern_work_security_usage'],
    siblings: [{ partnerId: '4012346', enrolledProgrammes: [] }],
  },
  tenant: {
    tenantId,
    name: 'Contoso',
    domains: ['contoso.example'],
    language: 'en' as const,
    isPublicSector: false,
    workloads: ['teams'],
    admins: [{ adminId: '5f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10', name: 'Ann Lee', email: 'ann.lee@contoso.example' }],
    subscriptions: [subscription],
  },
  identifiers: { [subscriptionId]: { kind: 'subscription' as const, subscription } },
};
