/** Answers of the running API, cut short: examples by the name of their schema. */
export const usageExamples = {
  UsageAggregates: {
    set: 'workload_usage',
    by: 'month',
    items: [
      {
        month: '2026-10-01',
        key: '',
        associations: 1,
        values: {
          MonthlyActiveUsers: 99,
          PaidAvailableUnits: 200,
        },
        suppressed: [],
      },
      {
        month: '2026-11-01',
        key: '',
        associations: 7,
        values: {
          MonthlyActiveUsers: 700,
          PaidAvailableUnits: 1200,
        },
        suppressed: [],
      },
    ],
    next: null,
    freshness: {
      latestMonth: '2027-01-01',
      importedAt: '2027-02-01T02:56:57.602Z',
    },
  },
  UsageExports: {
    items: [],
    next: null,
  },
  UsageImport: {
    importId: '46b990ec-c3c1-43a0-8f67-3235691493ab',
    set: 'seats',
    programme: 'sample',
    state: 'failed',
    rowsRead: 0,
    rowsStored: 0,
    rowsRefused: 0,
    latestMonth: null,
    failure: null,
    failedLine: null,
    startedAt: '2026-12-01T02:58:19.989Z',
    publishedAt: null,
    errors: '/v1/usage/imports/46b990ec-c3c1-43a0-8f67-3235691493ab/errors',
  },
  UsageImportErrors: {
    items: [],
    next: null,
  },
  UsageRefusals: {
    items: [
      {
        refusalId: '01a22f88-b705-74a6-b96f-dbe94455dd68',
        at: '2027-02-01T02:56:58.631Z',
        code: 'not_found',
        subject: 'usage_viewer-own',
        partnerAccountId: '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c',
        associationId: 'b9c12150-d533-574c-88dc-34dfece2cc0b',
        set: 'workload_usage',
        fromMonth: null,
        toMonth: null,
        association: {
          target: 'workload:b1ae4984-e5c5-4da7-9606-0ae7a9e521f9:teams',
          tenantId: 'b1ae4984-e5c5-4da7-9606-0ae7a9e521f9',
          partnerId: '48213',
          claimNumber: 'CLM-000002',
          partnerAccountId: 'a63c88ce-01ab-4367-a328-6ec63a60f30b',
        },
      },
    ],
    next: 'IjAxYTIyZjg4LWI3MDUtNzRhNi1iOTZmLWRiZTk0NDU1ZGQ2OCI',
  },
  UsageRows: {
    set: 'workload_usage',
    items: [
      {
        associationId: '020d9c93-994a-5034-b9ca-331acf0148db',
        target: 'workload:d258f8a4-a001-4884-aa04-f4dd60ab5c40:teams',
        month: '2026-11-01',
        values: {
          Date: '2026-11-01',
          MpnId: '1240371',
          ClaimId: 'CLM-000004',
          CustomerName: 'Customer small',
          WorkloadName: 'Microsoft Teams',
          DateAssociated: '2026-11-30',
          CustomerTenantId: 'd258f8a4-a001-4884-aa04-f4dd60ab5c40',
          MonthlyActiveUsers: 100,
          PaidAvailableUnits: 200,
          PartnerAttributionType: 'CPOR',
        },
        suppressed: [],
      },
    ],
    next: 'eyJhc3NvY2lhdGlvbklkIjoiMDIwZDljOTMtOTk0YS01MDM0LWI5Y2EtMzMxYWNmMDE0OGRiIiwibW9udGgiOiIyMDI2LTExLTAxIiwiZGltZW5zaW9uIjoiIn0',
    freshness: {
      latestMonth: '2027-01-01',
      importedAt: '2027-02-01T02:56:57.602Z',
    },
  },
  UsageSeries: {
    set: 'workload_usage',
    measure: 'MonthlyActiveUsers',
    items: [
      {
        associationId: '022256cc-5e74-4527-a0f0-8a9823a332be',
        tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a',
        target: 'workload:db602352-d033-497b-973d-8e81d5de0d3a:022256cc-5e74-4527-a0f0-8a9823a332be',
        claimNumber: 'CLM-000018',
        points: [],
      },
      {
        associationId: '05b1b76b-0736-4e96-85a3-2ab57dbf7e79',
        tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a',
        target: 'workload:db602352-d033-497b-973d-8e81d5de0d3a:05b1b76b-0736-4e96-85a3-2ab57dbf7e79',
        claimNumber: 'CLM-000073',
        points: [],
      },
    ],
    next: 'IjE4MWM5YzUyLTY5YzAtNGY4Ny05YjBmLTEwNGUxOTk3NGEyZSI',
    freshness: {
      latestMonth: null,
      importedAt: null,
    },
  },
  UsageSets: {
    items: [
      {
        name: 'workload_usage',
        title: 'Workload usage, monthly',
        columns: [
          {
            name: 'CustomerTenantId',
            type: 'guid',
            isRequired: true,
            isImported: true,
            isExecutive: false,
            isSuppressible: false,
          },
        ],
      },
      {
        name: 'seats',
        title: 'Seats of subscriptions',
        columns: [
          {
            name: 'SubscriptionId',
            type: 'guid',
            isRequired: true,
            isImported: true,
            isExecutive: false,
            isSuppressible: false,
          },
        ],
      },
    ],
    next: null,
  },
  usage_export_text_csv:
    'CustomerTenantId,CustomerName,WorkloadName,MonthlyActiveUsers,PaidAvailableUnits,ClaimId,MpnId,DateAssociated,PartnerAttributionType,Date,Suppressed,LeftOut\r\nd258f8a4-a001-4884-aa04-f4dd60ab5c40,Customer small,Microsoft Teams,100,200,CLM-000004,1240371,2026-11-30,CPOR,2026-11-01,,\r\nd258f8a4-a001-4884-aa04-f4dd60ab5c40,Customer small,Microsoft Teams,101,200,CLM-000004,1240371,2026-11-30,CPOR,2026-12-01,,\r\n',
};
