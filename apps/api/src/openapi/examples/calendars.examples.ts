/** Answers of the running API, cut short: examples by the name of their schema. */
export const calendarsExamples = {
  Calendar: {
    name: 'us-federal',
    version: 1,
    zone: 'America/New_York',
    weekend: [6, 7],
    holidays: [
      {
        on: '2025-01-01',
        name: "New Year's Day",
      },
      {
        on: '2025-01-20',
        name: 'Birthday of Martin Luther King, Jr.',
      },
    ],
    coversFrom: '2025-01-01',
    coversThrough: '2027-12-31',
    source:
      '5 U.S.C. 6103(a), on the days observed by 5 U.S.C. 6103(b) and Executive Order 11582 for a Monday to Friday week: Saturday to the Friday before, Sunday to the Monday after. Without Inauguration Day (Washington area only, and on the same date as a holiday in 2025) and without closings by executive order.',
    effectiveFrom: '2025-01-01',
  },
  CalendarList: {
    items: [
      {
        name: 'ru',
        zone: 'Europe/Moscow',
        source:
          'Labour Code of the Russian Federation, article 112; Government Decree No. 1335 of 4 October 2024 on moving days off in 2025; Government Decree of 24 September 2025 on moving days off in 2026. For 2027 article 112 alone: the decree that moves the days off of 2 and 3 January 2027, and may move others, was not at hand.',
        version: 2,
        weekend: [6],
        holidays: [
          {
            on: '2025-01-01',
            name: 'New Year holidays',
          },
        ],
        coversFrom: '2025-01-01',
        workingDays: [
          {
            on: '2025-11-01',
            name: 'Worked for the day off of 3 November',
          },
        ],
        coversThrough: '2027-12-31',
        effectiveFrom: '2025-01-01',
      },
      {
        name: 'sa',
        zone: 'Asia/Riyadh',
        source:
          'Implementing Regulations of the Saudi Labor Law, article 24: four days from the day after 29 Ramadan, four days from the Day of Arafah, National Day, Founding Day; the Eid dates by the published Umm al-Qura calendar for 1446 to 1448. That calendar predicts: the sighting of the moon may move the dates of Arafah and Eid, and the ministry announces them each year. Days given in lieu of a holiday that falls on the weekend are not included.',
        version: 1,
        weekend: [5],
        holidays: [
          {
            on: '2025-02-22',
            name: 'Founding Day',
          },
        ],
        coversFrom: '2025-01-01',
        coversThrough: '2027-12-31',
        effectiveFrom: '2025-01-01',
      },
    ],
    next: null,
  },
  PublicationReport: {
    name: 'us-federal',
    result: 'unchanged',
    version: 1,
    changes: [],
    faults: [],
    warnings: [],
  },
  PublishedVersionList: {
    items: [
      {
        version: 1,
        effectiveFrom: '2025-01-01',
        state: 'in_force',
        publishedAt: '2026-12-01T02:55:19.625Z',
        publishedBy: null,
        withdrawnAt: null,
        withdrawnBy: null,
      },
    ],
    next: null,
  },
};
