/** Answers of the running API, cut short: examples by the name of their schema. */
export const healthExamples = {
  Liveness: {
    status: 'ok',
  },
  Readiness: {
    status: 'ok',
    checks: {
      database: {
        ok: true,
        code: null,
      },
      migrations: {
        ok: true,
        code: null,
      },
      temporal: {
        ok: true,
        code: null,
      },
      worker: {
        ok: true,
        code: null,
      },
    },
    warnings: [],
  },
};
