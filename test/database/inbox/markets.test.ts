import { expect } from 'chai';
import fc from 'fast-check';
import { nextDeadlineAt, phaseOf, positionOf } from '#libs/claims/index.js';
import { verifyChains } from '#libs/event-store/index.js';
import { type AssociationEvent, associationTypes, beginning, readFeed } from '#libs/event-feed/index.js';
import { type CommandOutcome, verifyStates } from '#libs/inbox/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { verifyClaims, verifyFeed } from '#libs/audit-trail/index.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { DatabaseMarket, type PlayedClaim, type Turn, worldChanges } from '../../support/database-market.js';
import { countOf } from '../../support/extent.js';
import {
  expectHearingsAndRecords,
  expectOpenLinesToWait,
  expectOneHolderAtATime,
  expectRefusalsToBind,
  expectSignaturesByTheirCode,
  type Tenure,
  tenuresOf,
} from '../../support/market-laws.js';
import { challenge, opening, type Step, step } from '../../support/market-moves.js';
import { type ReadRow, readRows, rebuiltRows } from '../../support/rebuilt-rows.js';
import { TestDirectory } from '../../support/worker.js';

/** The default takes half a minute. `CPOR_MARKETS=1000` plays more markets, and `CPOR_SEED` repeats those of an earlier run. */
const markets = countOf('CPOR_MARKETS', 25, 250);
/** Far above what a market takes on an idle machine: a long run beside other work must not fail for its time. */
const limitMs = 60_000 + markets * 20_000;
const seed = process.env['CPOR_SEED'] === undefined ? {} : { seed: Number(process.env['CPOR_SEED']) };

/** Programmes that differ in when the customer is notified, what is exclusive, what is approved by rule, and when an association ends by itself. */
const programmes = {
  plain: {},
  early_notice: { noticeTiming: 'on_submit' as const },
  per_activity: { exclusivityKey: 'target_and_activity' as const },
  automatic: {
    automaticApprovals: [
      { code: 'all', areas: ['modern_work_security'], activities: ['usage'], products: null, template: null, maximumLines: null },
    ],
  },
  /** A partner may claim again as soon as the customer has refused it. */
  lenient: { clocks: { ...samplePolicy.clocks, coolDownCalendarDays: 0 } },
  strict: { termMonths: 2, whenEnrolmentIsLost: 'end' as const },
};

const names = <Named extends object>(of: Named) => Object.keys(of) as (keyof Named & string)[];

const turns: fc.Arbitrary<Turn[]> = fc.array(
  fc.record({
    steps: fc.oneof(
      { weight: 4, arbitrary: fc.uniqueArray(step, { minLength: 1, maxLength: 4, size: 'max', selector: ({ claim }) => claim }) },
      { weight: 1, arbitrary: fc.array(step, { minLength: 2, maxLength: 4, size: 'max' }) },
    ),
    isParallel: fc.boolean(),
    jumpsToNextDeadline: fc.integer({ min: 0, max: 7 }).map((drawn) => drawn === 0),
    skipsDraining: fc.integer({ min: 0, max: 7 }).map((drawn) => drawn === 0),
    world: fc.option(fc.constantFrom(...worldChanges), { freq: 12 }),
  }),
  { minLength: 10, maxLength: 26 },
);

const inTurn = (steps: Step[]): Turn[] =>
  steps.map((single) => ({ steps: [single], isParallel: false, jumpsToNextDeadline: false, skipsDraining: false, world: null }));
const openings = { held: inTurn(opening), challenged: inTurn([...opening, ...challenge]) };

/** A turn just before a deadline, whose inboxes are not drained at once. */
const beforeDeadline = (...steps: [claim: number, kind: Step['kind']][]): Turn => ({
  steps: steps.map(([claim, kind]) => ({ claim, kind, hours: 0, choice: 0 })),
  isParallel: false,
  jumpsToNextDeadline: true,
  skipsDraining: true,
  world: null,
});

/**
 * A regression that a random run found: a holder that lost its enrolment is overdue and waits for the directory, while its rival becomes
 * official and ends its association at the same instant. The feed used to report the rival before the holder's end.
 */
const overdueHolder: Turn[] = [
  beforeDeadline([0, 'proceed'], [0, 'proceed']),
  beforeDeadline([0, 'proceed']),
  beforeDeadline([0, 'proceed']),
  { ...beforeDeadline([1, 'disassociate'], [0, 'proceed'], [0, 'proceed']), world: 'enrolment' },
  beforeDeadline([0, 'proceed']),
  { ...beforeDeadline([1, 'proceed'], [0, 'proceed']), skipsDraining: false },
  beforeDeadline([0, 'proceed']),
];

/** A regression that a random run found: a request to sign that was forwarded had its first addressee again after the rows were rebuilt. */
const forwardedRequest: Turn[] = inTurn([
  { claim: 0, kind: 'sign', hours: 0, choice: 1 },
  { claim: 0, kind: 'sign', hours: 0, choice: 8 },
]);

describe('a random market on a real database', function () {
  this.timeout(limitMs + 60_000);
  let database: TestDatabase;
  const covered = {
    played: 0,
    associations: 0,
    supersessions: 0,
    transfers: 0,
    lostRaces: 0,
    served: 0,
    signed: 0,
    refusals: new Set<string>(),
    types: new Set<string>(),
  };

  before(async () => {
    database = await createTestDatabase({ poolSize: 16 });
    for (const [name, more] of Object.entries(programmes)) {
      const body = { ...samplePolicy, ...more, name };
      await database.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ($1, 1, '2025-01-01', $2)`, [
        name,
        body,
      ]);
    }
    // Reports deadlocks early, so that they do not cost a second each.
    await asSuperuser(database, `ALTER DATABASE ${database.name} SET deadlock_timeout = '20ms'`);
  });

  after(async () => {
    // A long run prints what it has covered.
    if (process.env['CPOR_MARKETS'] !== undefined) console.log({ ...covered, refusals: covered.refusals.size, types: covered.types.size });
    await database?.close();
  });

  /** Plays a market in an emptied database that keeps only the programmes. */
  async function play(programme: string, from: Turn[]): Promise<DatabaseMarket> {
    await asSuperuser(
      database,
      'TRUNCATE claims, feed_queue, partner_subjects, sandbox_clock, directory_accounts, directory_tenants CASCADE',
    );
    const market = new DatabaseMarket(database.source, new TestDirectory(database.source), programme);
    await market.open();
    for (const turn of from) {
      await market.play(turn);
      await expectStatesFolded();
    }
    // An imminent deadline passes now rather than during the checks.
    await market.advanceClock(60_000);
    await market.settle();
    return market;
  }

  /** Commands are decided on the stored state, so it has to be right after every one of them. */
  async function expectStatesFolded(): Promise<void> {
    for await (const { changed } of verifyStates(database.source.manager)) expect(changed).to.deep.equal([]);
  }

  it('keeps one partner per target, rows that match the events, and a feed in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names(programmes)),
        fc.constantFrom(...names(openings)),
        turns,
        async (programme, opened, from) => {
          const market = await play(programme, [...openings[opened], ...from]);
          await expectLaws(market);
          covered.played++;
        },
      ),
      // A failing market is shrunk while there is time.
      {
        numRuns: markets,
        includeErrorInReport: true,
        examples: [
          ['strict', 'challenged', overdueHolder],
          ['plain', 'held', forwardedRequest],
        ],
        ...seed,
        interruptAfterTimeLimit: limitMs,
        markInterruptAsFailure: true,
      },
    );
    // Proves that the laws were put to the test. A few markets alone may not cover everything.
    if (markets < 200) return;
    expect(covered.associations).to.be.greaterThan(markets / 2);
    expect(covered.supersessions).to.be.greaterThan(markets / 40);
    expect(covered.served).to.be.greaterThan(markets / 2);
    expect(covered.signed).to.be.greaterThan(0);
    expect(covered.types.size).to.be.greaterThan(25);
    expect([...covered.refusals]).to.include.members(['not_in_phase', 'holder_not_heard', 'decision_record_required', 'duplicate_own']);
  });

  async function expectLaws(market: DatabaseMarket): Promise<void> {
    const claims = await market.read();
    const tenures = claims.flatMap(({ claimId, state }) => tenuresOf(claimId, state));
    expectOneHolderAtATime(tenures);
    expectRefusalsToBind(claims);
    for (const { state, events } of claims) {
      expectOpenLinesToWait(state);
      expectHearingsAndRecords(events);
      covered.signed += expectSignaturesByTheirCode(events);
    }
    await expectHoldersToKnow(claims);
    await expectInboxesDone(claims);
    await expectRowsOf(claims, tenures);
    await expectFeedInOrder(market.receivedEvents, tenures);
    expectServedWhileLive(market, tenures);
    await expectChainsIntact();
    await expectNothingPending(market);
    count(market, claims, tenures);
  }

  function count(market: DatabaseMarket, claims: PlayedClaim[], tenures: Tenure[]): void {
    covered.associations += tenures.length;
    covered.supersessions += tenures.filter(({ reason }) => reason === 'superseded').length;
    covered.transfers += tenures.filter(({ reason }) => reason === 'transferred').length;
    covered.lostRaces += market.lostRaces;
    covered.served += market.served.length;
    for (const { events } of claims) for (const { type } of events) covered.types.add(type);
  }

  /** Every holder of a target that another partner claims has been warned: without a hearing the rivals could never be decided. */
  async function expectHoldersToKnow(claims: PlayedClaim[]): Promise<void> {
    const pairs = await database.source.query<{ holder: string; holderLine: number; challenger: string }[]>(
      `SELECT a.claim_id AS holder, a.line AS "holderLine", l.claim_id AS challenger
       FROM associations a JOIN claim_lines l USING (target) JOIN claims c ON c.claim_id = l.claim_id
       WHERE a.ended_at IS NULL AND c.partner_account_id <> a.partner_account_id
         AND l.phase IN ('submitted', 'under_review', 'action_required', 'disputed')`,
    );
    for (const { holder, holderLine, challenger } of pairs) {
      const line = claims.find(({ claimId }) => claimId === holder)!.state.lines.find(({ line }) => line === holderLine)!;
      expect(line.hearing?.challengers, `${holder} was not warned of ${challenger}`).to.include(challenger);
    }
  }

  /** Every command has an outcome; executed commands left their events in the order of the inbox, and refused ones left none. */
  async function expectInboxesDone(claims: PlayedClaim[]): Promise<void> {
    const commands = await database.source.query<
      { commandId: string; claimId: string; type: string; by: string; outcome: CommandOutcome | null }[]
    >(
      `SELECT command_id AS "commandId", claim_id AS "claimId", type, actor ->> 'kind' AS by, outcome FROM claim_commands
       ORDER BY claim_id, received_at, sequence`,
    );
    const consequences = ['warnHolder', 'recordRefusal', 'recordRivals', 'supersedeAssociation'];
    for (const { claimId, events } of claims) {
      let version = 0;
      for (const { commandId, type, outcome } of commands.filter((command) => command.claimId === claimId)) {
        expect(outcome, `${type} of ${claimId}`).not.to.equal(null);
        const caused = events.filter((event) => event.commandId === commandId).map((event) => event.version);
        if (outcome!.status === 'refused') {
          for (const { code, severity } of outcome!.findings) if (severity === 'error') covered.refusals.add(code);
          expect(caused, `refused ${type}`).to.deep.equal([]);
        } else if (caused.length > 0) {
          expect(caused).to.deep.equal(caused.map((_, index) => outcome!.version - caused.length + 1 + index));
        }
        // A consequence of another claim takes effect at that claim's instant, however late it arrives.
        if (consequences.includes(type)) continue;
        expect(outcome!.version, `${type} out of order`).to.be.at.least(version);
        version = outcome!.version;
      }
      const known = new Set(commands.map(({ commandId }) => commandId));
      expect(events.filter(({ commandId }) => commandId !== null && !known.has(commandId))).to.deep.equal([]);
    }
  }

  async function expectRowsOf(claims: PlayedClaim[], tenures: Tenure[]): Promise<void> {
    const { live, rebuilt, derived } = await rebuiltRows(database);
    expect(rebuilt, 'rows from the events').to.deep.equal(live);
    // A state does not record who decided between rivals, although those reviewers are also barred from the dispute.
    const comparable = (rows: ReadRow[]) => rows.map(({ kind, row: { barred_reviewers: _, ...row } }) => ({ kind, row }));
    expect(comparable(derived), 'list columns from the states').to.deep.equal(comparable(live));
    const at = (instant: string | null) => (instant === null ? null : new Date(instant).toISOString());
    const rows = (kind: string) => live.flatMap((row) => (row.kind === kind ? [row.row as Record<string, string>] : []));
    expect(
      rows('claim').map((row) => [
        row['claim_id'],
        row['phase'],
        row['is_open'],
        at(row['alarm_at'] ?? null),
        row['version'],
        row['partner_id'],
      ]),
    ).to.have.deep.members(
      claims.map(({ claimId, state }) => [
        claimId,
        phaseOf(state),
        positionOf(state).isOpen,
        nextDeadlineAt(state),
        state.version,
        state.details.partnerId,
      ]),
    );
    expect(
      rows('association').map((row) => [
        row['association_id'],
        row['target'],
        at(row['official_at']!),
        at(row['ended_at']!),
        row['end_reason'],
      ]),
    ).to.have.deep.members(tenures.map(({ associationId, target, from, to, reason }) => [associationId, target, from, to, reason]));
  }

  /** A reader of the feed sees each association begin and end once, and never two holders of one target. */
  async function expectFeedInOrder(received: AssociationEvent[], tenures: Tenure[]): Promise<void> {
    const reading = { after: beginning, types: associationTypes, limit: 10_000 };
    const page = await readFeed(database.source.manager, { kind: 'everything' }, reading);
    expect(received).to.deep.equal(page.items.map(({ event }) => event));
    expect(new Set(received.map(({ eventId }) => eventId)).size).to.equal(received.length);
    const holders = new Map<string, string>();
    const seen = new Map<string, Partial<Tenure>>();
    for (const { type, associationId, claimId, target, from, to, endReason: reason } of received) {
      if (type === 'association.official') {
        // When two claims swap targets, the feed reports one of them first.
        const displaced = tenures.find((tenure) => tenure.associationId === holders.get(target));
        expect(displaced?.to ?? from, `${target} is held`).to.equal(from);
        holders.set(target, associationId);
        seen.set(associationId, { associationId, claimId, target, from, to, reason });
      }
      if (type === 'association.ended') {
        if (holders.get(target) === associationId) holders.delete(target);
        expect(seen.get(associationId)?.from).to.equal(from);
        seen.set(associationId, { associationId, claimId, target, from, to, reason });
      }
    }
    expect([...seen.values()]).to.have.deep.members(tenures);
  }

  /** Usage was served only while its association was live, judged by the association's final dates. */
  function expectServedWhileLive({ served, receivedEvents }: DatabaseMarket, tenures: Tenure[]): void {
    for (const { associationId, at } of served) {
      const { from, to, reason } = tenures.find((tenure) => tenure.associationId === associationId)!;
      // A supersession or a transfer takes effect at the receipt of its command, but is known only once that is executed.
      const isKnownLater = reason === 'superseded' || reason === 'transferred';
      const end = receivedEvents.find((event) => event.type === 'association.ended' && event.associationId === associationId);
      const until = isKnownLater ? end!.recordedAt : to;
      expect(until === null || at < until, `served at ${at}, ${reason} at ${until}`).to.equal(true);
      expect(Date.parse(from) <= Date.parse(at) + 1_000, `served at ${at}, official at ${from}`).to.equal(true);
    }
  }

  async function expectChainsIntact(): Promise<void> {
    for await (const { broken } of verifyChains(database.source.manager)) expect(broken).to.deep.equal([]);
    for await (const { faults } of verifyClaims(database.source.manager)) expect(faults).to.deep.equal([]);
    for await (const { faults } of verifyFeed(database.source.manager)) expect(faults).to.deep.equal([]);
  }

  async function expectNothingPending(market: DatabaseMarket): Promise<void> {
    const before = await readRows(database.source.manager);
    const executions = await market.settle();
    expect(executions.filter(({ wasChanged }) => wasChanged)).to.deep.equal([]);
    expect(await readRows(database.source.manager)).to.deep.equal(before);
  }
});
