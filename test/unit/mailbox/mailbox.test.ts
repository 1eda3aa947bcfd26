import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { expect } from 'chai';
import { createMailer, type OutgoingMail } from '#libs/notices/index.js';
import { startMailbox, type Mailbox } from '../../../apps/mailbox/src/mailbox.js';
import { readMailboxConfig } from '../../../apps/mailbox/src/mailbox.config.js';

const mail: OutgoingMail = {
  to: 'anna@contoso.example',
  subject: 'Заявка CLM-000123',
  text: 'Ваша ссылка:\nhttps://claims.example/n/Zk3v?a=1&b=2.\n',
  html: '<p>Ваша <a href="https://claims.example/n/Zk3v?a=1&amp;b=2">ссылка</a>, <a href="https://northwind.example/about">ещё</a></p><script>alert(1)</script>',
  messageId: 'notice-1@cpor.example',
  envelopeFrom: 'bounces@cpor.example',
};

describe('the mailbox', () => {
  let directory: string;
  let mailbox: Mailbox;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'cpor-mailbox-'));
    mailbox = await startMailbox({ directory, smtpPort: 0, pagePort: 0 });
  });

  afterEach(async () => {
    await mailbox.close();
    await rm(directory, { recursive: true, force: true });
  });

  async function send(changes: Partial<OutgoingMail> = {}) {
    const mailer = createMailer(`smtp://127.0.0.1:${mailbox.smtpPort}`, 'Northwind <cpor@cpor.example>');
    const outcome = await mailer.send({ ...mail, ...changes });
    mailer.close();
    return outcome;
  }
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${mailbox.pagePort}${path}`, init);
  const list = async (query = '') =>
    ((await (await get(`/messages${query}`)).json()) as { items: { id: string; to: string; deliveries: number }[] }).items;

  it('stores a message and serves it with both parts and its links', async () => {
    expect(await send()).to.have.property('outcome', 'accepted');
    const [summary] = await list();
    const message = (await (await get(`/messages/${summary?.id}`)).json()) as Record<string, unknown>;
    const { id, receivedAt, text: kept, html, ...rest } = message;
    expect(rest).to.deep.equal({
      to: 'anna@contoso.example',
      from: 'cpor@cpor.example',
      subject: 'Заявка CLM-000123',
      messageId: '<notice-1@cpor.example>',
      deliveries: 1,
      links: ['https://claims.example/n/Zk3v?a=1&b=2', 'https://northwind.example/about'],
    });
    expect(id).to.equal(summary?.id);
    expect(receivedAt).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(kept).to.equal(mail.text);
    expect(html).to.equal(mail.html);
  });

  it('stores the message as received, in one file', async () => {
    await send();
    const [summary] = await list();
    const source = await readFile(join(directory, `${summary?.id}.eml`), 'utf8');
    expect(source).to.include('Message-ID: <notice-1@cpor.example>\r\n');
    expect(await readdir(directory)).to.have.members([`${summary?.id}.eml`, `${summary?.id}.json`]);
  });

  it('counts repeated deliveries and shows the message once, even when they arrive together', async () => {
    await Promise.all(Array.from({ length: 8 }, () => send()));
    expect((await list()).map(({ to, deliveries }) => ({ to, deliveries }))).to.deep.equal([{ to: 'anna@contoso.example', deliveries: 8 }]);
  });

  it('stores the message for another recipient separately, and lists by recipient', async () => {
    await send();
    await send({ to: 'boris@contoso.example' });
    expect(await list()).to.have.lengthOf(2);
    expect((await list('?to=Boris@contoso.example')).map(({ to }) => to)).to.deep.equal(['boris@contoso.example']);
    expect(await list('?to=nobody@contoso.example')).to.deep.equal([]);
  });

  it('refuses recipients at domains ending in .invalid', async () => {
    expect(await send({ to: 'anna@contoso.invalid' })).to.deep.equal({
      outcome: 'failed_permanently',
      code: '550',
      response: '550 5.1.1 <address>: no such mailbox',
    });
    expect(await list()).to.deep.equal([]);
  });

  it('keeps its messages and counts across a restart, and removes half-written files', async () => {
    await send();
    await send();
    await mailbox.close();
    await writeFile(join(directory, 'left-behind.part'), 'half a mess');
    mailbox = await startMailbox({ directory, smtpPort: 0, pagePort: 0 });
    expect((await list()).map(({ deliveries }) => deliveries)).to.deep.equal([2]);
    expect((await readdir(directory)).filter((name) => name.endsWith('.part'))).to.deep.equal([]);
  });

  it('shows messages to people, with the HTML part in a sandbox', async () => {
    await send();
    const [summary] = await list();
    expect(await (await get('/')).text()).to.include(`<a href="/view/${summary?.id}">Заявка CLM-000123</a>`);
    const page = await (await get(`/view/${summary?.id}`)).text();
    expect(page).to.include('<a href="https://claims.example/n/Zk3v?a=1&amp;b=2" rel="noreferrer">');
    expect(page).to.include(`<iframe sandbox title="HTML part" src="/view/${summary?.id}/html"></iframe>`);
    expect(page).to.not.include('<script');
    const part = await get(`/view/${summary?.id}/html`);
    expect(part.headers.get('content-security-policy')).to.equal("sandbox; default-src 'none'; style-src 'unsafe-inline'");
  });

  it('escapes the content of a message', async () => {
    await send({ subject: '<script>alert(1)</script>', text: '</pre><script>alert(2)</script>' });
    const [summary] = await list();
    for (const path of ['/', `/view/${summary?.id}`]) expect(await (await get(path)).text()).to.not.include('<script');
  });

  it('answers 404 for an unknown message and 405 for any method but GET and HEAD', async () => {
    const missing = '0'.repeat(24);
    for (const path of [`/messages/${missing}`, `/view/${missing}`, `/view/${missing}/html`, '/messages/..%2F..%2Fetc', '/else']) {
      expect((await get(path)).status, path).to.equal(404);
    }
    expect((await get('/messages', { method: 'POST' })).status).to.equal(405);
  });
});

describe('the mailbox process', () => {
  const main = new URL('../../../apps/mailbox/src/main.js', import.meta.url).pathname;
  const start = (environment: Record<string, string>) => spawn(process.execPath, [main], { env: { ...process.env, ...environment } });

  it('prints where it listens and exits with code 0 on SIGTERM', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cpor-mailbox-'));
    const child = start({ MAILBOX_DIRECTORY: directory, MAILBOX_SMTP_PORT: '0', MAILBOX_PAGE_PORT: '0' });
    const [line] = await once(createInterface(child.stdout), 'line');
    expect(line).to.match(/^mailbox: SMTP 127\.0\.0\.1:\d+, page http:\/\/127\.0\.0\.1:\d+, messages in /);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).to.deep.equal([0, null]);
    await rm(directory, { recursive: true });
  });

  it('names a port already in use and exits with code 1', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'cpor-mailbox-'));
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    for (const taken of ['MAILBOX_SMTP_PORT', 'MAILBOX_PAGE_PORT']) {
      const child = start({ MAILBOX_DIRECTORY: directory, MAILBOX_SMTP_PORT: '0', MAILBOX_PAGE_PORT: '0', [taken]: String(port) });
      const [complaint, [code]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
      expect(complaint).to.match(new RegExp(`^mailbox: not started\\. .*EADDRINUSE.*:${port}\n$`));
      expect(code).to.equal(1);
    }
    other.close();
    await rm(directory, { recursive: true });
  });

  it('names every faulty setting at once', () => {
    expect(() => readMailboxConfig({ MAILBOX_SMTP_PORT: 'x', MAILBOX_PAGE_PORT: '70000' })).to.throw(
      'MAILBOX_SMTP_PORT must be a port number from 0 to 65535, not "x".\nMAILBOX_PAGE_PORT must be a port number from 0 to 65535, not "70000".',
    );
    expect(readMailboxConfig({ CPOR_DATA_DIR: '/data' })).to.deep.equal({ directory: '/data/mailbox', smtpPort: 1025, pagePort: 8025 });
  });
});
