/** Answers of the running API, cut short: examples by the name of their schema. */
export const importsExamples = {
  Import: {
    importId: '01a22f89-7c22-75f6-8cff-e1111ac0b5de',
    submit: false,
    state: 'paused',
    sentBy: 'somebody',
    createdAt: '2026-12-01T02:57:49.098Z',
    endedAt: null,
    rows: {
      total: 1,
      waiting: 0,
      accepted: 0,
      submitted: 0,
      drafted: 0,
      refused: 1,
      cancelled: 0,
    },
  },
  ImportColumns: {
    columns: [
      {
        name: 'programme',
        isRequired: false,
        kind: 'code',
        pointer: '/programme',
        description: 'The programme, by its name; `sample` if it is empty.',
        example: null,
      },
      {
        name: 'name',
        isRequired: true,
        kind: 'text',
        pointer: '/name',
        description: 'What the claim is called.',
        example: 'Teams adoption at Northwind',
      },
    ],
    noteColumns: ['importRow', 'importError'],
    maximumRows: 5000,
    maximumBytes: 67108864,
  },
  ImportList: {
    items: [
      {
        importId: '01a22f89-764c-72c7-9ad6-c7a91c52e801',
        submit: false,
        state: 'running',
        sentBy: 'claim_user-own',
        createdAt: '2026-12-01T02:57:47.601Z',
        endedAt: null,
        rows: {
          total: 1,
          waiting: 1,
          accepted: 0,
          submitted: 0,
          drafted: 0,
          refused: 0,
          cancelled: 0,
        },
      },
      {
        importId: '01a22f89-763e-77e5-84fc-25ebc1876bee',
        submit: false,
        state: 'running',
        sentBy: 'somebody',
        createdAt: '2026-12-01T02:57:47.584Z',
        endedAt: null,
        rows: {
          total: 1,
          waiting: 0,
          accepted: 0,
          submitted: 0,
          drafted: 0,
          refused: 1,
          cancelled: 0,
        },
      },
    ],
    next: null,
  },
  ImportRowList: {
    items: [
      {
        row: 1,
        claimId: null,
        number: null,
        name: null,
        externalReference: null,
        outcome: 'refused',
        findings: [],
      },
    ],
    next: null,
  },
  imports_csv_text_csv:
    'row,outcome,claimId,number,name,externalReference,code,field,column,line,message\n1,refused,,,,,custom,name,name,,Must be well-formed Unicode without NUL\n1,refused,,,,,custom,products,products,,Must be well-formed Unicode without NUL\n',
};
