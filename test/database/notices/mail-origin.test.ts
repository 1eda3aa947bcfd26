import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { messageIdOf, readMailOrigins } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Product } from '../../../apps/mailbox/src/product.js';
import { addTenants, type ClaimServices, customer, evergreen, ironbridge, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectory } from '../../support/worker.js';

describe('the claim of a mail', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let services: ClaimServices;
  let holder: TestClaim;
  let rival: TestClaim;

  before(async () => {
    database = await createTestDatabase();
    const { source } = database;
    services = { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) };
    const [tenant] = await addTenants(source, 1);
    holder = new TestClaim(services, { partner: evergreen, tenant: tenant!, products: ['teams'] });
    rival = new TestClaim(services, { partner: ironbridge, tenant: tenant!, products: ['teams'] });
    await submit(holder);
    await holder.accept('approveClaim', reviewer, {});
    await holder.execute();
    await holder.deliverNotice();
    await holder.accept('acceptClaim', customer, { isTenantAdmin: true });
    await holder.execute();
    await submit(rival);
    await rival.accept('askCustomerToChoose', reviewer, { line: 1 });
    await rival.execute();
  });
  after(() => database?.close());

  async function submit(claim: TestClaim): Promise<void> {
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
  }

  const recipientOf = async ({ claimId }: TestClaim): Promise<string> => {
    const [row] = await services.source.query<{ id: string }[]>('SELECT recipient_id AS id FROM notice_recipients WHERE claim_id = $1', [
      claimId,
    ]);
    return messageIdOf('notice', row!.id, 'cpor.example');
  };
  const letterOf = async ({ claimId }: TestClaim, kind: string): Promise<string> => {
    const [row] = await services.source.query<{ id: string }[]>('SELECT letter_id AS id FROM letters WHERE claim_id = $1 AND kind = $2', [
      claimId,
      kind,
    ]);
    return `<${messageIdOf('letter', row!.id, 'cpor.example')}>`;
  };

  it('is found by Message-ID, with what kind of mail it is', async () => {
    const ids = {
      consent: await recipientOf(holder),
      receipt: await letterOf(holder, 'acceptance_receipt'),
      choice: await recipientOf(rival),
      warning: await letterOf(holder, 'holder_warning'),
    };
    const origins = await readMailOrigins(services.source, Object.values(ids));
    const ofHolder = { claimId: holder.claimId, claimNumber: holder.number };
    expect(Object.fromEntries(origins)).to.deep.equal({
      [ids.consent]: { ...ofHolder, kind: 'consent' },
      [ids.receipt]: { ...ofHolder, kind: 'acceptance_receipt' },
      [ids.choice]: { claimId: rival.claimId, claimNumber: rival.number, kind: 'choice' },
      [ids.warning]: { ...ofHolder, kind: 'holder_warning' },
    });
  });

  it('is unknown for a mail that this database did not send, whatever its Message-ID', async () => {
    const notice = await recipientOf(holder);
    const strangers = [
      messageIdOf('notice', randomUUID(), 'cpor.example'),
      notice.replace('notice-', 'letter-'),
      'notice-1@cpor.example',
      '<20261201.1@mail.example>',
      '',
    ];
    expect([...(await readMailOrigins(services.source, strangers))]).to.deep.equal([]);
  });

  it('is known to the mailbox while the database is there, and afterwards if it was asked before', async () => {
    const product = new Product(database.appUrl);
    const [notice, receipt] = [await recipientOf(holder), await letterOf(holder, 'acceptance_receipt')];
    const [clock, origins] = await Promise.all([product.clock(), product.originsOf([notice])]);
    expect(clock.isProducts).to.equal(true);
    expect(origins.get(notice)).to.include({ claimNumber: holder.number });
    await product.close();
    expect(await product.originsOf(['<20261201.1@mail.example>', notice])).to.deep.equal(origins);
    const away = new Product('postgres://nobody@127.0.0.1:9/none');
    expect([...(await away.originsOf([notice, receipt]))]).to.deep.equal([]);
    expect((await away.clock()).isProducts).to.equal(false);
    await away.close();
  });
});
