import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { loadClaims } from '../../bench/load-claims.js';
import { addTenants, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { listColumnsSql } from '../../support/derived-columns.js';
import { TestDirectory } from '../../support/worker.js';

describe('the list columns of claims', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  const columns =
    'area, domain, products, activities, tags, reasons, due_at, due_clock, is_breached, review_due_at, is_competing, barred_reviewers, reviewer, customer_name';
  const read = () => database.source.query<Record<string, unknown>[]>(`SELECT ${columns} FROM claims ORDER BY number`);

  beforeEach(async () => {
    database = await createTestDatabase();
  });
  afterEach(() => database?.close());

  it('follow from the state of the claim', async () => {
    const { source } = database;
    const services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const tenants = await addTenants(source, 4);
    const claim = async (...acts: ((claim: TestClaim) => Promise<unknown>)[]): Promise<void> => {
      const made = new TestClaim(services, { tenant: tenants.pop()!, products: ['teams', 'exchange'] });
      await made.draft();
      await made.addEvidence();
      for (const act of acts) {
        await act(made);
        await made.execute();
      }
    };
    const submit = (made: TestClaim) => made.accept('submitClaim', made.partner, {});
    const reject = (made: TestClaim) => made.accept('rejectClaim', reviewer, { reason: 'evidence_insufficient' });
    const dispute = (made: TestClaim) => made.accept('openDispute', made.partner, { textId: '5f1c2d9e-7c43-4a0e-9d0b-0d7a3c1b2e11' });
    await claim();
    await claim(submit);
    await claim(submit, (made) => made.accept('requestInformation', reviewer, { reasons: ['evidence_all_missing'], lines: [1] }));
    await claim(submit, reject, dispute);
    const written = await read();
    expect(written.map((row) => [row['due_clock'], row['reasons'], row['barred_reviewers'], row['review_due_at'] === null])).to.deep.equal([
      [null, [], ['partner-of-1240371'], true],
      ['K1', [], ['partner-of-1240371'], false],
      ['K1', ['evidence_all_missing'], ['partner-of-1240371'], false],
      ['K8', ['evidence_insufficient'], ['partner-of-1240371', 'reviewer-1'], false],
    ]);
    expect(written.map((row) => row['customer_name'])).to.have.members(['Customer 0', 'Customer 1', 'Customer 2', 'Customer 3']);
    await source.query(listColumnsSql);
    expect(await read()).to.deep.equal(written);
  });

  it('name the customer only while the claim’s domain is one of the tenant’s', async () => {
    const { source } = database;
    const services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const [tenant] = await addTenants(source, 1);
    const claim = new TestClaim(services, { tenant: tenant! });
    await claim.draft();
    await asSuperuser(database, 'DELETE FROM directory_answers');
    const answer = (domains: string[]) =>
      source.query('INSERT INTO directory_answers (claim_id, asked_at, facts) VALUES ($1, clock_timestamp(), $2)', [
        claim.claimId,
        { tenant: { tenantId: tenant!.tenantId, name: 'Customer of somebody', domains } },
      ]);
    const named = async () => {
      await claim.accept('addComment', claim.partner, { textId: randomUUID(), visibility: 'shared' });
      await claim.execute();
      return (await read())[0]!['customer_name'];
    };
    expect(await named()).to.equal('');
    await answer(['not-stated.example', `x${tenant!.domain}`]);
    expect(await named()).to.equal('');
    await answer([tenant!.domain]);
    expect(await named()).to.equal('Customer of somebody');
  });

  it('are the same for claims that the bench loads', async () => {
    await loadClaims(database.ownerUrl, 400, () => undefined);
    const withoutName = (rows: Record<string, unknown>[]) => rows.map(({ customer_name: _, ...row }) => row);
    const loaded = await read();
    await database.source.query(listColumnsSql);
    expect(withoutName(await read())).to.deep.equal(withoutName(loaded));
  });
});
