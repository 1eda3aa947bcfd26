import { readdir, readFile, stat } from 'node:fs/promises';
import { connect } from 'node:net';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import type { ClaimView } from '#libs/read-models/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { workflowIds } from '../../temporal.config.js';
import { partnerId } from '../bench/sandbox.js';
import { approve, noticeLink, bodyOf, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { openPage } from '../support/customer.js';
import { postForm, signByMail, signingLink } from '../support/mailed-signature.js';
import { columnsContaining } from '../support/personal-data.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';

const northwind = { tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a', domain: 'northwind-traders.example' };
const contact = { name: 'Quentin Zyxwold', title: 'Keeper of Gizmos', email: `quentin.zyxwold@${northwind.domain}` };
const seller = { name: 'Ottoline Vexler', email: 'ottoline.vexler@evergreen-cloud.example' };
/** Is asked to sign, and names a colleague who does. */
const assistant = { name: 'Wilhelmina Fnord', email: `wilhelmina.fnord@${northwind.domain}` };
const signatory = { name: 'Peregrine Dingbat', title: 'Grand Marshal of Widgets', email: `peregrine.dingbat@${northwind.domain}` };
const words = {
  comment: 'A wombat dug it up.',
  internal: 'Ask the walrus.',
  question: 'Which yak is it?',
  refusal: 'No ocelots, thank you.',
  declined: 'The capybara objects.',
};
const fileName = 'zyxwold-signed.pdf';
const evidenceWords = 'Signed by Quentin Zyxwold';
const revenue = { sellerName: 'Bartholomew Quux', customerName: 'Lord Plumbob', solutionName: 'Snorkel Suite' };

/** Words that only the people of this story use: their names, texts and files. */
const secrets = [
  ...Object.values(contact),
  ...Object.values(seller),
  ...Object.values(assistant),
  ...Object.values(signatory),
  ...Object.values(words),
  ...Object.values(revenue),
  'zyxwold',
  'vexler',
  'fnord',
  'dingbat',
];

describe('the personal data of a claim', function () {
  this.timeout(120_000);
  this.slow(120_000);
  let product: Product;

  before(async () => {
    product = await startProduct({ CPOR_LOG_LEVEL: 'info' });
  });

  after(() => product?.close());

  const setClock = async (to: string) => bodyOf(await product.operator.post('/v1/sandbox/clock/advances', { to }));

  /** Has a draft's statement declined by one person, then passed on by it and signed by another. Returns what only their mails hold. */
  async function signed({ claimId, number }: ClaimView): Promise<string[]> {
    const ask = () => product.partner.post(`/v1/claims/${claimId}/signatures`, { signatory: assistant });
    bodyOf(await ask());
    const declined = await signingLink(product, assistant.email, number);
    expect((await postForm(declined, { action: 'decline', reason: words.declined })).status).to.equal(303);
    bodyOf(await ask());
    let forwarded = declined;
    await waitFor('the second mail', async () => {
      const mails = await product.mails(assistant.email);
      const links = await Promise.all(mails.map(async ({ id }) => (await product.mail(id)).links.find((url) => url.includes('/s/'))));
      forwarded = links.find((link) => link !== undefined && link !== declined) ?? declined;
      return forwarded !== declined;
    });
    const colleague = { colleagueName: signatory.name, colleagueEmail: signatory.email };
    expect((await postForm(forwarded, { action: 'forward', ...colleague })).status).to.equal(200);
    const { link } = await signByMail(product, number, signatory);
    expect((await fetch(`${link}/receipt.pdf`)).status).to.equal(200);
    return [declined, forwarded, link].map((url) => new URL(url).pathname.slice('/s/'.length));
  }

  /** Takes a claim from a draft to an association that the customer ends, with a text at every step. `tokens` are those of all links. */
  async function wholeLife(): Promise<{ claimId: string; link: string; tokens: string[] }> {
    const { partner, reviewer } = product;
    await setClock('2026-11-23T15:00:00.000Z');
    const content = Buffer.from(statementOfWork([evidenceWords])).toString('base64');
    const claim = await partner.post<ClaimView>('/v1/claims', {
      name: 'Adoption 2026',
      partnerId,
      ...northwind,
      area: 'modern_work_security',
      lines: [{ product: 'teams', activities: ['usage'] }],
      contacts: { customer: contact, partner: seller },
      revenue,
      acknowledgementVersion: 1,
      evidence: [{ fileName, contentBase64: content, signedOn: '2026-10-14' }],
    });
    const { claimId } = bodyOf(claim);
    const signingTokens = await signed(bodyOf(claim));
    bodyOf(await partner.post(`/v1/claims/${claimId}/comments`, { text: words.comment }));
    bodyOf(await partner.post(`/v1/claims/${claimId}/submissions`, {}));
    await untilPhase(partner, claimId, 'submitted');
    bodyOf(await reviewer.post(`/v1/claims/${claimId}/comments`, { text: words.internal, visibility: 'internal' }));
    const question = { reasons: ['evidence_products_missing'], comment: words.question };
    bodyOf(await reviewer.post(`/v1/claims/${claimId}/information-requests`, question));
    const asked = await untilPhase(partner, claimId, 'action_required');
    bodyOf(await partner.patch(`/v1/claims/${claimId}`, { name: 'Adoption' }, asked.etag));
    bodyOf(await partner.post(`/v1/claims/${claimId}/answers`, { comment: words.comment }));
    await untilPhase(partner, claimId, 'submitted');
    await approve(product, claimId);
    await untilWindowOpens(product, claimId);
    const link = await noticeLink(product, contact.email);
    await setClock('2026-12-02T05:00:00.000Z');
    await untilPhase(partner, claimId, 'official');
    await (await openPage(link)).answer({ reason: words.refusal });
    await untilPhase(partner, claimId, 'ended');
    return { claimId, link, tokens: [new URL(link).pathname.slice('/n/'.length), ...signingTokens] };
  }

  /** Reads all that Temporal knows: histories with inputs, results and failures, memos, search attributes, schedules, and queries of open workflows. */
  async function payloadsOf(claimId: string): Promise<string> {
    const { workflow, schedule } = product.temporal;
    const texts: string[] = [];
    const collect = (value: unknown): void => {
      if (value instanceof Uint8Array) texts.push(Buffer.from(value).toString());
      else if (typeof value === 'string') texts.push(value);
      else if (value !== null && typeof value === 'object') for (const member of Object.values(value)) collect(member);
    };
    for await (const { raw, workflowId, runId } of workflow.list()) {
      const handle = workflow.getHandle(workflowId, runId);
      collect(raw);
      collect((await handle.describe()).raw);
      collect(await handle.fetchHistory());
    }
    for await (const { scheduleId } of schedule.list()) collect((await schedule.getHandle(scheduleId).describe()).raw);
    expect(texts.join('\n')).to.include(workflowIds.claim(claimId)).and.include('consent_pending');
    return texts.join('\n');
  }

  /** Reads the metrics of Temporal's server, of the API and of the worker. */
  async function metrics(): Promise<string> {
    const { dataDirectory, addresses } = product.stack;
    const files = await readdir(dataDirectory, { recursive: true });
    const log = await readFile(join(dataDirectory, files.find((file) => file.endsWith('temporal.log'))!), 'utf8');
    const ofTemporal = /Metrics:\s+(http:\S+)/.exec(log)?.[1];
    expect(ofTemporal, 'the address of the metrics in the log of Temporal').to.be.a('string');
    const { api, worker } = addresses.metricsUrls;
    const told = await Promise.all([ofTemporal!, api, worker].map(async (address) => (await fetch(address)).text()));
    expect(told[0]).to.match(/^# TYPE /m);
    expect(told[1]).to.include('route="/n/:token"').and.include('route="/s/:token"').and.include('route="/v1/claims/:claimId"');
    expect(told[2]).to.include('cpor_claim_metrics_up 1');
    return told.join('');
  }

  /** A secret as it may be written other than plainly: percent-encoded, in hex, and in the base64 of a text that holds it at any of three offsets. */
  function formsOf(secret: string): string[] {
    const inner = [0, 1, 2].map((offset) => {
      const encoded = Buffer.from(`${'x'.repeat(offset)}${secret}`)
        .toString('base64')
        .replace(/=+$/, '');
      // The first and the last group also carry bits of the neighbours.
      return encoded.slice(offset === 0 ? 0 : 4, -4);
    });
    const long = inner.filter(({ length }) => length >= 8);
    const inAddresses = long.map((encoded) => encoded.replaceAll('+', '-').replaceAll('/', '_'));
    return [encodeURIComponent(secret), Buffer.from(secret).toString('hex'), ...long, ...inAddresses];
  }

  /** Reads the logs of all parts: API, worker, mailbox, Temporal and PostgreSQL. */
  async function logs(): Promise<string> {
    const files = await readdir(product.stack.dataDirectory, { recursive: true });
    const names = files.filter((file) => file.endsWith('.log'));
    expect(names.map((name) => basename(name))).to.include.members([
      'api.log',
      'worker.log',
      'mailbox.log',
      'temporal.log',
      'postgres.log',
    ]);
    const texts = await Promise.all(names.map((name) => readFile(join(product.stack.dataDirectory, name), 'utf8')));
    expect(texts.join('')).to.include('/v1/claims').and.include('/n/:token').and.include('/s/:token');
    return texts.join('');
  }

  /** Sends a customer's link in every way that the server reads, and in some that it does not. Returns all answers that are problems. */
  async function oddRequests(link: string): Promise<string> {
    const { origin, port, pathname } = new URL(link);
    const token = pathname.slice('/n/'.length);
    const encoded = [...token].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join('');
    const targets = [
      `/%6e/${token}`,
      `/n/${encoded}`,
      `//n/${token}`,
      `${origin}${pathname}`,
      `/n/${token}%zz`,
      `/n/${token}/?q=${contact.email}`,
    ];
    const heads = ['GET', 'POST', 'PROPFIND', 'get'].flatMap((method) => targets.map((target) => `${method} ${target} HTTP/1.1`));
    const answers: string[] = [];
    for (const head of [...heads, `GET /n/ ${token} HTTP/1.1`, `GET /v1/claims?q=${contact.email} HTTP/1.1`, `GET ${pathname} HTTP/9`]) {
      const socket = connect(Number(port), '127.0.0.1');
      socket.end(
        `${head}\r\nHost: localhost\r\nReferer: ${link}\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: 1\r\n\r\nx`,
      );
      answers.push(await text(socket));
    }
    const problems = answers.filter((answer) => answer.includes('application/problem+json'));
    expect(problems.length).to.be.greaterThan(10);
    return problems.map((answer) => answer.slice(answer.indexOf('\r\n\r\n'))).join('');
  }

  it('is stored only where it can be erased, and is gone after its retention period while every chain stays intact', async () => {
    const { claimId, link, tokens } = await wholeLife();
    const erasable = ['evidence_files.content', 'evidence_files.file_name', 'personal_data.content'];
    expect(await columnsContaining(product.source, secrets)).to.deep.equal(erasable);
    const problems = await oddRequests(link);
    const signatures = product.tokens.map((token) => token.split('.')[2]!);
    const places = { problems, Temporal: await payloadsOf(claimId), 'the logs': await logs(), 'the metrics': await metrics() };
    for (const [what, told] of Object.entries(places)) {
      const lower = told.toLowerCase();
      for (const secret of [...secrets, evidenceWords, ...tokens, ...signatures]) {
        expect(lower.includes(secret.toLowerCase()), `${what} contain ${secret}`).to.equal(false);
        for (const form of formsOf(secret)) expect(told.includes(form), `${what} contain ${secret} as ${form}`).to.equal(false);
      }
    }

    const nothing = await product.cpor('erase', '--due');
    expect(nothing.output).to.include('Erased 0 contacts and texts, and 0 evidence files, of 0 claims.');

    // Evidence is erased two years after the end, everything about people after seven.
    await setClock('2028-12-03T00:00:00.000Z');
    expect((await product.cpor('erase', '--due')).output).to.include('Erased 0 contacts and texts, and 1 evidence files, of 1 claims.');
    expect(await columnsContaining(product.source, secrets)).to.deep.equal(['personal_data.content']);
    expect((await fetch(link)).status).to.equal(200);

    await setClock('2034-12-03T00:00:00.000Z');
    const dry = await product.cpor('erase', '--due', '--dry-run', '--json');
    expect(await columnsContaining(product.source, secrets)).to.deep.equal(['personal_data.content']);
    const done = await product.cpor('erase', '--due', '--json');
    const counts = (output: string) => {
      const { claims, personalData, evidenceFiles, isDryRun } = JSON.parse(output) as Record<string, unknown>;
      return { claims, personalData, evidenceFiles, isDryRun };
    };
    const items = await product.source.query<unknown[]>('SELECT FROM personal_data WHERE claim_id = $1', [claimId]);
    expect(counts(dry.output)).to.deep.equal({ claims: 1, personalData: items.length, evidenceFiles: 0, isDryRun: true });
    expect(counts(done.output)).to.deep.equal({ ...counts(dry.output), isDryRun: false });
    expect(await columnsContaining(product.source, secrets)).to.deep.equal([]);
    expect((await product.cpor('verify')).output).to.include('every chain is intact');

    // What is left can still be read, without people. The link no longer works.
    expect((await fetch(link)).status).to.equal(404);
    const { contacts, evidence, phase } = bodyOf(await product.partner.get<ClaimView>(`/v1/claims/${claimId}`));
    expect([phase, contacts, evidence[0]!.fileName]).to.deep.equal(['ended', { customer: null, partner: null, technical: null }, null]);
    const { items: history } = bodyOf(
      await product.reviewer.get<{ items: { comment: string | null }[] }>(`/v1/claims/${claimId}/history?language=ru`),
    );
    expect(history.flatMap(({ comment }) => comment ?? [])).to.deep.equal(Array(6).fill('(удалено)'));
  });

  it('is exported into a file that only its owner can read', async () => {
    const file = join(product.stack.dataDirectory, 'export.json');
    const [admin] = await product.source.query<{ email: string }[]>('SELECT email FROM directory_tenant_admins LIMIT 1');
    expect(await product.cpor('export-person', admin!.email.toUpperCase(), '--out', file)).to.deep.include({ exitCode: 0 });
    const { items } = JSON.parse(await readFile(file, 'utf8')) as { items: { type: string; email: string }[] };
    expect(items.map(({ type, email }) => [type, email])).to.deep.include(['directory_entry', admin!.email]);
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect((await product.cpor('export-person', admin!.email, '--out', file)).exitCode).to.equal(1);
  });
});
