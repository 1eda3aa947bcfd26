import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';
import { readClock } from '#libs/event-store/index.js';
import { type Product, startProduct } from '../support/product.js';
import { commandsOf, Terminal } from '../support/tutorial.js';
import { waitFor } from '../support/wait.js';

const contact = 'alex.carter@northwind-traders.example';

describe('the tutorial, followed to the letter', function () {
  this.timeout(240_000);
  const [
    start,
    addresses = '',
    draft = '',
    tooEarly = '',
    submit = '',
    decide = '',
    look = '',
    advance = '',
    later = '',
    giveUp = '',
    ...more
  ] = commandsOf('docs/tutorial/first-claim.md');
  let product: Product;
  let terminal: Terminal;

  before(async () => {
    product = await startProduct();
    terminal = new Terminal({ ...process.env, CPOR_DATA_DIR: product.stack.dataDirectory });
  });
  after(async () => {
    await terminal?.close();
    await product?.close();
    await rm(join(checkoutRoot, '.data/statement-of-work.pdf'), { force: true });
  });

  it('contains the command blocks that are run here, and no others', () => {
    expect(start).to.equal('npm start\n');
    expect(more).to.deep.equal([]);
  });

  it('gets its tokens from the running sandbox', async () => {
    const usual = 'API=http://127.0.0.1:3000\n';
    expect(addresses.startsWith(usual)).to.equal(true);
    await terminal.run(addresses.replace(usual, `API=${product.stack.addresses.apiUrl}\n`));
    expect((await terminal.run('echo "$PARTNER $REVIEWER"')).trim()).to.match(/^[\w-]+\.[\w-]+\.[\w-]+ [\w-]+\.[\w-]+\.[\w-]+$/);
  });

  it("links to the page of Temporal's UI that lists the sandbox's workflows", async () => {
    const { temporalUiUrl } = product.stack.addresses;
    expect(new URL(temporalUiUrl!).pathname).to.equal('/namespaces/cpor/workflows');
    expect((await fetch(temporalUiUrl!)).status).to.equal(200);
  });

  for (const round of ['once', 'twice']) {
    it(`has the described results when it is run ${round}`, async () => {
      const mailsBefore = (await product.mails(contact)).length;
      const claimId = (await terminal.run(draft)).trim();
      expect(claimId).to.match(/^[0-9a-f-]{36}$/);
      const claim = async () => (await product.partner.get<{ phase: string; status: string }>(`/v1/claims/${claimId}`)).body;

      const refused = await terminal.run(tooEarly);
      expect(refused).to.contain('"code":"evidence_missing"').and.not.contain('new Idempotency-Key');
      expect(await terminal.run(tooEarly)).to.match(/"code":"evidence_missing".*To try again, send it with a new Idempotency-Key\./);

      const submitted = await terminal.run(submit);
      expect(submitted).to.contain('"phase":"submitted"').and.contain('"mover":"reviewer"');

      expect(await terminal.run(decide))
        .to.contain('"phase":"consent_pending"')
        .and.not.contain('"status":"Approved"');
      await waitFor('the mail with the link', async () => (await product.mails(contact)).length > mailsBefore);
      await waitFor('the window of the customer', async () => (await claim()).status.includes('waits for the customer'));
      const [newest] = await product.mails(contact);
      expect((await product.mail(newest!.id)).links.some((link) => new URL(link).pathname.startsWith('/n/'))).to.equal(true);

      expect(Math.abs(Date.parse(newest!.receivedAt) - Date.parse(await readClock(product.source)))).to.be.lessThan(3_600_000);

      const [status, process] = (await terminal.run(look)).split('\n');
      expect(status).to.match(/^Approved, waits for the customer until \d{4}-\d\d-\d\d \d\d:\d\d UTC$/);
      expect(process).to.contain('"for":"customer"');

      await terminal.run(advance);
      await waitFor('the end of the window', async () => (await claim()).phase === 'official');
      const [phase, history] = (await terminal.run(later)).split('\n');
      expect(phase).to.equal('official');
      expect(history).to.contain('Approved by the vendor').and.contain('LinesMadeOfficial');

      expect(await terminal.run(giveUp)).to.contain('"phase":"ended"');
    });
  }
});
