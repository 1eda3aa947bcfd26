import { expect } from 'chai';
import type { ClaimView } from '#libs/read-models/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { partnerId } from '../bench/sandbox.js';
import { approve, noticeLink, readClaim, bodyOf, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { openPage, optOutByLink } from '../support/customer.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';

/** Ten in the morning in New York on the Monday before Thanksgiving: the five business days ahead span a holiday and a weekend. */
const monday = '2026-11-23T15:00:00.000Z';
const deadline = '2026-12-02T04:59:59.999Z';
const secondBefore = '2026-12-02T04:59:58.000Z';
const instantAfter = '2026-12-02T05:00:00.000Z';

const northwind = { tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' };
const contact = { name: 'Alex Carter', title: 'Head of IT', email: `alex.carter@${northwind.domain}` };

const evidence = (text: string): FormData => {
  const form = new FormData();
  form.set('signedOn', '2026-10-14');
  form.set('file', new Blob([statementOfWork([text, 'Signed by the customer on 2026-10-14'])], { type: 'application/pdf' }), 'signed.pdf');
  return form;
};

describe('the life of a claim', function () {
  this.timeout(60_000);
  this.slow(60_000);
  let product: Product;

  before(async () => {
    product = await startProduct();
  });

  after(() => product?.close());

  it('goes from a refused submission through question and answer, approval and silence to an association that the customer ends', async () => {
    const { partner, reviewer, operator } = product;
    const setClock = async (to: string) => bodyOf(await operator.post('/v1/sandbox/clock/advances', { to }));
    await setClock(monday);

    // A partner drafts a claim for two products and submits it too early: every fault is reported at once.
    const lines = [
      { product: 'teams', activities: ['usage'] },
      { product: 'sharepoint', activities: ['usage'] },
    ];
    const contacts = { customer: contact, partner: { name: 'Robin Fields', email: 'claims@evergreen-cloud.example' } };
    const draft = await partner.post<ClaimView>('/v1/claims', { partnerId, ...northwind, area: 'modern_work_security', lines, contacts });
    const { claimId, number } = bodyOf(draft);
    const refused = await partner.post<{ errors: { code: string }[] }>(`/v1/claims/${claimId}/submissions`, {});
    expect(refused.status).to.equal(409);
    expect(refused.body.errors.map(({ code }) => code)).to.have.members([
      'claim_name_required',
      'acknowledgement_required',
      'evidence_missing',
    ]);

    // It corrects them and submits again.
    bodyOf(await partner.patch(`/v1/claims/${claimId}`, { name: 'Adoption 2026', acknowledgementVersion: 1 }, draft.etag!));
    bodyOf(await partner.post(`/v1/claims/${claimId}/evidence`, evidence('Adoption workshops for messaging')));
    bodyOf(await partner.post(`/v1/claims/${claimId}/submissions`, {}));
    await untilPhase(partner, claimId, 'submitted');

    // The evidence does not name the products, so the reviewer asks; the partner supplies it.
    const question = { reasons: ['evidence_products_missing'], comment: 'Please name the products.' };
    bodyOf(await reviewer.post(`/v1/claims/${claimId}/information-requests`, question));
    const asked = await untilPhase(partner, claimId, 'action_required');
    expect(asked.waiting).to.deep.include({
      for: 'answer',
      mover: 'partner',
      lines: [1, 2],
      since: asked.lines[0]!.since,
      until: asked.deadlines.find(({ clock }) => clock === 'partner_answer')!.dueAt,
    });
    const unchanged = await partner.post<{ code: string }>(`/v1/claims/${claimId}/submissions`, {});
    expect([unchanged.status, unchanged.body.code]).to.deep.equal([409, 'answer_required']);
    bodyOf(await partner.post(`/v1/claims/${claimId}/evidence`, evidence('Addendum: Microsoft Teams and SharePoint')));
    bodyOf(await partner.post(`/v1/claims/${claimId}/answers`, { comment: 'Attached.' }));
    await untilPhase(partner, claimId, 'submitted');

    // The reviewer approves. The customer is notified by mail, and its window runs to the end of the fifth business day.
    await approve(product, claimId);
    expect(await untilWindowOpens(product, claimId)).to.equal(deadline);
    const [mail] = await product.mails(contact.email);
    expect(mail!.subject).to.include(number);
    const { text } = await product.mail(mail!.id);
    expect(text).to.include('Silence means acceptance').and.include('Tuesday, 1 December 2026, 23:59 (America/New_York, UTC-05:00)');

    // The customer opens the page, refuses one of the two products, and stays silent about the other.
    const link = await noticeLink(product, contact.email);
    const page = await openPage(link);
    expect((await readClaim(partner, claimId)).lines.map(({ phase }) => phase)).to.deep.equal(['consent_pending', 'consent_pending']);
    expect((await page.answer({ lines: [2], reason: 'SharePoint is run by ourselves.' })).status).to.equal(303);
    const phases = async () => (await readClaim(partner, claimId)).lines.map(({ phase }) => phase);
    await waitFor('the refusal to be carried out', async () => (await phases())[1] === 'rejected');

    // Thanksgiving and the weekend pass. Silence becomes acceptance at the deadline, and not before.
    await setClock(secondBefore);
    expect(await phases()).to.deep.equal(['consent_pending', 'rejected']);
    await setClock(instantAfter);
    await waitFor('the first product to be official', async () => (await phases())[0] === 'official');
    const official = await readClaim(partner, claimId);
    expect(official.lines[0]!.association).to.deep.include({ from: instantAfter, to: null });
    expect(official.lines[1]!.rejection).to.deep.equal({ reason: 'customer_declined', isDisputable: false });

    // Months later the customer ends it by the same link.
    await setClock('2027-03-01T12:00:00.000Z');
    await optOutByLink(link);
    await waitFor('the association to end', async () => (await phases())[0] === 'ended');
    const { from, to } = (await readClaim(partner, claimId)).lines[0]!.association!;
    expect([from, to!.slice(0, 10)]).to.deep.equal([instantAfter, '2027-03-01']);

    const { items } = bodyOf(await reviewer.get<{ items: { type: string }[] }>(`/v1/claims/${claimId}/history`));
    expect(items.map(({ type }) => type)).to.deep.equal([
      'ClaimDrafted',
      'ClaimEdited',
      'EvidenceAdded',
      'ClaimSubmitted',
      'ReviewStarted',
      'InformationRequested',
      'EvidenceAdded',
      'CommentAdded',
      'ClaimSubmitted',
      'ReviewStarted',
      'LinesApproved',
      'NoticeRequested',
      'NoticeAccepted',
      'NoticeAccepted',
      'NoticeAccepted',
      'CustomerDeclined',
      'LinesMadeOfficial',
      'AssociationEnded',
    ]);
    expect((await product.cpor('verify')).exitCode).to.equal(0);
    // The notice, the receipt for the refusal and the receipt for the end, each to three people, and two letters to the partner: the request for
    // information, and the end of its association.
    expect((await product.mails()).map(({ deliveries }) => deliveries)).to.deep.equal(Array.from({ length: 11 }, () => 1));
  });
});
