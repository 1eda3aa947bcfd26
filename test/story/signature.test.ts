import { expect } from 'chai';
import type { ClaimView } from '#libs/read-models/index.js';
import { partnerId } from '../bench/sandbox.js';
import { approve, bodyOf, noticeLink, readClaim, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { mailAbout, signByMail, signingLink } from '../support/mailed-signature.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';

const northwind = { tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' };
const contact = { name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${northwind.domain}` };
const signatory = { name: 'Kim Hale', title: 'Chief Executive', email: `kim.hale@${northwind.domain}` };
const partnerEmail = 'claims@evergreen-cloud.example';

interface Signature {
  signatureId: string;
  state: string;
  expiresAt: string;
  statement: { title: string };
}

describe('a claim whose statement of work is signed here', function () {
  this.timeout(90_000);
  this.slow(90_000);
  let product: Product;

  before(async () => {
    product = await startProduct();
  });
  after(() => product?.close());

  const draft = async (product_: string) => {
    const contacts = { customer: contact, partner: { name: 'Robin Fields', email: partnerEmail } };
    const lines = [{ product: product_, activities: ['usage'] }];
    const body = { name: 'Adoption', partnerId, ...northwind, area: 'modern_work_security', lines, contacts, acknowledgementVersion: 1 };
    return bodyOf(await product.partner.post<ClaimView>('/v1/claims', body));
  };
  const ask = async (claimId: string) =>
    bodyOf(
      await product.partner.post<Signature>(`/v1/claims/${claimId}/signatures`, {
        signatory: { name: signatory.name, email: signatory.email },
      }),
    );
  const signatureOf = async (claimId: string, signatureId: string) =>
    bodyOf(await product.partner.get<Signature>(`/v1/claims/${claimId}/signatures/${signatureId}`));

  it('goes from the request by mail, link and code to an official association, without any upload', async () => {
    const { claimId, number } = await draft('teams');
    const { signatureId, statement } = await ask(claimId);
    const page = await (await fetch(await signingLink(product, signatory.email, number))).text();
    expect(page).to.include(statement.title);
    await signByMail(product, number, signatory);
    expect((await signatureOf(claimId, signatureId)).state).to.equal('signed');

    // Everybody learns of it: the signatory by a receipt, partner and vendor by a letter.
    await mailAbout(product, signatory.email, number, /you signed/);
    await mailAbout(product, partnerEmail, number, /statement of work was signed by/);
    await mailAbout(product, 'partner-programme@meridian-cloud.example', number, /statement of work was signed by/);

    const submitted = await product.partner.post<ClaimView>(`/v1/claims/${claimId}/submissions`, {});
    expect(bodyOf(submitted).evidence).to.have.length(1);
    await approve(product, claimId);
    await noticeLink(product, contact.email);
    const closesAt = await untilWindowOpens(product, claimId);
    bodyOf(await product.operator.post('/v1/sandbox/clock/advances', { to: new Date(Date.parse(closesAt) + 1).toISOString() }));
    await untilPhase(product.partner, claimId, 'official');
    const { exitCode, output } = await product.cpor('verify');
    expect(exitCode, output).to.equal(0);
  });

  it('ends unsigned at its deadline, and the partner learns of it', async () => {
    const { claimId, number } = await draft('sharepoint');
    expect(await product.temporalCli('workflow', 'describe', '--workflow-id', `claim:${claimId}`))
      .to.have.property('exitCode')
      .above(0);
    const { signatureId, expiresAt } = await ask(claimId);
    await mailAbout(product, signatory.email, number, /awaits your signature/);
    bodyOf(await product.operator.post('/v1/sandbox/clock/advances', { to: new Date(Date.parse(expiresAt) + 1).toISOString() }));
    await waitFor('the request to expire', async () => (await signatureOf(claimId, signatureId)).state === 'expired');
    await mailAbout(product, partnerEmail, number, /request to sign has expired/);
    expect((await readClaim(product.partner, claimId)).isOpen).to.equal(false);
  });
});
