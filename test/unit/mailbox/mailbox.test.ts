import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text as readAll } from 'node:stream/consumers';
import { expect } from 'chai';
import { createTransport } from 'nodemailer';
import { createMailer, type OutgoingMail } from '#libs/notices/index.js';
import { startMailbox, type Mailbox } from '../../../apps/mailbox/src/mailbox.js';
import { readMailboxConfig } from '../../../apps/mailbox/src/mailbox.config.js';
import { storeMails } from '../../support/stored-mails.js';

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
    await start();
  });

  async function start() {
    mailbox = await startMailbox({ directory, smtpPort: 0, pagePort: 0, publicUrl: 'https://claims.example' });
  }

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
  async function sendSource(source: string) {
    const transport = createTransport({ host: '127.0.0.1', port: mailbox.smtpPort });
    await transport.sendMail({ envelope: { from: 'a@cpor.example', to: 'b@contoso.example' }, raw: source });
    transport.close();
  }
  const get = (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${mailbox.pagePort}${path}`, init);
  const text = async (path: string) => (await get(path)).text();
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
    await start();
    expect((await list()).map(({ deliveries }) => deliveries)).to.deep.equal([2]);
    expect((await readdir(directory)).filter((name) => name.endsWith('.part'))).to.deep.equal([]);
  });

  it('shows messages to people, with the HTML part in a sandbox without script', async () => {
    await send();
    const [summary] = await list();
    const path = `/view/${summary?.id}`;
    expect(await text('/')).to.include(`<a href="${path}#mail-${summary?.id}" lang="ru">Заявка CLM-000123</a>`);
    const page = await text(path);
    expect(page).to.include('<a class="button primary" href="https://claims.example/n/Zk3v?a=1&amp;b=2" target="_blank" rel="noreferrer">');
    expect(page).to.include('<a class="button" href="https://northwind.example/about" target="_blank" rel="noreferrer">');
    expect(page).to.match(new RegExp(`<iframe sandbox="allow-popups allow-popups-to-escape-sandbox" title="[^"]+" src="${path}/html">`));
    expect((await get(path)).headers.get('content-security-policy')).to.match(/script-src 'sha256-[^ ;]+';/);
    const part = await get(`${path}/html`);
    expect(part.headers.get('content-security-policy')).to.equal(
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'",
    );
  });

  it('shows the other parts on request, and the message as received as a download', async () => {
    await send();
    const [summary] = await list();
    expect(await text(`/view/${summary?.id}?part=text`)).to.include('<pre lang="ru">Ваша ссылка:\n');
    const headers = await text(`/view/${summary?.id}?part=headers`);
    expect(headers).to.include('Message-ID: &lt;notice-1@cpor.example&gt;').and.not.include('Ваша ссылка:');
    const source = await get(`/view/${summary?.id}/source`);
    expect(source.headers.get('content-disposition')).to.equal(`attachment; filename="${summary?.id}.eml"`);
    expect(await source.text()).to.equal(await readFile(join(directory, `${summary?.id}.eml`), 'utf8'));
  });

  it('shows the text of a message without an HTML part', async () => {
    const source =
      'From: <a@cpor.example>\r\nTo: <b@contoso.example>\r\nMessage-ID: <1@cpor.example>\r\nSubject: Plain\r\n\r\nOnly text.\r\n';
    await sendSource(source);
    const [summary] = await list();
    const page = await text(`/view/${summary?.id}?part=html`);
    expect(page).to.include('<pre lang="en">Only text.').and.not.include('<iframe');
  });

  it('lists page by page, and opens a message on the page that holds it', async () => {
    await mailbox.close();
    const [oldest] = await storeMails(
      directory,
      Array.from({ length: 53 }, (_, index) => ({ subject: `Mail ${index + 1};` })),
    );
    await start();
    const subjectsOf = (page: string) => [...page.matchAll(/>(Mail \d+;)<\/a>/g)].map(([, subject]) => subject);
    const first = await text('/');
    expect(subjectsOf(first)).to.have.lengthOf(50).and.include('Mail 53;').and.not.include('Mail 1;');
    expect(first).to.include('1–50 of 53').and.include('href="/?page=2" rel="next"').and.not.include('rel="prev"');
    const second = await text('/?page=2');
    expect(subjectsOf(second)).to.deep.equal(['Mail 3;', 'Mail 2;', 'Mail 1;']);
    expect(second).to.include('51–53 of 53').and.include('href="/?page=1" rel="prev"').and.not.include('rel="next"');
    expect(subjectsOf(await text('/?page=99'))).to.deep.equal(subjectsOf(second));
    expect(subjectsOf(await text(`/view/${oldest}`))).to.deep.equal(subjectsOf(second));
  });

  it('searches subjects and addresses for every word, within one recipient', async () => {
    await send({ messageId: 'a@cpor.example', subject: 'Claim CLM-000001: refused' });
    await send({ messageId: 'b@cpor.example', subject: 'Claim CLM-000002: accepted', to: 'boris@contoso.example' });
    await send({ messageId: 'c@cpor.example', subject: 'Claim CLM-000003: refused', to: 'boris@contoso.example' });
    const numbers = async (query: string) => [...(await text(`/?${query}`)).matchAll(/>Claim CLM-00000(\d)/g)].map(([, number]) => number);
    expect(await numbers('q=REFUSED')).to.deep.equal(['3', '1']);
    expect(await numbers('q=refused+boris')).to.deep.equal(['3']);
    expect(await numbers('to=Boris@contoso.example')).to.deep.equal(['3', '2']);
    expect(await numbers('to=boris@contoso.example&q=accepted')).to.deep.equal(['2']);
    const none = await text('/?q=nothing&to=nobody@contoso.example');
    expect(none).to.include('No mail matches.').and.include('<option value="nobody@contoso.example" selected>');
    expect(await text('/')).to.include('<option value="boris@contoso.example">boris@contoso.example (2)</option>');
  });

  it('keeps what was searched for and the language in every address of the list', async () => {
    await send({ subject: 'Found' });
    const [summary] = await list();
    const page = await text('/?q=found&lang=ru');
    expect(page).to.include(`href="/view/${summary?.id}?q=found&amp;lang=ru#mail-${summary?.id}"`);
    expect(page).to.include('<input type="hidden" name="lang" value="ru">');
    expect(page).to.include('href="/?q=found&amp;lang=en" hreflang="en"');
  });

  it('speaks the language of the address, or else the reader’s', async () => {
    const languageOf = async (path: string, accepted: string) =>
      /<html lang="(..)">/.exec(await (await get(path, { headers: { 'Accept-Language': accepted } })).text())?.[1];
    expect(await languageOf('/', 'ru-RU,ru;q=0.9,en;q=0.8')).to.equal('ru');
    expect(await languageOf('/', 'en;q=0.8, ru;q=0.9')).to.equal('ru');
    expect(await languageOf('/', 'de-DE, en;q=0.5, ru;q=0.4')).to.equal('en');
    expect(await languageOf('/', 'ru;q=0, de')).to.equal('en');
    expect(await languageOf('/?lang=en', 'ru')).to.equal('en');
    expect(await languageOf('/?lang=de', 'ru')).to.equal('ru');
  });

  it('says that its times are this machine’s when the product’s clock cannot be read, and names no claim', async () => {
    await send();
    const [summary] = await list();
    const page = await text(`/view/${summary?.id}`);
    expect(page).to.include('This machine’s clock; the product’s could not be read').and.not.include('ahead of real time');
    expect(page).to.not.include('/console/claims/');
  });

  it('escapes the content of a message', async () => {
    await send({ subject: '<script>alert(1)</script>', text: '</pre><script>alert(2)</script>' });
    const [summary] = await list();
    for (const path of ['/', `/view/${summary?.id}`]) expect(await text(path)).to.not.match(/<script>|alert\(\d\)<\/script>/);
  });

  it('answers 404 for an unknown message and 405 for any method but GET and HEAD', async () => {
    const missing = '0'.repeat(24);
    for (const path of [
      `/messages/${missing}`,
      `/view/${missing}`,
      `/view/${missing}/html`,
      `/view/${missing}/source`,
      '/messages/..%2F..%2Fetc',
      '/else',
    ]) {
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
      const [complaint, [code]] = await Promise.all([readAll(child.stderr), once(child, 'exit')]);
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
    expect(() => readMailboxConfig({ CPOR_PUBLIC_URL: 'javascript:alert(1)' })).to.throw(
      'CPOR_PUBLIC_URL must be a web address, not "javascript:alert(1)".',
    );
    expect(readMailboxConfig({ CPOR_PUBLIC_URL: 'https://claims.example/' })).to.have.property('publicUrl', 'https://claims.example');
    expect(readMailboxConfig({ CPOR_DATA_DIR: '/data' })).to.deep.equal({ directory: '/data/mailbox', smtpPort: 1025, pagePort: 8025 });
  });
});
