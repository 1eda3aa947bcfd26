import { createHash, randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import {
  type Actor,
  type ClaimDetails,
  type ClaimState,
  type CommandBodies,
  type CommandType,
  commandTable,
  type Phase,
  systemActor,
} from '#libs/claims/index.js';
import { type DirectoryDocument, type DirectoryProvider, importDirectory, parseDirectory, sampleDirectory } from '#libs/directory/index.js';
import type { ClaimEngine, EngineClaim } from '#libs/engine/index.js';
import { readClock, type RecordedEvent, readEvents } from '#libs/event-store/index.js';
import { EvidenceStore } from '#libs/evidence/index.js';
import {
  acceptCommand,
  askDirectory,
  type CommandOutcome,
  domainOf,
  executeCommands,
  type Execution,
  executeWithin,
  findCommand,
  type NewCommand,
  type PersonalItem,
} from '#libs/inbox/index.js';
import { type ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { evergreen, ironbridge, northwind } from './sample-directory.js';

export { evergreen, ironbridge, northwind };

export const reviewer: Actor = { kind: 'reviewer', subject: 'reviewer-1', actsFor: [] };
export const secondReviewer: Actor = { kind: 'reviewer', subject: 'reviewer-2', actsFor: [] };
export const customer: Actor = { kind: 'customer', subject: 'customer-1', actsFor: [] };

/** What a test claim runs on; a `Stage` is one. Without an engine, commands are executed by the test. */
export interface ClaimServices {
  source: DataSource;
  library: ProgrammeLibrary;
  directory: DirectoryProvider;
  engine?: ClaimEngine | undefined;
}

export interface ClaimOptions {
  programme?: string;
  partner?: typeof evergreen;
  tenant?: { tenantId: string; domain: string };
  products?: string[];
  customerEmail?: string;
}

/** Options of a command besides its body. */
export interface CommandOptions {
  commandId?: string;
  expectedVersion?: number;
  fingerprint?: string;
  personal?: PersonalItem[];
  /** False stores the command without a directory answer, as the API does while the directory is down. */
  withFacts?: boolean;
}

let numbers = 0;

/** Use it to drive a claim by commands without HTTP: stores them in the inbox as the API does, and reads their outcomes. */
export class TestClaim implements EngineClaim {
  readonly claimId = randomUUID();
  readonly partnerAccountId: string;
  readonly partner: Actor;
  readonly number = `CLM-${String(++numbers).padStart(6, '0')}`;
  readonly customerEmail: string;
  readonly details: ClaimDetails;

  constructor(
    private readonly services: ClaimServices,
    options: ClaimOptions = {},
  ) {
    const { programme = 'sample', partner = evergreen, tenant = northwind, products = ['exchange'] } = options;
    this.customerEmail = options.customerEmail ?? `ann.lee@${tenant.domain}`;
    this.partnerAccountId = partner.accountId;
    this.partner = { kind: 'partner', subject: `partner-of-${partner.partnerId}`, actsFor: [partner.accountId] };
    this.details = {
      programme,
      name: 'Mail for everyone',
      partnerId: partner.partnerId,
      tenantId: tenant.tenantId,
      domain: tenant.domain,
      area: 'modern_work_security',
      lines: products.map((product, index) => ({ line: index + 1, product, subscriptionId: null, activities: ['usage'] })),
      contacts: { customer: this.contact(this.customerEmail), partner: this.contact('pat@evergreen.example'), technical: null },
      revenue: null,
      acknowledgementVersion: 1,
      transactionOn: null,
      isOptedOutOfIncentives: false,
      externalReference: null,
      tags: [],
    };
  }

  contact(email: string): NonNullable<ClaimDetails['contacts']['customer']> {
    return { personId: randomUUID(), emailDomain: domainOf(email), missingFields: [] };
  }

  /** Creates the draft in one transaction; a refused draft leaves nothing behind. */
  async draft(): Promise<CommandOutcome | null> {
    const { source, library } = this.services;
    const { number, partnerAccountId, details } = this;
    const { customer: customerContact, partner } = details.contacts;
    const personal = [
      {
        personId: customerContact!.personId,
        kind: 'contact' as const,
        content: { name: 'Ann Lee', title: 'CIO', email: this.customerEmail },
      },
      { personId: partner!.personId, kind: 'contact' as const, content: { name: 'Pat Roe', email: 'pat@evergreen.example' } },
    ];
    const command = await this.command('draftClaim', this.partner, { number, partnerAccountId, details }, { personal });
    let outcome: CommandOutcome | null = null;
    const creation = source.transaction(async (manager) => {
      await manager.query('INSERT INTO claims (claim_id, number, partner_account_id) VALUES ($1, $2, $3)', [
        this.claimId,
        number,
        partnerAccountId,
      ]);
      await acceptCommand(manager, command);
      await executeWithin(manager, library, this.claimId);
      outcome = (await findCommand(manager, command.commandId))!.outcome;
      if (outcome?.status === 'refused') throw new Error('The draft is refused.');
    });
    await creation.catch((error) => {
      if (outcome?.status !== 'refused') throw error;
    });
    return outcome;
  }

  /** Creates a command as the API would store it. */
  async command<Type extends CommandType>(
    type: Type,
    actor: Actor,
    body: CommandBodies[Type],
    options: CommandOptions = {},
  ): Promise<NewCommand> {
    const { withFacts = commandTable[type].needsDirectory, personal = [], ...rest } = options;
    const { directory } = this.services;
    const evidence = withFacts ? await askDirectory(directory, this.claimId, this.details) : null;
    return {
      commandId: randomUUID(),
      fingerprint: 'one-request',
      ...rest,
      claimId: this.claimId,
      command: { type, actor, body } as NewCommand['command'],
      facts: evidence?.facts ?? null,
      personal: [...(evidence?.personal ?? []), ...personal],
    };
  }

  /** Stores a command in the inbox and returns its id. */
  async accept<Type extends CommandType>(
    type: Type,
    actor: Actor,
    body: CommandBodies[Type],
    options: CommandOptions = {},
  ): Promise<{ commandId: string; receivedAt: string }> {
    const command = await this.command(type, actor, body, options);
    const acceptance = await acceptCommand(this.services.source.manager, command);
    if (!('command' in acceptance)) throw new Error(`${type} was not accepted: ${acceptance.result}.`);
    return { commandId: command.commandId, receivedAt: acceptance.command.receivedAt };
  }

  execute(): Promise<Execution> {
    return executeCommands(this.services.source, this.services.library, this.claimId);
  }

  /** Stores a command, wakes the claim's workflow and returns the outcome. */
  async executeCommand<Type extends CommandType>(
    type: Type,
    actor: Actor,
    body: CommandBodies[Type],
    options: CommandOptions = {},
  ): Promise<CommandOutcome | null> {
    const { commandId } = await this.accept(type, actor, body, options);
    await this.services.engine!.executeCommand(this, type, commandId);
    return this.outcome(commandId);
  }

  /** Records that the mail server accepted every mail of the latest notice, by default now: the consent window opens. */
  async deliverNotice(acceptedAt?: string): Promise<Execution> {
    const { noticeId, recipients } = (await this.row()).state.notices.at(-1)!;
    const at = acceptedAt ?? (await readClock(this.services.source));
    const results = recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt: at }));
    await this.accept('recordNoticeDelivery', systemActor, { noticeId, results });
    return this.execute();
  }

  /** Adds evidence to the draft. With content the file is stored too, as the API does. Returns the evidence's id. */
  async addEvidence(content?: Buffer): Promise<string> {
    const sha256 = content === undefined ? '0'.repeat(64) : createHash('sha256').update(content).digest('hex');
    const evidence = { evidenceId: randomUUID(), sha256, signedOn: await this.today(), cover: null };
    if (content !== undefined) {
      const file = {
        id: evidence.evidenceId,
        claimId: this.claimId,
        sha256,
        mediaType: 'application/pdf',
        fileName: 'signed.pdf',
        content,
      };
      await new EvidenceStore(this.services.source).insert({ ...file, signedOn: null, uploadedBy: 'ann', scanResult: 'unscanned' });
    }
    await this.accept('addEvidence', this.partner, { evidence });
    await this.execute();
    return evidence.evidenceId;
  }

  async outcome(commandId: string): Promise<CommandOutcome | null> {
    return (await findCommand(this.services.source.manager, commandId))?.outcome ?? null;
  }

  events(): Promise<RecordedEvent[]> {
    return readEvents(this.services.source.manager, this.claimId);
  }

  async eventTypes(): Promise<string[]> {
    return (await this.events()).map(({ type }) => type);
  }

  async row(): Promise<{ phase: Phase; version: number; is_open: boolean; alarm_at: Date | null; state: ClaimState }> {
    const [row] = await this.services.source.query('SELECT phase, version, is_open, alarm_at, state FROM claims WHERE claim_id = $1', [
      this.claimId,
    ]);
    return row;
  }

  async phase(): Promise<Phase> {
    return (await this.row()).phase;
  }

  private async today(): Promise<string> {
    const [row] = await this.services.source.query<[{ today: string }]>(
      `SELECT to_char(cpor_now() AT TIME ZONE 'America/New_York', 'YYYY-MM-DD') AS today`,
    );
    return row.today;
  }
}

/** Publishes the sample programme under another name, with a customer window of a few seconds. */
export async function publishBriefProgramme(source: DataSource, name: string, seconds: number): Promise<void> {
  const clocks = { ...samplePolicy.clocks, consentWindow: { days: seconds, unit: 'second' as const } };
  await source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ($1, 1, '2025-01-01', $2)`, [
    name,
    { ...samplePolicy, name, clocks },
  ]);
}

/** Adds customers like Northwind, each with one administrator, so that claims do not compete. They have only the given subscriptions. */
export async function addTenants(
  source: DataSource,
  count: number,
  subscriptions: DirectoryDocument['tenants'][number]['subscriptions'] = [],
): Promise<{ tenantId: string; domain: string }[]> {
  const parsed = parseDirectory(sampleDirectory);
  if (!parsed.ok) throw new Error('The sample directory has faults.');
  const like = parsed.document.tenants.find((tenant) => tenant.tenantId === northwind.tenantId)!;
  const tenants = Array.from({ length: count }, (_, index): DirectoryDocument['tenants'][number] => {
    const domain = `customer-${randomUUID().slice(0, 8)}.example`;
    const admins = [{ adminId: randomUUID(), name: `Admin ${index}`, email: `admin@${domain}` }];
    return { ...like, tenantId: randomUUID(), name: `Customer ${index}`, domains: [domain], admins, subscriptions, orders: [] };
  });
  const imported = await source.transaction((manager) => importDirectory(manager, { accounts: [], tenants }));
  if (!imported.ok) throw new Error(`The customers were not imported: ${JSON.stringify(imported.faults).slice(0, 300)}`);
  return tenants.map(({ tenantId, domains }) => ({ tenantId, domain: domains[0]! }));
}
