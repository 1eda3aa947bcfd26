import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';
import { evergreen, northwind } from '../support/claims.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';

const cli = join(checkoutRoot, 'dist/apps/cli/src/main.js');
const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

interface Result {
  code: number;
  out: string;
  words: string;
}

describe('webhooks on the command line', function () {
  this.timeout(120_000);
  let product: Product;
  let folder: string;
  let env: NodeJS.ProcessEnv;
  let receiver: WebhookReceiver;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cpor-cli-'));
    product = await startProduct();
    const token = await product.token('ann.evergreen', 'claim_admin', { partner: evergreen.accountId, locations: ['*'] });
    env = { PATH: process.env['PATH'] ?? '', HOME: folder, CPOR_URL: product.stack.addresses.apiUrl, CPOR_TOKEN: token };
  });
  beforeEach(async () => {
    receiver = await new WebhookReceiver().start();
    receiver.secrets.push(secret);
  });
  afterEach(() => receiver.stop());
  after(async () => {
    await product?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const cpor = (...words: string[]): Promise<Result> =>
    new Promise((resolve) => {
      execFile(process.execPath, [cli, ...words], { cwd: folder, env, timeout: 60_000 }, (error, out, said) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, words: said }),
      );
    });

  function listen(...words: string[]): { child: ChildProcess; said: { out: string; words: string } } {
    const child = spawn(process.execPath, [cli, 'webhooks', 'listen', '--forward', receiver.url, ...words], { cwd: folder, env });
    const said = { out: '', words: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said.words += text));
    return { child, said };
  }

  const linesOf = ({ out }: { out: string }): Record<string, unknown>[] =>
    out
      .trim()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line));

  async function draft(name: string): Promise<string> {
    const person = { name: 'Robin Fields', email: 'claims@partner.example' };
    const contacts = { customer: { ...person, title: 'Head of IT', email: `alex@${northwind.domain}` }, partner: person };
    const lines = [{ product: 'teams', activities: ['usage'] }];
    const claim = {
      partnerId: evergreen.partnerId,
      ...northwind,
      name,
      area: 'modern_work_security',
      lines,
      contacts,
      acknowledgementVersion: 1,
    };
    await writeFile(join(folder, 'claim.json'), JSON.stringify(claim));
    const { code, out, words } = await cpor('claims', 'create', 'claim.json', '--json');
    expect(code, words).to.equal(0);
    return JSON.parse(out).claimId;
  }

  it('sends what happens from now on to this machine, signed, and ends when it is interrupted', async () => {
    await draft('Before');
    const { child, said } = listen('--json');
    await waitFor('the secret', () => /The secret is whsec_\S+/.test(said.words));
    receiver.secrets = [/whsec_\S+/.exec(said.words)![0]];
    const first = await draft('First');
    await waitFor('its event', () => linesOf(said).length > 0);
    expect(receiver.received.map(({ type, claimId }) => [type, claimId])).to.deep.equal([['claim.created', first]]);
    expect(linesOf(said)[0]).to.include({
      webhookId: receiver.received[0]!.id,
      claimId: first,
      isDelivered: true,
      status: 204,
      fault: null,
    });
    receiver.answer = () => ({ status: 302, headers: { location: receiver.url } });
    await draft('Second');
    await waitFor('its event', () => linesOf(said).length > 1);
    expect(linesOf(said)[1]).to.include({ isDelivered: false, status: 302 });
    expect(receiver.received).to.have.length(2);
    await receiver.stop();
    await draft('Third');
    await waitFor('its event', () => linesOf(said).length > 2);
    expect(linesOf(said)[2]).to.include({ isDelivered: false, status: null, fault: 'ECONNREFUSED' });
    child.kill('SIGINT');
    await waitFor('the end', () => child.exitCode !== null);
    expect(child.exitCode).to.equal(130);
    expect(said.words).to.include(`1 delivered, 2 failed. To continue: --after ${String(linesOf(said)[2]!['cursor'])}`);
    expect(receiver.unverified).to.deep.equal([]);
  });

  it('ends at once while a receiver hangs', async () => {
    const { child, said } = listen('--secret', secret);
    await waitFor('the start', () => said.words.includes('The secret is'));
    receiver.answer = () => ({ status: 200, afterMs: Number.POSITIVE_INFINITY });
    await draft('Hanging');
    await waitFor('the request', () => receiver.received.length > 0);
    child.kill('SIGINT');
    await waitFor('the end', () => child.exitCode !== null);
    // No line says that the receiver has not answered in time.
    expect([child.exitCode, said.out]).to.deep.equal([130, '']);
    expect(said.words).to.include('0 delivered, 0 failed.');
  });

  it('goes on after an event, and says by its exit code whether everything was delivered', async () => {
    await draft('Some');
    const events = (await cpor('events', 'tail', '--once', '--json')).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const once = ['webhooks', 'listen', '--forward', receiver.url, '--secret', secret, '--once', '--after', events.at(-2).cursor];
    expect(await cpor(...once, '--format', 'cloudevents')).to.include({ code: 0 });
    expect(receiver.received.map(({ id }) => id)).to.deep.equal([events.at(-1).eventId]);
    expect(receiver.received[0]!.headers['content-type']).to.equal('application/cloudevents+json');
    receiver.answer = () => ({ status: 500 });
    const failed = await cpor(...once);
    expect(failed.code).to.equal(1);
    expect(failed.out).to.match(new RegExp(`^✗ 500  claim.created  ${events.at(-1).claimNumber}  \\d+ ms\n$`));
    expect(failed.words).to.include('Not everything was delivered.');
  });

  for (const [what, words, says] of [
    ['a missing address', [], '--forward is missing'],
    ['an address that is none', ['--forward', 'localhost:3000'], 'it is an address such as http://localhost:3000/hook'],
    ['a secret that is none', ['--forward', 'http://localhost:1', '--secret', 'hush'], '"whsec_" followed by base64'],
  ] as const)
    it(`says what is wrong with ${what}`, async () => {
      const result = await cpor('webhooks', 'listen', ...words);
      expect(result).to.include({ code: 2, out: '' });
      expect(result.words).to.include(says);
    });

  it('registers an endpoint, tries it and lists what was sent', async () => {
    const created = await cpor('webhooks', 'create', receiver.url, '--type', 'claim.discarded', '--json');
    expect(created.code, created.words).to.equal(0);
    const { endpointId, secret: own } = JSON.parse(created.out);
    receiver.secrets = [own];
    expect((await cpor('webhooks', 'list')).out)
      .to.match(/^ENDPOINT +STATE +PENDING/)
      .and.include(endpointId);
    const tried = await cpor('webhooks', 'test', endpointId);
    expect(tried).to.include({ code: 0 });
    expect(tried.out).to.match(/^delivered: 204 after \d+ ms/);
    receiver.answer = () => ({ status: 500, body: 'Not\nyet' });
    const failed = await cpor('webhooks', 'test', endpointId);
    expect(failed).to.include({ code: 1 });
    expect(failed.out).to.match(/^pending: 500 after \d+ ms\. Not yet\n$/);
    const { out } = await cpor('webhooks', 'deliveries', endpointId, '--state', 'delivered', '--json');
    expect(JSON.parse(out).map(({ type, state }: { type: string; state: string }) => [type, state])).to.deep.equal([
      ['webhook.test', 'delivered'],
    ]);
    expect(await cpor('webhooks', 'deliveries', '00000000-0000-7000-8000-000000000000')).to.include({ code: 1, out: '' });
  });
});
