/** Answers of the running API, cut short: examples by the name of their schema. */
export const membersExamples = {
  Member: {
    subject: 'a member of the company of d8275bda-f46c-5fd2-ada8-ef426733f338',
    roles: ['claim_user'],
    locations: ['*'],
    version: 1,
    assignedBy: 'account_admin-own',
    assignedAt: '2026-12-01T02:58:22.011Z',
    firstSeenAt: null,
    lastSeenAt: null,
  },
  MemberList: {
    items: [
      {
        subject: 'a member of the company of 003d9001-d457-5f3b-aefc-ef59414a8e44',
        roles: ['usage_viewer'],
        locations: ['*'],
        version: 2,
        assignedBy: 'ann',
        assignedAt: '2026-12-01T02:58:05.617Z',
        firstSeenAt: null,
        lastSeenAt: null,
      },
      {
        subject: 'a member of the company of 009df81e-06d9-565a-89a6-a5c79aa7e0d2',
        roles: ['usage_viewer'],
        locations: ['*'],
        version: 2,
        assignedBy: 'ann',
        assignedAt: '2026-12-01T02:58:20.965Z',
        firstSeenAt: null,
        lastSeenAt: null,
      },
    ],
    next: 'ImEgbWVtYmVyIG9mIHRoZSBjb21wYW55IG9mIDEzMGY4ZmFhLTQ3MjMtNTg2My05YWU1LTJiZjIxNmJhZjYwYSI',
  },
  RoleChangeList: {
    items: [],
    next: null,
  },
};
