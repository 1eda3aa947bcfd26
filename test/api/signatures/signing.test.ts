import { expect } from 'chai';
import { codeOf, draftClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { sandboxSeal, verifySealedPdf } from '#libs/receipts/index.js';
import { readPdf } from '../../support/receipts.js';
import { northwind } from '../../support/sample-directory.js';
import { alex, Signatory } from '../../support/signatory.js';

describe('Signing a statement of work, while Temporal and the mail relay are down', () => {
  let database: TestDatabase;
  let api: TestApi;
  let partner: string;
  let signatory: Signatory;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    partner = await api.token('claim_admin');
    signatory = new Signatory(database.source, api);
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const email = `alex.carter@${northwind.domain}`;
  const ask = (claimId: string, more: Json = {}) =>
    api.call('POST', `/v1/claims/${claimId}/signatures`, { token: partner, body: { signatory: { name: alex.name, email }, ...more } });
  const draft = () => draftClaim(api, partner, { evidence: [] }) as Promise<{ claimId: string }>;
  const requested = async (more: Json = {}) => {
    const { claimId } = await draft();
    const asked = await ask(claimId, more);
    expect(asked.status, asked.text).to.equal(201);
    return { claimId, request: asked.body, token: (await signatory.openMails(claimId)).token };
  };
  const stateOf = async (claimId: string) =>
    (await api.call('GET', `/v1/claims/${claimId}/signatures`, { token: partner })).body['items'].map(({ state }: Json) => state);

  it('goes from the request to the receipt, and the signature counts as the evidence of the submission', async () => {
    const { claimId, request, token } = await requested();
    expect(request).to.include({ state: 'open', language: 'en', mail: 'waiting', signedBy: null });
    expect(request['signatory']).to.deep.equal({ name: alex.name, email });
    const shown = await signatory.open(token);
    expect(shown.status).to.equal(200);
    expect(shown.text).to.include(request['statement'].title).and.include(request['textSha256']);
    expect(shown.text).not.to.match(/type="checkbox"[^>]* checked/);

    const sent = await signatory.send(token, { ...alex, agree: 'yes', action: 'code' });
    expect([sent.status, /name="code"/.test(sent.text)]).to.deep.equal([200, true]);
    const { code } = await signatory.openMails(claimId);
    const signed = await signatory.sign(token, code!);
    expect(signed.status, signed.text).to.equal(303);

    const receipt = await signatory.open(token);
    expect(receipt.text).to.include('Receipt').and.include(alex.title).and.include(request['textSha256']);
    const { body: after } = await api.call('GET', `/v1/claims/${claimId}/signatures/${request['signatureId']}`, { token: partner });
    expect(after).to.include({ state: 'signed' });
    expect(after['signedBy']).to.deep.equal(alex);

    const { body: evidence } = await api.call('GET', `/v1/claims/${claimId}/evidence`, { token: partner });
    expect(evidence['items']).to.have.length(1);
    expect(evidence['items'][0]).to.deep.include({ evidenceId: request['signatureId'], isSignedHere: true, fileName: null });
    expect(evidence['items'][0].signedOn).to.match(/^\d{4}-\d\d-\d\d$/);
    const preview = await api.call('POST', `/v1/claims/${claimId}/submissions`, { token: partner, headers: { Prefer: 'respond-async' } });
    expect(preview.status, preview.text).to.equal(202);

    const html = await api.call('GET', `/v1/claims/${claimId}/signatures/${request['signatureId']}/receipt`, { token: partner });
    expect(html.headers.get('content-type')).to.match(/^text\/html/);
    const check = /href="[^"]*(\/check\/[0-9a-f-]+\/[0-9a-f]{64})"/.exec(html.text)![1]!;
    const checked = await api.call('GET', check);
    expect([checked.status, checked.text.includes('genuine'), checked.text.includes(alex.name)]).to.deep.equal([200, true, false]);
    const forged = check.replace(/[0-9a-f]$/, (digit) => (digit === '0' ? '1' : '0'));
    expect((await api.call('GET', forged)).status).to.equal(404);

    // The partner and the signatory get the same sealed file.
    const bytesOf = async (path: string, headers: Record<string, string> = {}) => {
      const response = await fetch(`${api.url}${path}`, { headers });
      expect([response.status, response.headers.get('content-type')], path).to.deep.equal([200, 'application/pdf']);
      return Buffer.from(await response.arrayBuffer());
    };
    const path = `/v1/claims/${claimId}/signatures/${request['signatureId']}/receipt.pdf`;
    const file = await bytesOf(path, { Authorization: `Bearer ${partner}` });
    expect(file.equals(await bytesOf(`/s/${token}/receipt.pdf`))).to.equal(true);
    expect(receipt.text).to.include(`href="/s/${token}/receipt.pdf"`);
    const seal = await sandboxSeal(api.dataDirectory);
    expect(await verifySealedPdf(file, seal)).to.include({ verdict: 'genuine' });
    const words = (await readPdf(file)).pages.join(' ').replace(/\s+/g, '');
    for (const word of [alex.name, request['textSha256'], check]) expect(words).to.include(String(word).replace(/\s+/g, ''));
  });

  it('gives no file before the signature, to a stranger, or by an unknown link', async () => {
    const { claimId, request, token } = await requested();
    const path = `/v1/claims/${claimId}/signatures/${request['signatureId']}/receipt.pdf`;
    expect((await api.call('GET', path, { token: partner })).status).to.equal(404);
    expect((await api.call('GET', `/s/${token}/receipt.pdf`)).status).to.equal(404);
    expect((await api.call('GET', `/s/${token.slice(0, -1)}x/receipt.pdf`)).status).to.equal(404);
  });

  it('takes a code five times and no more, and only the latest one', async () => {
    const { claimId, token } = await requested();
    const code = await signatory.order(claimId, token);
    const wrong = code === '000000' ? '000001' : '000000';
    for (let n = 0; n < 5; n++) expect((await signatory.sign(token, wrong)).status).to.equal(422);
    const late = await signatory.sign(token, code);
    expect([late.status, late.text.includes('void')]).to.deep.equal([422, true]);
    expect(await stateOf(claimId)).to.deep.equal(['open']);
  });

  it('refuses a second request, a stranger, and a language without a template', async () => {
    const { claimId } = await requested();
    expect(codeOf(await ask(claimId))).to.deep.equal([409, 'signature_open']);
    const other = await draft();
    const stranger = { signatory: { name: 'Eve', email: 'eve@elsewhere.example' } };
    expect(codeOf(await ask(other.claimId, stranger))).to.deep.equal([409, 'signatory_domain_mismatch']);
    expect(codeOf(await ask(other.claimId, { signatory: { name: 'Eve', email: 'nobody' } }))).to.deep.equal([422, 'invalid_request']);
  });

  it('ends when it is declined, and the partner reads the reason', async () => {
    const { claimId, token } = await requested();
    expect((await signatory.send(token, { action: 'decline', reason: 'Not my project.' })).status).to.equal(303);
    expect((await signatory.open(token)).text).to.include('You declined to sign');
    const { body } = await api.call('GET', `/v1/claims/${claimId}/signatures`, { token: partner });
    expect(body['items'][0]).to.include({ state: 'declined', declineReason: 'Not my project.' });
    expect((await ask(claimId)).status).to.equal(201);
  });

  it('ends when it is canceled', async () => {
    const { claimId, request, token } = await requested();
    const canceled = await api.call('DELETE', `/v1/claims/${claimId}/signatures/${request['signatureId']}`, { token: partner });
    expect(canceled.status, canceled.text).to.equal(200);
    expect((await signatory.open(token)).text).to.include('This request was canceled');
    expect(await stateOf(claimId)).to.deep.equal(['canceled']);
  });

  it('passes to a colleague, whose link replaces the first', async () => {
    const { claimId, token } = await requested();
    const named = { action: 'forward', colleagueName: 'Kim Hale', colleagueEmail: `kim.hale@${northwind.domain}` };
    const strange = await signatory.send(token, { ...named, colleagueEmail: 'kim@elsewhere.example' });
    expect(strange.status).to.equal(422);
    expect((await signatory.send(token, named)).status).to.equal(200);
    expect((await signatory.open(token)).status).to.equal(404);
    const colleague = (await signatory.openMails(claimId)).token;
    expect(colleague).not.to.equal(token);
    expect((await signatory.sign(colleague, await signatory.order(claimId, colleague))).status).to.equal(303);
    expect(await stateOf(claimId)).to.deep.equal(['signed']);
    expect((await signatory.open(token)).status).to.equal(404);
  });

  it('changes nothing by opening links, posting blindly, or without the tick', async () => {
    const { claimId, token } = await requested();
    const versionOf = async () => (await api.call('GET', `/v1/claims/${claimId}`, { token: partner })).body['version'];
    const before = await versionOf();
    for (const method of ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'DELETE']) await api.call(method, `/s/${token}`);
    for (const action of ['code', 'sign', 'decline', 'forward']) {
      const body = new URLSearchParams({ action, ...alex, agree: 'yes', code: '123456', formToken: '' });
      expect((await api.call('POST', `/s/${token}`, { body, key: null })).status).to.equal(422);
    }
    expect((await signatory.send(token, { ...alex, action: 'code' })).status).to.equal(422);
    expect((await signatory.send(token, { ...alex, agree: 'yes', action: 'sign', code: '123456' })).status).to.equal(422);
    expect(await versionOf()).to.equal(before);
    expect((await signatory.open('unknown')).status).to.equal(404);
  });

  it('keeps names, addresses and codes out of events and commands', async () => {
    const { claimId, token } = await requested();
    const code = await signatory.order(claimId, token);
    expect((await signatory.sign(token, code)).status).to.equal(303);
    const [row] = await database.source.query<[{ stored: string }]>(
      `SELECT (SELECT string_agg(data::text || by::text, '') FROM claim_events WHERE claim_id = $1 AND data ? 'signatureId')
         || (SELECT string_agg(body::text || actor::text || outcome::text, '') FROM claim_commands WHERE claim_id = $1 AND type <> 'draftClaim')
         || (SELECT state ->> 'signatures' FROM claims WHERE claim_id = $1) AS stored`,
      [claimId],
    );
    for (const secret of [alex.name, 'Head of IT', email, code, token, '127.0.0.1']) expect(row.stored).not.to.include(secret);
  });

  it('keeps the names of the signature on the receipt when companies are renamed', async () => {
    const { claimId, request, token } = await requested();
    expect((await signatory.sign(token, await signatory.order(claimId, token))).status).to.equal(303);
    const path = `/v1/claims/${claimId}/signatures/${request['signatureId']}/receipt`;
    const receipt = async () => (await api.call('GET', path, { token: partner })).text;
    const before = await receipt();
    expect(before).to.include('Northwind Traders');
    await database.source.query(
      `INSERT INTO directory_answers (claim_id, asked_at, facts)
       SELECT claim_id, cpor_now(), jsonb_set(jsonb_set(facts, '{tenant,name}', '"Renamed Traders"'), '{location,legalName}', '"Renamed Cloud"')
       FROM directory_answers WHERE claim_id = $1 ORDER BY asked_at DESC LIMIT 1`,
      [claimId],
    );
    expect(await receipt()).to.equal(before);
    expect((await signatory.open(token)).text).not.to.include('Renamed');
  });

  it('speaks Russian', async () => {
    const { token, request } = await requested({ language: 'ru' });
    expect(request['statement'].title).to.match(/^Описание работ/);
    const shown = await signatory.open(token);
    expect(shown.text).to.include('<html lang="ru">').and.include('Подписать можно до');
  });
});
