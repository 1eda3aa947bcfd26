import { expect } from 'chai';
import fc from 'fast-check';
import { nextDeadlineAt, phaseOf, positionOf } from '#libs/claims/index.js';
import { verifyChains } from '#libs/event-store/index.js';
import { beginning, type FeedEvent, readFeed } from '#libs/event-feed/index.js';
import type { CommandOutcome } from '#libs/inbox/index.js';
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
  type Tenure,
  tenuresOf,
} from '../../support/market-laws.js';
import { challenge, opening, type Step, step } from '../../support/market-moves.js';
import { type ReadRow, readRows, rebuiltRows } from '../../support/rebuilt-rows.js';
import { TestDirectory } from '../../support/worker.js';

/** As many as take half a minute; with `CPOR_MARKETS=1000`, and `CPOR_SEED`, more are played, or the same again. */
const markets = countOf('CPOR_MARKETS', 25, 250);
const seed = process.env['CPOR_SEED'] === undefined ? {} : { seed: Number(process.env['CPOR_SEED']) };

/** Programmes that differ in when the customer is told, what is exclusive, who is approved by rule, and when an association ends by itself. */
const programmes = {
  plain: {},
  told_at_once: { noticeTiming: 'on_submit' as const },
  apart: { exclusivityKey: 'target_and_activity' as const },
  swift: {
    automaticApprovals: [
      { code: 'all', areas: ['modern_work_security'], activities: ['usage'], products: null, template: null, maximumLines: null },
    ],
  },
  /** A refused company may claim again at once. */
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
    jumpsToNextDeadline: fc.integer({ min: 0, max: 7 }).map((one) => one === 0),
    skipsDraining: fc.integer({ min: 0, max: 7 }).map((one) => one === 0),
    world: fc.option(fc.constantFrom(...worldChanges), { freq: 12 }),
  }),
  { minLength: 10, maxLength: 26 },
);

const inTurn = (steps: Step[]): Turn[] =>
  steps.map((one) => ({ steps: [one], isParallel: false, jumpsToNextDeadline: false, skipsDraining: false, world: null }));
const openings = { held: inTurn(opening), challenged: inTurn([...opening, ...challenge]) };

/** Turns on the brink of a deadline, whose claims nobody works off at once. */
const onTheBrink = (...steps: [claim: number, kind: Step['kind']][]): Turn => ({
  steps: steps.map(([claim, kind]) => ({ claim, kind, hours: 0, choice: 0 })),
  isParallel: false,
  jumpsToNextDeadline: true,
  skipsDraining: true,
  world: null,
});

/**
 * Found by chance: a holder whose enrolment was lost is overdue and waits for the directory, while its rival becomes official and leaves
 * again at the same instant. The rival was told of before the holder's end.
 */
const overdueHolder: Turn[] = [
  onTheBrink([0, 'proceed'], [0, 'proceed']),
  onTheBrink([0, 'proceed']),
  onTheBrink([0, 'proceed']),
  { ...onTheBrink([1, 'disassociate'], [0, 'proceed'], [0, 'proceed']), world: 'enrolment' },
  onTheBrink([0, 'proceed']),
  { ...onTheBrink([1, 'proceed'], [0, 'proceed']), skipsDraining: false },
  onTheBrink([0, 'proceed']),
];

describe('Any market on a real database', function () {
  this.timeout(3_600_000);
  let database: TestDatabase;
  const met = {
    played: 0,
    associations: 0,
    supersessions: 0,
    transfers: 0,
    lostRaces: 0,
    served: 0,
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
    // Whoever waits for another that waits for it is told so soon: a test has no second to lose.
    await asSuperuser(database, `ALTER DATABASE ${database.name} SET deadlock_timeout = '20ms'`);
  });

  after(async () => {
    // A long run says what it has seen.
    if (process.env['CPOR_MARKETS'] !== undefined) console.log({ ...met, refusals: met.refusals.size, types: met.types.size });
    await database?.close();
  });

  /** A market of its own: nothing of the one before is left but the programmes. */
  async function play(programme: string, from: Turn[]): Promise<DatabaseMarket> {
    await asSuperuser(
      database,
      'TRUNCATE claims, feed_queue, partner_subjects, sandbox_clock, directory_accounts, directory_tenants CASCADE',
    );
    const market = new DatabaseMarket(database.source, new TestDirectory(database.source), programme);
    await market.open();
    for (const turn of from) await market.play(turn);
    // A deadline that is at hand passes now, and not while the laws are looked after.
    await market.advanceClock(60_000);
    await market.settle();
    return market;
  }

  it('keeps one partner on a target, its rows what its events say, and tells everyone in order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names(programmes)),
        fc.constantFrom(...names(openings)),
        turns,
        async (programme, opened, from) => {
          const market = await play(programme, [...openings[opened], ...from]);
          await expectLaws(market);
          met.played++;
        },
      ),
      // What fails is made smaller as long as there is time.
      {
        numRuns: markets,
        examples: [['strict', 'challenged', overdueHolder]],
        ...seed,
        interruptAfterTimeLimit: 60_000 + markets * 6_000,
        markInterruptAsFailure: true,
      },
    );
    // What the laws are about has happened, or nothing was put to the test. A few markets may lack some of it.
    if (markets < 200) return;
    expect(met.associations).to.be.greaterThan(markets / 2);
    expect(met.supersessions).to.be.greaterThan(markets / 40);
    expect(met.served).to.be.greaterThan(markets / 2);
    expect(met.types.size).to.be.greaterThan(25);
    expect([...met.refusals]).to.include.members(['not_in_phase', 'holder_not_heard', 'decision_record_required', 'duplicate_own']);
  });

  async function expectLaws(market: DatabaseMarket): Promise<void> {
    const claims = await market.read();
    const tenures = claims.flatMap(({ claimId, state }) => tenuresOf(claimId, state));
    expectOneHolderAtATime(tenures);
    expectRefusalsToBind(claims);
    for (const { state, events } of claims) {
      expectOpenLinesToWait(state);
      expectHearingsAndRecords(events);
    }
    await expectHoldersToKnow(claims);
    await expectInboxesDone(claims);
    await expectRowsOf(claims, tenures);
    await expectToldInOrder(market.receivedEvents, tenures);
    expectServedWhatWasLive(market, tenures);
    await expectChainsWhole();
    await expectNothingLeft(market);
    count(market, claims, tenures);
  }

  function count(market: DatabaseMarket, claims: PlayedClaim[], tenures: Tenure[]): void {
    met.associations += tenures.length;
    met.supersessions += tenures.filter(({ reason }) => reason === 'superseded').length;
    met.transfers += tenures.filter(({ reason }) => reason === 'transferred').length;
    met.lostRaces += market.lostRaces;
    met.served += market.served.length;
    for (const { events } of claims) for (const { type } of events) met.types.add(type);
  }

  /** Whoever holds what another wants was told of it: nobody could ever decide otherwise. */
  async function expectHoldersToKnow(claims: PlayedClaim[]): Promise<void> {
    const pairs = await database.source.query<{ holder: string; holderLine: number; challenger: string }[]>(
      `SELECT a.claim_id AS holder, a.line AS "holderLine", l.claim_id AS challenger
       FROM associations a JOIN claim_lines l USING (target) JOIN claims c ON c.claim_id = l.claim_id
       WHERE a.ended_at IS NULL AND c.partner_account_id <> a.partner_account_id
         AND l.phase IN ('submitted', 'under_review', 'action_required', 'disputed')`,
    );
    for (const { holder, holderLine, challenger } of pairs) {
      const line = claims.find(({ claimId }) => claimId === holder)!.state.lines.find(({ line }) => line === holderLine)!;
      expect(line.hearing?.challengers, `${holder} was not told of ${challenger}`).to.include(challenger);
    }
  }

  /** Every command has an outcome; what was done stands in the events, in the order of the inbox, and what was refused left no trace. */
  async function expectInboxesDone(claims: PlayedClaim[]): Promise<void> {
    const commands = await database.source.query<
      { commandId: string; claimId: string; type: string; by: string; outcome: CommandOutcome | null }[]
    >(
      `SELECT command_id AS "commandId", claim_id AS "claimId", type, actor ->> 'kind' AS by, outcome FROM claim_commands
       ORDER BY claim_id, received_at, sequence`,
    );
    const consequences = ['warnHolder', 'recordRivals', 'supersedeAssociation'];
    for (const { claimId, events } of claims) {
      let version = 0;
      for (const { commandId, type, outcome } of commands.filter((one) => one.claimId === claimId)) {
        expect(outcome, `${type} of ${claimId}`).not.to.equal(null);
        const caused = events.filter((event) => event.commandId === commandId).map((event) => event.version);
        if (outcome!.status === 'refused') {
          for (const { code, severity } of outcome!.findings) if (severity === 'error') met.refusals.add(code);
          expect(caused, `refused ${type}`).to.deep.equal([]);
        } else if (caused.length > 0) {
          expect(caused).to.deep.equal(caused.map((_, index) => outcome!.version - caused.length + 1 + index));
        }
        // What follows from another claim counts from that one's instant, however late it came.
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
    // A state does not say who decided between rivals; those reviewers are barred from the dispute, too.
    const comparable = (rows: ReadRow[]) => rows.map(({ kind, row: { barred_reviewers: _, ...row } }) => ({ kind, row }));
    expect(comparable(derived), 'list columns from the states').to.deep.equal(comparable(live));
    const at = (instant: string | null) => (instant === null ? null : new Date(instant).toISOString());
    const rows = (kind: string) => live.flatMap((one) => (one.kind === kind ? [one.row as Record<string, string>] : []));
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

  /** A reader that follows the feed alone sees each association begin and end once, and never two at once on a target. */
  async function expectToldInOrder(told: FeedEvent[], tenures: Tenure[]): Promise<void> {
    const page = await readFeed(database.source.manager, { kind: 'everything' }, { after: beginning, limit: 10_000 });
    expect(told).to.deep.equal(page.items.map(({ event }) => event));
    expect(new Set(told.map(({ eventId }) => eventId)).size).to.equal(told.length);
    const holders = new Map<string, string>();
    const heard = new Map<string, Partial<Tenure>>();
    for (const { type, associationId, claimId, target, from, to, endReason: reason } of told) {
      if (type === 'association.official') {
        // Where two claims take each other's places, one of them is told of first.
        const makesWay = tenures.find((one) => one.associationId === holders.get(target));
        expect(makesWay?.to ?? from, `${target} is held`).to.equal(from);
        holders.set(target, associationId);
        heard.set(associationId, { associationId, claimId, target, from, to, reason });
      }
      if (type === 'association.ended') {
        if (holders.get(target) === associationId) holders.delete(target);
        expect(heard.get(associationId)?.from).to.equal(from);
        heard.set(associationId, { associationId, claimId, target, from, to, reason });
      }
    }
    expect([...heard.values()]).to.have.deep.members(tenures);
  }

  /** By the final word on each association: who was served before it began, or after it ended, was served without a right. */
  function expectServedWhatWasLive({ served, receivedEvents: told }: DatabaseMarket, tenures: Tenure[]): void {
    for (const { associationId, at } of served) {
      const { from, to, reason } = tenures.find((one) => one.associationId === associationId)!;
      // What another claim's command brought about, or a move, counts from its receipt and is known once it is worked off.
      const isKnownLater = reason === 'superseded' || reason === 'transferred';
      const end = told.find((one) => one.type === 'association.ended' && one.associationId === associationId);
      const until = isKnownLater ? end!.recordedAt : to;
      expect(until === null || at < until, `served at ${at}, ${reason} at ${until}`).to.equal(true);
      expect(Date.parse(from) <= Date.parse(at) + 1_000, `served at ${at}, official at ${from}`).to.equal(true);
    }
  }

  async function expectChainsWhole(): Promise<void> {
    for await (const { broken } of verifyChains(database.source.manager)) expect(broken).to.deep.equal([]);
    for await (const { faults } of verifyClaims(database.source.manager)) expect(faults).to.deep.equal([]);
    for await (const { faults } of verifyFeed(database.source.manager)) expect(faults).to.deep.equal([]);
  }

  async function expectNothingLeft(market: DatabaseMarket): Promise<void> {
    const before = await readRows(database.source.manager);
    const executions = await market.settle();
    expect(executions.filter(({ wasChanged }) => wasChanged)).to.deep.equal([]);
    expect(await readRows(database.source.manager)).to.deep.equal(before);
  }
});
