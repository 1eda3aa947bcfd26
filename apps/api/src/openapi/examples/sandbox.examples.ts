/** Answers of the running API, cut short: examples by the name of their schema. */
export const sandboxExamples = {
  ClockMoved: {
    now: '2026-12-01T02:58:24.004Z',
    movedClaims: 0,
  },
  SampleData: {
    policies: 3,
    calendars: 3,
  },
  SandboxClock: {
    now: '2026-12-01T02:58:22.974Z',
    aheadSeconds: 0,
    nextDeadlineAt: null,
  },
};
