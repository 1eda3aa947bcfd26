/** Answers of the running API, cut short: examples by the name of their schema. */
export const tenantsExamples = {
  AccessList: {
    items: [
      {
        accessId: '01a22f88-b837-730b-865b-f6b56a386d67',
        at: '2027-02-01T02:56:58.934Z',
        kind: 'read',
        claimNumber: 'CLM-000003',
        target: 'workload:081ec691-dfbf-42bd-9c1a-28d1f27f9dfc:exchange',
        set: 'workload_usage',
        fromMonth: '2026-12-01',
        toMonth: '2027-01-01',
        rows: 2,
        partner: {
          partnerId: '1240388',
          legalName: 'Evergreen Cloud Consulting, Inc.',
        },
      },
    ],
    next: 'Mw',
  },
  PartnerBlockList: {
    items: [
      {
        blockId: '3708cc2b-5cb5-4ff3-ab2b-b7cba97dfa5a',
        partnerAccountId: 'blocked with 61c52e65-4caf-559d-bebe-f3d8a8c7002e',
        legalName: 'Evergreen Cloud Consulting, Inc.',
        blockedAt: '2026-12-01T02:58:09.786Z',
      },
    ],
    next: null,
  },
  PendingClaimList: {
    items: [
      {
        claimId: '41020c6a-ab4c-5397-8b5f-8e30305b45c9',
        number: 'CLM-000212',
        partnerAccountId: '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c',
        isPartnerBlocked: false,
        programme: 'sample',
        vendor: {
          name: 'Meridian Cloud',
          contactEmail: 'partner-programme@meridian-cloud.example',
        },
        consent: 'opt_out',
        requestedAt: '2026-12-01T02:58:12.118Z',
        closesAt: '2026-12-08T04:59:59.999Z',
        zone: 'America/New_York',
        countedDays: ['2026-12-01'],
        window: {
          days: 5,
          unit: 'business_day',
        },
        isBeyondCoverage: false,
        lines: [
          {
            line: 1,
            product: 'Teams',
            activities: ['usage'],
            renews: null,
            isAccepted: false,
          },
        ],
        evidence: [
          {
            fileName: 'statement.pdf',
            signedOn: '2026-11-01',
          },
        ],
        legalName: 'Evergreen Cloud Consulting, Inc.',
        partnerId: '1240371',
      },
    ],
    next: null,
  },
  TenantAnswerList: {
    items: [],
    next: null,
  },
  TenantChoiceList: {
    items: [],
    next: null,
  },
  accesses_export_application_json: [
    {
      accessId: '01a22f88-b807-73c3-8e4a-24761852dd02',
      at: '2027-02-01T02:56:58.886Z',
      kind: 'read',
      claimNumber: 'CLM-000002',
      target: 'workload:b1ae4984-e5c5-4da7-9606-0ae7a9e521f9:teams',
      set: 'workload_usage',
      fromMonth: '2026-11-01',
      toMonth: '2027-01-01',
      rows: 3,
      partner: {
        partnerId: '48213',
        legalName: 'Ironbridge Systems LLC',
      },
    },
    {
      accessId: '01a22f88-b7d9-7505-801c-20a0e6cba475',
      at: '2027-02-01T02:56:58.839Z',
      kind: 'read',
      claimNumber: 'CLM-000002',
      target: 'workload:b1ae4984-e5c5-4da7-9606-0ae7a9e521f9:teams',
      set: 'workload_usage',
      fromMonth: '2026-11-01',
      toMonth: '2027-01-01',
      rows: 3,
      partner: {
        partnerId: '48213',
        legalName: 'Ironbridge Systems LLC',
      },
    },
  ],
  accesses_export_text_csv:
    'at,kind,partnerId,legalName,claimNumber,target,set,fromMonth,toMonth,rows,accessId\r\n2027-02-01T02:56:59.058Z,export,1240371,"Evergreen Cloud Consulting, Inc.",CLM-000001,workload:b1ae4984-e5c5-4da7-9606-0ae7a9e521f9:exchange,workload_usage,2026-11-01,2027-01-01,3,01a22f88-b8aa-7538-a4a6-de5620b2470e\r\n2027-02-01T02:56:59.030Z,read,1240371,"Evergreen Cloud Consulting, Inc.",CLM-000001,workload:b1ae4984-e5c5-4da7-9606-0ae7a9e521f9:exchange,workload_usage,2026-11-01,2027-01-01,3,01a22f88-b898-7097-8c91-6877188b3f27\r\n',
};
