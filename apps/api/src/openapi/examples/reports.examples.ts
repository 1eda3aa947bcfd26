/** Answers of the running API, cut short: examples by the name of their schema. */
export const reportsExamples = {
  BreachList: {
    items: [],
    next: null,
  },
  CalendarCoverageReport: {
    zoneData: '2026c',
    items: [
      {
        calendar: 'ru@2',
        zone: 'Europe/Moscow',
        coversFrom: '2025-01-01',
        coversThrough: '2027-12-31',
        daysLeft: 395,
        programmes: ['sample-ru'],
        warnings: [],
      },
      {
        calendar: 'sa@1',
        zone: 'Asia/Riyadh',
        coversFrom: '2025-01-01',
        coversThrough: '2027-12-31',
        daysLeft: 395,
        programmes: ['sample-sa'],
        warnings: [],
      },
    ],
  },
  RepairList: {
    items: [],
    next: null,
  },
  WaitingReport: {
    asOf: '2026-12-01T02:58:12.465Z',
    phases: [
      {
        phase: 'canceled',
        claims: 1,
      },
      {
        phase: 'consent_pending',
        claims: 36,
      },
    ],
    clocks: [
      {
        clock: 'customer_window',
        mover: 'customer',
        claims: 36,
        overdue: 0,
      },
    ],
    operations: {
      pending: 22,
      oldestAt: '2026-12-01T02:58:01.466Z',
    },
    failing: {
      claims: 0,
      since: null,
    },
    letters: {
      waiting: 0,
      retrying: 0,
    },
    notices: {
      retrying: 0,
    },
    repairs: {
      lastAt: null,
      lastDay: [],
    },
    checkpoint: null,
  },
};
