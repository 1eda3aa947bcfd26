/** Answers of the running API, cut short: examples by the name of their schema. */
export const sessionsExamples = {
  EndedSessions: {
    subject: 'somebody',
    sessionIds: [],
    endedBy: 'same caller',
    endedAt: '2026-12-01T02:59:19.830Z',
  },
  SessionList: {
    items: [],
    next: null,
  },
  SessionState: {
    isSignedIn: false,
    canSignIn: true,
    sessionId: null,
    subject: null,
    name: null,
    csrfToken: null,
    idleUntil: null,
    expiresAt: null,
  },
  SignedOut: {
    endedSessions: 0,
    issuerSignOut: null,
  },
};
