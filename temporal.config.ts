/**
 * How cpor uses Temporal, in one place: where the server is, queues, timeouts, retries, search attributes. Plain data without imports, since
 * workflow code reads it too.
 *
 * Retry policies are here, with these exceptions, which have nothing to do with Temporal:
 *
 *   a lost race for a target, and a deadlock     libs/inbox/execute-commands.ts
 *   a look-up in the customer directory          libs/directory/http/http-provider.ts
 *   storing the answer of a mail server          activities/deliver-mails.ts
 *   the first connection to the database         apps/api/src/platform/platform.module.ts, apps/worker/src/worker.module.ts
 *   the first connection to Temporal             apps/worker/src/claim-worker.ts
 *   parts of an embedded product that end        libs/embedded/part.ts
 *
 * Whatever all of them leave undone is found by the reconciliation.
 */

/** Where the server is, and how to reach it. */
export interface TemporalConnection {
  address: string;
  namespace: string;
  apiKey: string | null;
  /** With certificates of one's own in PEM, or the public authorities alone. */
  useTls: boolean | { client: { certificate: Uint8Array; key: Uint8Array } | null; serverCa: Uint8Array | null };
}

export const defaultConnection: TemporalConnection = { address: '127.0.0.1:7233', namespace: 'cpor', apiKey: null, useTls: false };

export const taskQueues = {
  claims: 'claims',
  /** Steps of bulk work, with slots of their own, so that people's commands keep theirs. */
  imports: 'imports',
  /** Deliveries of webhooks, which wait for other people's servers. */
  webhooks: 'webhooks',
} as const;

export const workflowIds = {
  claim: (claimId: string): string => `claim:${claimId}`,
  import: (importId: string): string => `import:${importId}`,
  association: (associationId: string): string => `association:${associationId}`,
  reconciliation: 'reconciliation',
  settlement: 'settlement',
  webhookEndpoint: (endpointId: string): string => `webhook-endpoint:${endpointId}`,
} as const;

/** Custom search attributes of the namespace. They are never encrypted, so they hold no personal data. */
export const searchAttributes = { phase: 'ClaimPhase', partner: 'ClaimPartner', alarmAt: 'ClaimAlarmAt' } as const;

/** Priority keys: commands that somebody waits for come before clocks, and both before bulk work. */
export const priorities = { awaited: 1, alarm: 3, bulk: 5 } as const;

/** A step that normally takes milliseconds, attempted once within the workflow task. */
export const fastStep = { startToCloseTimeout: '3s', scheduleToCloseTimeout: '5s', retry: { maximumAttempts: 1 } } as const;

/** The same step when the database or the directory does not answer: retried until it succeeds, as an activity that operators can see. */
export const durableStep = {
  startToCloseTimeout: '30s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
} as const;

/** Wake-ups of other workflows, attempted within the workflow task. The reconciliation makes up for what failed. */
export const notifyingStep = { startToCloseTimeout: '5s', scheduleToCloseTimeout: '10s', retry: { maximumAttempts: 3 } } as const;

/** A notice or the letters of a claim go to several recipients, one mail at a time. */
export const noticeStep = {
  startToCloseTimeout: '2m',
  heartbeatTimeout: '30s',
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
} as const;

/** The same within the workflow task, attempted once (activities/relay-pace.ts). Ends no sooner, or a mail could be sent twice. */
export const quickNoticeStep = { startToCloseTimeout: noticeStep.startToCloseTimeout, retry: { maximumAttempts: 1 } } as const;

export const reconciliation = {
  /** How often the schedule looks for unprocessed work. */
  every: '1m',
  step: { startToCloseTimeout: '30m', heartbeatTimeout: '1m', retry: { maximumAttempts: 3 } },
  /** Claims that are checked together. */
  pageClaims: 1_000,
  /** Younger work may still be in flight. */
  graceSeconds: 30,
  /** A wake-up that Temporal accepted is not repeated sooner while the claim's workflow runs: the workflow is retrying. */
  wakeAgainAfterSeconds: 600,
  /** An upload of rows that has not completed by then never will. */
  abandonedUploadSeconds: 3_600,
  /** A delivery is attempted at least this often while it is retried: the longest pause of `noticeStep`, and an attempt. */
  noticeSilenceSeconds: 900,
} as const;

/** Files in quarantine are scanned by the schedule of the reconciliation. */
export const evidenceScan = {
  /** Files of one round. */
  filesAtMost: 200,
  step: { startToCloseTimeout: '15m', heartbeatTimeout: '1m', retry: { maximumAttempts: 1 } },
} as const;

/** Deadlines that many claims share are settled in batches, and their alarms fire one after the other. */
export const settlement = {
  /** The smallest number of claims that is settled in batches; fewer settle at once by their own workflows. */
  fromClaims: 20,
  batchClaims: 200,
  /** Concurrent transactions. */
  claimsAtOnce: 8,
  /** What a small server settles at the least. */
  claimsPerSecond: 150,
  /**
   * Alarms of a shared deadline fire no sooner after it, in seconds. Each is set while others join: a claim that came when twenty shared the
   * deadline must not fire beside a batch of five thousand.
   */
  shortestBatchSeconds: 30,
  /** What it handles besides without people noticing. */
  alarmsPerSecond: 40,
  pauseWhenStuck: '10s',
  step: {
    startToCloseTimeout: '10m',
    heartbeatTimeout: '1m',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  },
} as const;

/** The pace of an import: what two processors do without people's claims being delayed (docs/explanation/fairness.md). */
export const imports = {
  /** Rows of one step. */
  batchRows: 10,
  /** Concurrent rows within a step. */
  rowsAtOnce: 2,
  /** In milliseconds. A batch that took longer is followed by an equally long pause, so that a busy machine gets more rest. */
  shortestPauseMs: 1_000,
  /** Concurrent steps of all imports in one worker. */
  stepsAtOnce: 2,
  /** Batches of one run; the next run continues with a short history. */
  batchesPerRun: 200,
  /** From this attempt on, a row that fails for any reason but the rules is given up rather than block the others. */
  lastAttemptOfRow: 6,
  step: {
    startToCloseTimeout: '2m',
    heartbeatTimeout: '30s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '30s' },
  },
} as const;

/** Deliveries to webhook endpoints. */
export const webhooks = {
  /** How often a worker looks whether endpoints have new events: the longest delay of a delivery to a healthy endpoint, and while there are none. */
  pollMs: 500,
  idlePollMs: 5_000,
  tidyEveryMs: 3_600_000,
  /** How long one step delivers, in milliseconds, besides the request under way. */
  batchMs: 20_000,
  /** Steps of one run; the next run continues with a short history. */
  batchesPerRun: 200,
  /** Concurrent steps in one worker, each for one endpoint. They mostly wait: a hundred endpoints that hang leave room for others. */
  stepsAtOnce: 200,
  step: {
    startToCloseTimeout: '2m',
    heartbeatTimeout: '30s',
    retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '1m' },
  },
} as const;

/** Deadlines of client calls, in milliseconds, with all their retries. The SDK has none of its own; `other` applies to a call that names none. */
export const clientDeadlines = { answer: 5_000, wake: 2_000, probe: 2_000, query: 3_000, fastForward: 10_000, other: 30_000 } as const;

/** Retries of client calls are the SDK's own, with pauses capped at this: after a longer one no call would be left to wait. */
export const clientRetries = { longestPauseMs: 1_000 } as const;

/** How often Temporal is probed while it is away, with a pause that doubles. */
export const outageProbe = { firstPauseMs: 100, longestPauseMs: 1_000 } as const;

/** Callers of the API that wait for an outcome; everyone beyond these limits gets 202 at once. */
export const awaiting = {
  /** Chosen, not measured: enough to keep two processors busy, and fewer than the connections to the database. */
  places: 16,
  /** Chosen, not measured: one partner leaves a quarter of the places to others, and one claim three quarters. */
  placesOfPartner: 12,
  placesOfClaim: 4,
  /** A claim that gave no answer within its deadline is not waited for again for as long. */
  silenceMs: clientDeadlines.answer,
} as const;

/** Wake-ups that the API sends in the background. What it drops, the reconciliation sends within a minute. */
export const waking = {
  /** Concurrent calls. Chosen, not measured: half as many as callers who wait, so that these come first. */
  atOnce: 8,
  /** Concurrent calls about commands that were executed already: as many as callers who wait, so that none of these queues up. */
  reportsAtOnce: 16,
  /** With a pause that doubles: four pauses are 15 s, after which the reconciliation is close. Temporal being away does not count as an attempt. */
  attempts: 5,
  firstPauseMs: 1_000,
  /** Bounds memory: a wake-up takes a few hundred bytes. One partner leaves half of the queue to others. */
  queueLimit: 10_000,
  queueLimitOfPartner: 5_000,
  /**
   * While the event loop is busy for more than this share of its time, wake-ups pause and the API accepts commands. Measured on two loaded
   * processors, in turns: a burst of 1,000 was accepted at 62, 66 and 88 a second with the pause, and at 43 and 46 without.
   */
  busyShare: 0.7,
  /** The share is measured over at least this long; a shorter look is noise. */
  busyWindowMs: 50,
  busyPauseMs: 100,
  /** A process that is always busy still sends a wake-up this often, in each of its lanes. */
  longestBusyPauseMs: 5_000,
} as const;
