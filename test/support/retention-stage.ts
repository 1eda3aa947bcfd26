import { createHash, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { sampleCalendars } from '#libs/calendar/index.js';
import { systemActor } from '#libs/claims/index.js';
import { EvidenceStore } from '#libs/evidence/index.js';
import { ProgrammeLibrary, samplePolicy } from '#libs/programmes/index.js';
import { type ErasureReport, placeHold } from '#libs/retention/index.js';
import { addTenants, type ClaimOptions, type ClaimServices, reviewer, TestClaim } from './claims.js';
import { createTestDatabase, type TestDatabase } from './database.js';
import { TestDirectory } from './worker.js';

/** The operator who erases, exports and places holds. */
export const operator = 'olga';

/** The time zone of the sample programme's calendar. */
const zone = sampleCalendars.find(({ name }) => name === samplePolicy.calendar)!.zone;

/** Use it for tests of retention: a new database for each test, and claims in every situation that retention distinguishes. */
export function retentionStage() {
  let database: TestDatabase;
  let services: ClaimServices;
  let tenants: { tenantId: string; domain: string }[];

  beforeEach(async function () {
    this.timeout(60_000);
    database = await createTestDatabase({ poolSize: 6 });
    services = { source: database.source, library: new ProgrammeLibrary(database.source), directory: new TestDirectory(database.source) };
    tenants = await addTenants(database.source, 8);
  });

  afterEach(() => database?.close());

  const query = <Row extends object>(sql: string, parameters: unknown[] = []) => database.source.query<Row[]>(sql, parameters);

  async function setClock(to: string | Date): Promise<void> {
    await query(
      `INSERT INTO sandbox_clock (ahead) SELECT $1::timestamptz - clock_timestamp()
       ON CONFLICT (only_row) DO UPDATE SET ahead = excluded.ahead`,
      [to],
    );
  }

  async function setLocalClock(local: string, ms = 0): Promise<void> {
    const [row] = await query<{ at: Date }>(`SELECT $1::timestamp AT TIME ZONE $2 + $3 * interval '1 millisecond' AS at`, [
      local,
      zone,
      ms,
    ]);
    await setClock(row!.at);
  }

  /** Returns the start of the day, in the programme's time zone, that is a period after the claim's last event that counts, plus some milliseconds. */
  async function after(claim: TestClaim, interval: string, ms = 0): Promise<Date> {
    const [row] = await query<{ at: Date }>(
      `SELECT ((max(at) AT TIME ZONE $4)::date + $2::interval) AT TIME ZONE $4 + $3 * interval '1 millisecond' AS at
       FROM claim_events WHERE claim_id = $1 AND type <> 'CommentAdded'`,
      [claim.claimId, interval, ms, zone],
    );
    return row!.at;
  }

  async function submitted(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = new TestClaim(services, { tenant: tenants.pop()!, ...options });
    expect(await claim.draft()).to.have.property('status', 'done');
    await claim.addEvidence();
    const content = Buffer.from(`Signed by Ann Lee ${claim.claimId}`);
    const sha256 = createHash('sha256').update(content).digest('hex');
    const file = { id: randomUUID(), claimId: claim.claimId, sha256, mediaType: 'application/pdf', fileName: 'ann-lee.pdf', content };
    await new EvidenceStore(database.source).insert({ ...file, signedOn: null, uploadedBy: 'ann', scanResult: 'unscanned' });
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    expect(await claim.phase()).to.equal('submitted');
    return claim;
  }

  async function withdrawn(options: ClaimOptions = {}): Promise<TestClaim> {
    const claim = await submitted(options);
    await claim.accept('withdrawClaim', claim.partner, {});
    await claim.execute();
    expect((await claim.row()).is_open).to.equal(false);
    return claim;
  }

  async function approved(): Promise<TestClaim> {
    const claim = await submitted();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    return claim;
  }

  /** Records that the mail server accepted every mail of the claim's notice. */
  async function deliver(claim: TestClaim): Promise<void> {
    const [notice] = (await claim.row()).state.notices;
    const { noticeId, recipients } = notice!;
    await query(`UPDATE notice_recipients SET outcome = 'accepted', settled_at = cpor_now(), response = '250 OK' WHERE notice_id = $1`, [
      noticeId,
    ]);
    const [clock] = await query<{ now: Date }>('SELECT cpor_now() AS now');
    const results = recipients.map(({ recipientId }) => ({
      recipientId,
      outcome: 'accepted' as const,
      acceptedAt: clock!.now.toISOString(),
    }));
    await claim.accept('recordNoticeDelivery', systemActor, { noticeId, results });
    await claim.execute();
  }

  async function official(): Promise<TestClaim> {
    const claim = await approved();
    await deliver(claim);
    const { alarm_at } = await claim.row();
    await setClock(new Date(alarm_at!.getTime() + 60_000));
    await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' }, { withFacts: true });
    await claim.execute();
    expect(await claim.phase()).to.equal('official');
    return claim;
  }

  const people = (claim: TestClaim) =>
    query<{ person_id: string; kind: string; content: { email: string } | null }>(
      'SELECT person_id, kind, content FROM personal_data WHERE claim_id = $1 ORDER BY kind, person_id',
      [claim.claimId],
    );
  const heldOf = async (claim: TestClaim) => (await people(claim)).filter(({ content }) => content !== null).length;
  const files = (claim: TestClaim) =>
    query<{ file_name: string | null; size: number; size_bytes: number }>(
      'SELECT file_name, length(content) AS size, size_bytes FROM evidence_files WHERE claim_id = $1',
      [claim.claimId],
    );
  const counts = ({ claims, personalData, evidenceFiles }: ErasureReport) => [claims, personalData, evidenceFiles];
  const hold = (claim: TestClaim, requestId = randomUUID()) =>
    placeHold(database.source, { requestId, claimId: claim.claimId, reason: 'Litigation', by: operator, fingerprint: 'f' });

  /** Creates a claim that is still a draft. */
  async function drafted(): Promise<TestClaim> {
    const claim = new TestClaim(services, { tenant: tenants.pop()! });
    await claim.draft();
    return claim;
  }

  return {
    get database() {
      return database;
    },
    get source() {
      return database.source;
    },
    get tenants() {
      return tenants;
    },
    query,
    setClock,
    setLocalClock,
    after,
    drafted,
    submitted,
    withdrawn,
    approved,
    deliver,
    official,
    people,
    heldOf,
    files,
    counts,
    hold,
  };
}
