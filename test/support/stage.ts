import type { History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import type { DataSource } from 'typeorm';
import type { DirectoryProvider } from '#libs/directory/index.js';
import type { CodecKey } from '#libs/engine/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { moveClock } from '#libs/sandbox/index.js';
import { readClock } from '#libs/event-store/index.js';
import { workflowIds } from '../../temporal.config.js';
import { addTenants, type ClaimOptions, type ClaimServices, publishBriefProgramme, reviewer, TestClaim } from './claims.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { TestRelay } from './relay.js';
import { createTestNamespace, type TestNamespace } from './temporal.js';
import { waitFor } from './wait.js';
import { startTestWorker, TestDirectory, type TestWorker, type TestWorkerOptions } from './worker.js';

const { EventType } = proto.temporal.api.enums.v1;

/** The sample programme with a customer window of a few seconds. */
export const brief = { name: 'brief', seconds: 2 };

/** Returns days in milliseconds. */
export const days = (count: number): number => count * 86_400_000;

export interface StageOptions {
  codecKeys?: CodecKey[] | undefined;
  isBare?: boolean;
  change?: TestWorkerOptions['change'];
  /** Opens the worker's directory; default: the one in the database. */
  openDirectory?: (source: DataSource) => Promise<DirectoryProvider>;
}

/** Use it when timers, mails or workflows matter: a database, Temporal namespace, mail relay, directory and worker for one test file. */
export class Stage implements ClaimServices {
  readonly relay = new TestRelay();
  worker: TestWorker | undefined;
  private tenants: { tenantId: string; domain: string }[] = [];
  private workerDirectory!: DirectoryProvider;

  private constructor(
    readonly database: TestDatabase,
    readonly namespace: TestNamespace,
    readonly library: ProgrammeLibrary,
    readonly directory: TestDirectory,
  ) {}

  static async open({ codecKeys, isBare, change, openDirectory }: StageOptions = {}): Promise<Stage> {
    const database = await createTestDatabase({ poolSize: 20 });
    await publishBriefProgramme(database.source, brief.name, brief.seconds);
    const tenants = await addTenants(database.source, 80);
    const namespace = await createTestNamespace(codecKeys, isBare);
    const stage = new Stage(database, namespace, new ProgrammeLibrary(database.source), new TestDirectory(database.source));
    stage.tenants = tenants;
    try {
      stage.workerDirectory = (await openDirectory?.(database.source)) ?? stage.directory;
      await stage.relay.start();
      await stage.startWorker(change);
      return stage;
    } catch (error) {
      await stage.close();
      throw error;
    }
  }

  get source() {
    return this.database.source;
  }

  get engine() {
    return this.namespace.engine;
  }

  async startWorker(change?: TestWorkerOptions['change'], changeBulk?: TestWorkerOptions['changeBulk']): Promise<void> {
    const { namespace, source, workerDirectory: directory } = this;
    this.worker = await startTestWorker({ namespace, source, directory, relayUrl: this.relay.url, ...(change && { change }), changeBulk });
  }

  async stopWorker(): Promise<void> {
    await this.worker?.stop();
    this.worker = undefined;
  }

  async close(): Promise<void> {
    await this.stopWorker();
    await this.relay.stop();
    await this.namespace.close();
    await this.database.close();
  }

  /** Returns a customer that has no claims yet. */
  newTenant(): { tenantId: string; domain: string } {
    return this.tenants.pop()!;
  }

  /** Creates a draft with evidence, for a new customer. */
  async drafted(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = new TestClaim(this, { tenant: this.tenants.pop()!, ...options });
    await claim.draft();
    await claim.addEvidence();
    return claim;
  }

  async submitted(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = await this.drafted(options);
    await claim.executeCommand('submitClaim', claim.partner, {});
    return claim;
  }

  /** Creates an approved claim whose notice is in flight. */
  async approved(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = await this.submitted(options);
    await claim.executeCommand('approveClaim', reviewer, {});
    return claim;
  }

  /** Creates a claim whose customer has been notified: every mail was accepted, and the consent window is open. */
  async notified(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = await this.approved(options);
    await this.untilWindow(claim);
    return claim;
  }

  async untilWindow(claim: TestClaim): Promise<void> {
    await waitFor('the window to open', async () => {
      const notice = (await claim.row()).state.notices.at(-1);
      return notice !== undefined && notice.closesAt !== null && notice.recipients.every((recipient) => recipient.state === 'accepted');
    });
  }

  async until(claim: TestClaim, phase: string, limitMs?: number): Promise<void> {
    await waitFor(`claim ${claim.claimId} to be ${phase}`, async () => (await claim.phase()) === phase, limitMs);
  }

  /** Advances the product's clock, and fires the workflows' timers that are due. */
  async advance(ms: number): Promise<void> {
    const to = new Date(Date.parse(await readClock(this.source)) + ms).toISOString();
    await moveClock(this.source, this.engine, to);
  }

  handle(claim: TestClaim, runId?: string) {
    return this.namespace.client.workflow.getHandle(workflowIds.claim(claim.claimId), runId);
  }

  async status(claim: TestClaim): Promise<string> {
    return (await this.handle(claim).describe()).status.name;
  }

  async untilStatus(claim: TestClaim, status: string): Promise<void> {
    await waitFor(`the workflow to be ${status}`, async () => (await this.status(claim)) === status);
  }

  /** Waits until the claim's workflow has no activity and no task left: its letters are sent, and it only waits for messages and clocks. */
  async untilIdle(claim: TestClaim): Promise<void> {
    await waitFor('the workflow to be idle', async () => {
      const { pendingActivities, pendingWorkflowTask } = (await this.handle(claim).describe()).raw;
      return (pendingActivities ?? []).length === 0 && !pendingWorkflowTask;
    });
  }

  async history(claim: TestClaim, runId?: string): Promise<History> {
    return this.handle(claim, runId).fetchHistory();
  }

  /** Returns the types of a run's history events, such as `TimerFired`. */
  async historyTypes(claim: TestClaim, runId?: string): Promise<string[]> {
    return namesOf(await this.history(claim, runId));
  }

  /** Returns the runs of a claim, oldest first, once the server lists them. */
  async runs(claim: TestClaim): Promise<{ runId: string; status: string; startTime: Date }[]> {
    const found = [];
    for await (const { runId, status, startTime } of this.namespace.client.workflow.list({
      query: `WorkflowId = '${workflowIds.claim(claim.claimId)}'`,
    })) {
      found.push({ runId, status: status.name, startTime });
    }
    return found.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  }
}

export function namesOf(history: History): string[] {
  return (history.events ?? []).map(({ eventType }) => camel(EventType[eventType!]));
}

const camel = (name: string): string =>
  name
    .replace(/^EVENT_TYPE_/, '')
    .toLowerCase()
    .replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
