/** Answers of the running API, cut short: examples by the name of their schema. */
export const updatesExamples = {
  ClaimUpdate: {
    updateId: '01a22f89-85b4-7181-9916-d5009722fa0d',
    dryRun: false,
    state: 'paused',
    sentBy: 'somebody',
    createdAt: '2026-12-01T02:57:51.553Z',
    endedAt: null,
    rows: {
      total: 1,
      waiting: 0,
      changed: 0,
      unchanged: 0,
      refused: 1,
      cancelled: 0,
    },
  },
  ClaimUpdateList: {
    items: [
      {
        updateId: '01a22f89-80ed-7335-85e6-f25ded8963ba',
        dryRun: false,
        state: 'running',
        sentBy: 'claim_user-own',
        createdAt: '2026-12-01T02:57:50.333Z',
        endedAt: null,
        rows: {
          total: 1,
          waiting: 1,
          changed: 0,
          unchanged: 0,
          refused: 0,
          cancelled: 0,
        },
      },
      {
        updateId: '01a22f89-80d6-75ec-801e-ec018feea4d7',
        dryRun: false,
        state: 'running',
        sentBy: 'somebody',
        createdAt: '2026-12-01T02:57:50.309Z',
        endedAt: null,
        rows: {
          total: 1,
          waiting: 0,
          changed: 0,
          unchanged: 0,
          refused: 1,
          cancelled: 0,
        },
      },
    ],
    next: 'IjAxYTIyZjg5LTc5M2QtNzcxNi1hMjI3LTgwZjE2NjJlZGY2NyI',
  },
  ClaimUpdateRowList: {
    items: [
      {
        row: 1,
        claimId: null,
        number: null,
        name: null,
        externalReference: null,
        outcome: 'refused',
        findings: [],
        version: null,
        changes: [],
        action: null,
      },
    ],
    next: null,
  },
  updates_csv_text_csv:
    'row,outcome,claimId,number,name,externalReference,version,action,changes,code,field,column,line,message\n1,refused,,,,,,,,,,,,\n',
};
