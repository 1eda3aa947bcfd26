import { asyncLocalStorage, type Context } from '@temporalio/activity';
import { expect } from 'chai';
import { executeCommands } from '#libs/inbox/index.js';
import { createMailer, type Mailer } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { erasePerson } from '#libs/retention/index.js';
import { type ActivityDependencies } from '../../../activities/index.js';
import { sendLettersActivity } from '../../../activities/send-letters.activity.js';
import { sendNoticeActivity } from '../../../activities/send-notice.activity.js';
import { addTenants, type ClaimServices, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestRelay } from '../../support/relay.js';
import { TestDirectory } from '../../support/worker.js';

interface Trouble {
  trouble: string | null;
  code: string | null;
  fault: string | null;
  /** From the attempt until the next one, in seconds. */
  pause: number | null;
  since: Date | null;
}

const untroubled: Trouble = { trouble: null, code: null, fault: null, pause: null, since: null };

describe('the trouble of a delivery', function () {
  this.timeout(60_000);
  const relay = new TestRelay();
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];
  let mailer: Mailer;
  let dependencies: ActivityDependencies;
  const execute = (claimId: string) => executeCommands(database.source, dependencies.library, claimId);
  const statements: string[] = [];

  before(async () => {
    await relay.start();
    database = await createTestDatabase();
    const { source } = database;
    Object.assign(source, { logger: { logQuery: (sql: string) => statements.push(sql), logQueryError() {}, logQuerySlow() {}, log() {} } });
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    tenants = await addTenants(source, 8);
    mailer = createMailer(relay.url, 'cpor <notices@cpor.example>');
    dependencies = {
      ...services,
      mailer,
      mailFrom: 'cpor <notices@cpor.example>',
      publicUrl: 'https://cpor.example',
      linkKey: new Uint8Array(32).fill(7),
    } as unknown as ActivityDependencies;
  });
  beforeEach(() => {
    relay.answer = () => 'accept';
  });
  after(async () => {
    mailer?.close();
    await relay.stop();
    await database?.close();
  });

  const query = <Row extends object>(sql: string, parameters: unknown[] = []) => database.source.query<Row[]>(sql, parameters);

  async function submitted(): Promise<TestClaim> {
    const claim = new TestClaim(services, { tenant: tenants.pop()! });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    return claim;
  }

  async function approved(): Promise<TestClaim> {
    const claim = await submitted();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    return claim;
  }

  /** Runs an activity as its n-th attempt; returns the error with which it failed. */
  async function run(activity: () => Promise<unknown>, attempt = 1): Promise<Error | null> {
    const context = { heartbeat: () => undefined, info: { attempt } };
    statements.length = 0;
    return asyncLocalStorage.run(context as unknown as Context, activity).then(
      () => null,
      (error: Error) => error,
    );
  }

  const sendNotice = async (claim: TestClaim, attempt?: number) => {
    const { noticeId } = (await claim.row()).state.notices.at(-1)!;
    return run(() => sendNoticeActivity(dependencies, execute)({ claimId: claim.claimId, noticeId }), attempt);
  };
  const sendLetters = (claim: TestClaim, attempt?: number) =>
    run(() => sendLettersActivity(dependencies)({ claimId: claim.claimId }), attempt);

  const troubleSql = (table: string) =>
    `SELECT trouble, fault_code AS code, fault, round(extract(epoch FROM next_attempt_at - attempted_at))::int AS pause, trouble_since AS since
     FROM ${table} WHERE claim_id = $1`;
  const ofNotice = (claim: TestClaim) => query<Trouble>(troubleSql('notice_recipients'), [claim.claimId]);
  const ofLetter = async (claim: TestClaim) => (await query<Trouble>(troubleSql('letters'), [claim.claimId]))[0]!;
  const writes = () => statements.filter((sql) => /^\s*(INSERT|UPDATE|DELETE|WITH)/i.test(sql) && /letters|notice_recipients/.test(sql));

  async function rejected(): Promise<TestClaim> {
    const claim = await submitted();
    await claim.accept('rejectClaim', reviewer, { reason: 'evidence_insufficient' });
    await claim.execute();
    return claim;
  }

  it('is not there for mails that go through, which take a write for the attempt and one for the answer', async () => {
    const claim = await approved();
    expect(await sendNotice(claim)).to.equal(null);
    const { length } = relay.received.filter(({ to }) => to.endsWith(`@${claim.details.domain}`));
    expect(writes()).to.have.length(2 * length);
    expect(await ofNotice(claim)).to.deep.equal(Array.from({ length }, () => untroubled));
  });

  it('is the error of the last attempt, without the address, since the first that failed', async () => {
    relay.answer = () => 451;
    const claim = await rejected();
    const pat = claim.details.contacts.partner!;
    expect(await sendLetters(claim)).to.be.an('error');
    expect(writes()).to.have.length(2);
    const first = await ofLetter(claim);
    expect(first).to.deep.include({ trouble: 'retrying', code: 'EENVELOPE', pause: 5 });
    expect(first.fault).to.match(/^Mail was not handed over .*451 <address> refused by the test$/);
    await relay.stop();
    await sendLetters(claim, 3);
    const second = await ofLetter(claim);
    expect(second).to.deep.include({ trouble: 'retrying', code: 'ESOCKET', pause: 20, since: first.since });
    await sendLetters(claim, 40);
    expect((await ofLetter(claim)).pause).to.equal(600);
    await relay.start();
    relay.answer = () => 'accept';
    expect(await sendLetters(claim, 41)).to.equal(null);
    expect(writes()).to.have.length(2);
    expect(await ofLetter(claim)).to.deep.equal(untroubled);
    expect(JSON.stringify([first, second]))
      .to.not.include('pat')
      .and.not.include(pat.personId);
  });

  it('is final once the relay refuses for good', async () => {
    relay.answer = () => 550;
    const claim = await rejected();
    expect(await sendLetters(claim)).to.equal(null);
    expect(await ofLetter(claim)).to.deep.include({ trouble: 'failed', code: '550', fault: null, pause: null });
  });

  it('is final once the address was erased, and its words go with the person', async () => {
    relay.answer = () => 451;
    const claim = await rejected();
    await sendLetters(claim);
    expect((await ofLetter(claim)).fault).to.be.a('string');
    await erasePerson(database.source, { personId: claim.details.contacts.partner!.personId }, { by: 'olga' });
    expect((await ofLetter(claim)).fault).to.equal(null);
    expect(await sendLetters(claim, 2)).to.equal(null);
    expect(await ofLetter(claim)).to.deep.include({ trouble: 'undeliverable', code: 'address_erased', fault: null });
  });

  it('names the kind of an error that is not the relay’s, whose message may quote a row', async () => {
    const claim = await approved();
    const broken = { ...dependencies, mailer: { ...mailer, send: () => Promise.reject(new TypeError('row (ann@contoso.example)')) } };
    const { noticeId } = (await claim.row()).state.notices.at(-1)!;
    await run(() => sendNoticeActivity(broken, execute)({ claimId: claim.claimId, noticeId }));
    for (const row of await ofNotice(claim))
      expect(row).to.deep.include({ code: 'internal', fault: "The attempt ended with TypeError. The worker's log has more." });
  });
});
