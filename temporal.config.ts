/**
 * How cpor uses Temporal, in one place: where the server is, queues, time-outs, retries, search attributes.
 * Plain data without imports, since workflow code reads it too.
 */

/** Where the server is and how to reach it; `payloadKeys` encrypt every payload when there are any. */
export interface TemporalConnection {
  address: string;
  namespace: string;
  apiKey: string | null;
  useTls: boolean;
}

export const defaultConnection: TemporalConnection = { address: '127.0.0.1:7233', namespace: 'cpor', apiKey: null, useTls: false };

export const taskQueues = {
  claims: 'claims',
  /** Steps of bulk work, with slots of their own, so that they take none of people's. */
  imports: 'imports',
} as const;

export const workflowIds = {
  claim: (claimId: string): string => `claim:${claimId}`,
  import: (importId: string): string => `import:${importId}`,
  association: (associationId: string): string => `association:${associationId}`,
  reconciliation: 'reconciliation',
  settlement: 'settlement',
} as const;

/** Custom search attributes of the namespace; no personal data, they are never encrypted. */
export const searchAttributes = { phase: 'ClaimPhase', partner: 'ClaimPartner', alarmAt: 'ClaimAlarmAt' } as const;

/** Priority keys of work: what somebody waits for comes before clocks, and both before bulk work. */
export const priorities = { awaited: 1, alarm: 3, bulk: 5 } as const;

/** A step that normally takes milliseconds, tried once within the workflow task. */
export const fastStep = { startToCloseTimeout: '3s', scheduleToCloseTimeout: '5s', retry: { maximumAttempts: 1 } } as const;

/** The same step when the database or the directory does not answer: tried until it does, in the open for operators. */
export const durableStep = {
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
} as const;

/** Word to other workflows, tried within the workflow task. What stays untold is found by the reconciliation. */
export const notifyingStep = { startToCloseTimeout: '5s', scheduleToCloseTimeout: '10s', retry: { maximumAttempts: 3 } } as const;

/** A notice goes out to several recipients, one mail at a time. */
export const noticeStep = {
  startToCloseTimeout: '2m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
} as const;

export const reconciliation = {
  /** How often the schedule looks for what was left lying. */
  every: '1m',
  step: { startToCloseTimeout: '30m', heartbeatTimeout: '1m', retry: { maximumAttempts: 3 } },
  /** Claims that are looked at together. */
  pageClaims: 1_000,
  /** What is younger is still on its normal way. */
  graceSeconds: 30,
  /** A ring that Temporal took is not repeated before, while the claim's workflow runs: it is trying. */
  wakeAgainAfterSeconds: 600,
  /** An upload of rows that has not come to its end by then never will. */
  abandonedUploadSeconds: 3_600,
  /** A delivery that is being retried is attempted at least this often: the longest pause of `noticeStep`, and an attempt. */
  noticeSilenceSeconds: 900,
} as const;

/** Deadlines that many claims share are settled in batches, and their alarms ring one after the other. */
export const settlement = {
  /** From so many claims on; fewer are settled by their own workflows at once. */
  fromClaims: 20,
  batchClaims: 200,
  /** Transactions under way at a time. */
  claimsAtOnce: 8,
  /** What a small server settles at least. */
  claimsPerSecond: 150,
  /** What it takes beside that without people noticing. */
  alarmsPerSecond: 20,
  pauseWhenStuck: '10s',
  step: {
    startToCloseTimeout: '10m',
    heartbeatTimeout: '1m',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  },
} as const;

/** The pace of an import: what two processors do beside people's claims without these noticing (docs/explanation/fairness.md). */
export const imports = {
  /** Rows of one step. */
  batchRows: 10,
  /** Rows worked on at a time within a step. */
  rowsAtOnce: 2,
  /** Milliseconds; a batch that took longer is followed by as long a pause, so that a busy machine is left alone more. */
  shortestPauseMs: 1_000,
  /** How many steps of all imports a worker does at a time. */
  stepsAtOnce: 2,
  /** Batches of one run; the next run goes on with a short history. */
  batchesPerRun: 200,
  /** From this attempt on, a row that fails without the rules' doing is given up rather than keep the others waiting. */
  lastAttemptOfRow: 6,
  step: {
    startToCloseTimeout: '2m',
    heartbeatTimeout: '30s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  },
} as const;

/** Deadlines of client calls, in milliseconds. The SDK has none of its own: `other` holds for a call that names none. */
export const clientDeadlines = { answer: 5_000, wake: 2_000, probe: 2_000, query: 3_000, fastForward: 10_000, other: 30_000 } as const;
