import type { History } from '@temporalio/common/lib/proto-utils.js';
import proto from '@temporalio/proto';
import type { DataSource } from 'typeorm';
import type { DirectoryProvider } from '#libs/directory/index.js';
import type { CodecKey } from '#libs/engine/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { moveClock } from '#libs/sandbox/index.js';
import { readClock } from '#libs/event-store/index.js';
import { workflowIds } from '../../temporal.config.js';
import { addTenants, type ClaimOptions, type ClaimSurroundings, publishBriefProgramme, reviewer, TestClaim } from './claims.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { TestRelay } from './relay.js';
import { createTestNamespace, type TestNamespace } from './temporal.js';
import { waitFor } from './wait.js';
import { startTestWorker, TestDirectory, type TestWorker, type TestWorkerOptions } from './worker.js';

const { EventType } = proto.temporal.api.enums.v1;

/** Programmes whose window lasts some seconds. */
export const brief = { name: 'brief', seconds: 2 };

/** The day after which every clock that a test may have started is over. */
export const days = (count: number): number => count * 86_400_000;

export interface StageOptions {
  codecKeys?: CodecKey[] | undefined;
  isBare?: boolean;
  change?: TestWorkerOptions['change'];
  /** The worker's directory, when it is not the one in the database. */
  openDirectory?: (source: DataSource) => Promise<DirectoryProvider>;
}

/** Everything but the API, for one test file: database, Temporal namespace, mail relay, directory and worker. */
export class Stage implements ClaimSurroundings {
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

  /** A customer without claims. */
  newTenant(): { tenantId: string; domain: string } {
    return this.tenants.pop()!;
  }

  /** A draft with evidence, for a customer of its own. */
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

  /** Approved, with the notice on its way. */
  async approved(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = await this.submitted(options);
    await claim.executeCommand('approveClaim', reviewer, {});
    return claim;
  }

  /** Approved, and every mail taken: the customer's window is open. */
  async told(options: ClaimOptions = {}): Promise<TestClaim> {
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

  /** Moves the product's clock, and with it the workflows whose deadline has come. */
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

  async history(claim: TestClaim, runId?: string): Promise<History> {
    return this.handle(claim, runId).fetchHistory();
  }

  /** Names of a run's history events, such as `TimerFired`. */
  async historyTypes(claim: TestClaim, runId?: string): Promise<string[]> {
    return namesOf(await this.history(claim, runId));
  }

  /** The runs of a claim, oldest first, as the server lists them once it has noticed them. */
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
