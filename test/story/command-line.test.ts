import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { evergreen, northwind } from '../support/claims.js';
import { IssuerBrowser } from '../support/issuer-browser.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';

const cli = join(checkoutRoot, 'dist/apps/cli/src/main.js');
const aMonthAgo = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);

interface Result {
  code: number;
  out: string;
  words: string;
}

const claimBody = {
  partnerId: evergreen.partnerId,
  ...northwind,
  area: 'modern_work_security',
  contacts: {
    customer: { name: 'Alex Carter', title: 'Head of IT', email: `alex@${northwind.domain}` },
    partner: { name: 'Robin Fields', email: 'claims@partner.example' },
  },
  acknowledgementVersion: 1,
};

const wrongInput: [what: string, words: string[], code: number, says: string][] = [
  ['a command that does not exist', ['claims', 'delete'], 2, 'There is no command "claims delete".'],
  ['a missing command', ['review'], 2, 'A command is missing.'],
  ['a missing argument', ['claims', 'show'], 2, 'CLAIM is missing: number or id of the claim'],
  ['an argument too many', ['claims', 'show', 'a', 'b'], 2, '"b" is one argument too many.'],
  ['an unknown option', ['claims', 'list', '--state', 'draft'], 2, "Unknown option '--state'."],
  ['a value that is not offered', ['claims', 'export', '--format', 'xml'], 2, '--format is "xml"; it is one of: csv, json.'],
  ['a number that is none', ['claims', 'list', '--limit', 'many'], 2, '--limit is "many"; it is a whole number.'],
  ['a filter that the API does not know', ['claims', 'list', '--phase', 'lost'], 1, 'phase'],
  ['a claim that does not exist', ['claims', 'show', 'CLM-999999'], 1, 'There is no claim CLM-999999 that you may see.'],
  [
    'an id that does not exist',
    ['claims', 'show', '00000000-0000-7000-8000-000000000000'],
    1,
    'There is no claim 00000000-0000-7000-8000-000000000000',
  ],
  ['a file that does not exist', ['claims', 'create', 'no.json'], 2, 'There is no file no.json.'],
  ['a file that is not JSON', ['claims', 'create', 'statement.pdf'], 2, 'statement.pdf is not JSON'],
  ['evidence that does not exist', ['claims', 'create', 'claim.json', '--evidence', 'no.pdf'], 2, 'There is no file no.pdf.'],
  ['a date', ['claims', 'create', 'claim.json', '--signed-on', '30.11.2026'], 2, '--signed-on is "30.11.2026"; it is a date'],
  ['a rejection without a reason', ['review', 'reject', 'CLM-000001', '--yes'], 2, '--reason is missing'],
  ['a question without a reason', ['review', 'ask', 'CLM-000001'], 2, '--reason is missing'],
  ['a duration', ['clock', 'advance', 'soon'], 2, '"soon" is not a duration such as 14d'],
  ['a clock without a duration', ['clock', 'advance'], 2, 'Say how far in one way'],
  ['an act that the role does not permit', ['review', 'queue'], 1, 'forbidden'],
  ['an unknown profile', ['whoami', '--profile', 'elsewhere'], 3, 'There is no profile "elsewhere".'],
  ['a profile that cannot be used', ['profiles', '--use', 'elsewhere'], 2, 'There is no profile "elsewhere". There are: sandbox.'],
  ['an address without a token', ['whoami', '--url', 'http://127.0.0.1:9'], 2, '--url needs a token'],
  ['a token without an address', ['whoami', '--token', 'x', '--url', 'nowhere'], 1, 'baseUrl must be the address of an installation'],
  ['an event type', ['events', 'tail', '--type', 'claim.lost'], 1, 'types'],
];

describe('the command line over HTTP', function () {
  this.timeout(240_000);
  let product: Product;
  let folder: string;
  let reviewerToken: string;

  const env = (more: Record<string, string> = {}) => ({
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_CONFIG_HOME: join(folder, 'config'),
    // The product's settings would let a command reach the database.
    CPOR_DATA_DIR: join(folder, 'nowhere'),
    ...more,
  });
  const cpor = (words: string[], more?: Record<string, string>): Promise<Result> =>
    new Promise((resolve) => {
      const child = execFile(process.execPath, [cli, ...words], { cwd: folder, env: env(more), timeout: 60_000 }, (error, out, said) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, words: said }),
      );
      child.stdin?.end();
    });
  const asReviewer = (words: string[]) => cpor(words, { CPOR_URL: product.stack.addresses.apiUrl, CPOR_TOKEN: reviewerToken });
  const json = (result: Result): any => {
    expect(result.code, result.words).to.equal(0);
    return JSON.parse(result.out);
  };
  const createClaim = async (name: string, product: string, ...options: string[]): Promise<any> => {
    await writeFile(join(folder, 'claim.json'), JSON.stringify({ ...claimBody, name, lines: [{ product, activities: ['usage'] }] }));
    return json(await cpor(['claims', 'create', 'claim.json', '--json', ...options]));
  };
  const evidence = ['--evidence', 'statement.pdf', '--signed-on', aMonthAgo];

  /** Signs a sample person in as they would do it, with a browser that is sent back to the command. */
  async function login(person: string, ...options: string[]): Promise<Result> {
    const child = spawn(process.execPath, [cli, 'login', product.stack.addresses.apiUrl, '--no-browser', ...options], {
      cwd: folder,
      env: env(),
    });
    const result = collect(child);
    let address: string | undefined;
    await waitFor('the address of the sign-in page', () => (address = /^ {2}(http\S+)$/m.exec(result.words)?.[1]) !== undefined);
    const browser = new IssuerBrowser(product.stack.addresses.apiUrl);
    const back = new URL(address!).searchParams.get('redirect_uri')!;
    expect(back).to.match(/^http:\/\/127\.0\.0\.1:\d+\/callback$/);
    const arrived = await browser.choose(await browser.openSignIn(address), person === '' ? { cancel: '1' } : { person }, back);
    const shown = await fetch(arrived);
    expect(await shown.text()).to.match(person === '' ? /has failed/ : /You are signed in/);
    await waitFor('the end of the command', () => child.exitCode !== null);
    return { ...result, code: child.exitCode! };
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cpor-cli-'));
    await writeFile(join(folder, 'statement.pdf'), statementOfWork(['Statement of work']));
    product = await startProduct();
    reviewerToken = await product.token('rita', 'reviewer');
  });
  after(async () => {
    await product?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('signs a person in with a browser, and keeps the tokens where nobody else can read them', async () => {
    expect(await cpor(['claims', 'list']))
      .to.include({ code: 3, out: '' })
      .and.to.have.property('words')
      .that.includes('cpor login URL');
    const refused = await login('');
    expect(refused).to.include({ code: 1 }).and.to.have.property('words').that.includes('The sign-in was cancelled.');
    const { code, out, words } = await login('ann.evergreen', '--name', 'sandbox');
    expect(code, words).to.equal(0);
    expect(out).to.match(/^Signed in as .+ \(.*claim_admin.*\)\. Profile: sandbox\n$/);
    const file = join(folder, 'config/cpor/profiles.json');
    expect((await stat(file)).mode & 0o777).to.equal(0o600);
    expect((await stat(join(folder, 'config/cpor'))).mode & 0o777).to.equal(0o700);
    const text = await readFile(file, 'utf8');
    const { accessToken } = JSON.parse(text).profiles.sandbox;
    expect(`${out}${words}`).to.not.include(accessToken);
    expect(json(await cpor(['whoami', '--json']))).to.include({ subject: 'ann.evergreen' });
    expect((await cpor(['profiles'])).out).to.match(/^NAME {5}ADDRESS +\nsandbox {2}http:\S+ +in use\n$/);
  });

  it('renews a token that has ended, once for many commands at a time', async () => {
    const file = join(folder, 'config/cpor/profiles.json');
    const stored = JSON.parse(await readFile(file, 'utf8'));
    stored.profiles.sandbox.expiresAt = 0;
    stored.profiles.sandbox.accessToken = 'ended';
    await writeFile(file, JSON.stringify(stored));
    const results = await Promise.all([1, 2, 3].map(() => cpor(['whoami', '--json'])));
    for (const result of results) expect(json(result)).to.include({ subject: 'ann.evergreen' });
    expect(JSON.parse(await readFile(file, 'utf8')).profiles.sandbox.refreshToken).to.not.equal(stored.profiles.sandbox.refreshToken);
  });

  it('takes a claim from a file to official, with a reviewer who asks first', async () => {
    const draft = await createClaim('From the command line', 'teams', ...evidence);
    expect(draft).to.include({ phase: 'draft' });
    const submitted = await cpor(['claims', 'submit', draft.number]);
    expect(submitted.out)
      .to.match(/^phase +submitted$/m)
      .and.match(/^waits for +reviewer/m);

    expect((await asReviewer(['review', 'queue', '--untaken'])).out).to.contain(draft.number);
    const asked = json(
      await asReviewer(['review', 'ask', draft.number, '--reason', 'evidence_products_missing', '--comment', 'Please.', '--json']),
    );
    expect(asked).to.include({ phase: 'action_required' });
    const answered = await cpor(['claims', 'answer', draft.claimId, '--comment', 'Attached.', ...evidence, '--json']);
    expect(json(answered)).to.include({ phase: 'submitted' });

    const stale = await asReviewer(['review', 'approve', draft.number, '--if-version', '1', '--yes']);
    expect(stale).to.include({ code: 1, out: '' }).and.to.have.property('words').that.includes('version_conflict');
    const unasked = await asReviewer(['review', 'approve', draft.number]);
    expect(unasked).to.include({ code: 2, out: '' }).and.to.have.property('words').that.includes('confirm with --yes');
    expect(json(await asReviewer(['review', 'approve', draft.number, '--yes', '--json']))).to.include({ phase: 'consent_pending' });

    await waitFor(
      'the window of the customer',
      async () => json(await cpor(['claims', 'show', draft.number, '--json'])).notices[0]?.closesAt,
    );
    expect((await asReviewer(['clock', 'advance', '14d'])).out).to.match(
      /^It is \d{4}-\S+ now\. \d+ claims had a deadline on the way\.\n$/,
    );
    await waitFor('the end of the window', async () => json(await cpor(['claims', 'show', draft.number, '--json'])).phase === 'official');
    expect((await cpor(['claims', 'show', draft.number, '--history'])).out).to.contain('Approved by the vendor');
    const events = (await cpor(['events', 'tail', '--once', '--json', '--type', 'association.official'])).out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ type, claimNumber }) => [type, claimNumber])).to.deep.equal([['association.official', draft.number]]);
    const later = await cpor(['events', 'tail', '--once', '--after', events[0].cursor, '--type', 'association.ended']);
    expect(later).to.include({ code: 0, out: '' });
    expect((await asReviewer(['clock', 'show', '--json'])).out).to.contain('aheadSeconds');
  });

  it('lists and exports claims, for people and for programs', async () => {
    const draft = await createClaim('Zebra "quoted",\nlines', 'intune');
    const all = json(await cpor(['claims', 'list', '--all', '--json']));
    expect(all.map(({ claimId }: any) => claimId)).to.include(draft.claimId);
    const table = await cpor(['claims', 'list', '--phase', 'draft', '--search', 'Zebra']);
    expect(table.out)
      .to.match(/^NUMBER +PHASE +CUSTOMER/)
      .and.contain('Zebra "quoted", lines');
    expect(table.out.trim().split('\n')).to.have.length(2);
    expect(await cpor(['claims', 'list', '--search', 'nothing-like-it'])).to.deep.equal({
      code: 0,
      out: '',
      words: 'There is no such claim.\n',
    });
    expect((await cpor(['claims', 'list', '--limit', '1'])).words).to.contain('There are more.');
    expect((await cpor(['claims', 'export', '--phase', 'draft'])).out).to.contain(draft.number);
    const toFile = await cpor(['claims', 'export', '--format', 'json', '--output', 'all.json']);
    expect(toFile)
      .to.include({ code: 0, out: '' })
      .and.to.have.property('words')
      .that.matches(/^Wrote all\.json \(\d+ KiB\)\.\n$/);
    expect(await readFile(join(folder, 'all.json'), 'utf8')).to.contain(draft.claimId);
  });

  it('shows usage by month, and the data sets', async () => {
    const token = await product.token('uma', 'usage_executive', { partner: evergreen.accountId, locations: ['*'] });
    const asViewer = (words: string[]) => cpor(words, { CPOR_URL: product.stack.addresses.apiUrl, CPOR_TOKEN: token });
    expect(json(await asViewer(['usage', '--json'])).map(({ name }: any) => name)).to.include('workload_usage');
    expect(await asViewer(['usage', 'workload_usage', '--from', aMonthAgo.slice(0, 7)])).to.include({ code: 0 });
    const unknown = await asViewer(['usage', 'no_such_set']);
    expect(unknown).to.include({ code: 1, out: '' }).and.to.have.property('words').that.includes('  set: ');
  });

  it('withdraws a claim and rejects another only when that is confirmed', async () => {
    const { number } = await createClaim('To be rejected', 'exchange', ...evidence, '--submit');
    const unknown = await asReviewer(['review', 'reject', number, '--reason', 'no_such_reason', '--yes']);
    expect(unknown).to.include({ code: 1, out: '' }).and.to.have.property('words').that.includes('reason_unknown');
    expect(await asReviewer(['review', 'reject', number, '--reason', 'evidence_insufficient', '--no-input'])).to.include({
      code: 2,
      out: '',
    });
    const rejected = await asReviewer(['review', 'reject', number, '--reason', 'evidence_insufficient', '--yes', '--json']);
    expect(json(rejected)).to.include({ phase: 'rejected' });

    const other = await createClaim('To be withdrawn', 'sharepoint', ...evidence, '--submit');
    expect(await cpor(['claims', 'withdraw', other.number])).to.include({ code: 2, out: '' });
    expect(json(await cpor(['claims', 'withdraw', other.number, '--yes', '--json']))).to.include({ phase: 'canceled' });
  });

  for (const [what, words, code, says] of wrongInput)
    it(`says what is wrong with ${what}`, async () => {
      const result = await cpor([...words]);
      expect(result.words).to.contain(says);
      expect(result).to.include({ code, out: '' });
    });

  it('says when there is no installation, and when there is no answer', async () => {
    const nobody = { CPOR_URL: 'http://127.0.0.1:9', CPOR_TOKEN: 'x' };
    expect(await cpor(['login', 'not-an-address'])).to.include({ code: 2 });
    const elsewhere = await cpor(['login', product.stack.addresses.mailboxUrl!]);
    expect(elsewhere)
      .to.include({ code: 1 })
      .and.to.have.property('words')
      .that.includes('does not answer as an installation of cpor does');
    const stop = new AbortController();
    const child = spawn(process.execPath, [cli, 'whoami'], { env: env(nobody), signal: stop.signal });
    child.on('error', () => undefined);
    const said = collect(child);
    await waitFor('a retry', () => said.words.includes('No answer; trying again in 1 s.'));
    child.kill('SIGINT');
    await waitFor('the end', () => child.exitCode !== null);
    expect(child.exitCode).to.equal(130);
    expect((await cpor(['whoami'], { ...nobody, CPOR_URL: product.stack.addresses.apiUrl })).code).to.equal(3);
  });

  it('completes commands and options in bash', async () => {
    const script = (await cpor(['completion', 'bash'])).out;
    const complete = async (...typed: string[]) => {
      const line = `${script}\nCOMP_WORDS=(${typed.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${typed.length - 1}; _cpor; echo "\${COMPREPLY[@]}"`;
      return new Promise<string>((resolve) => execFile('bash', ['-c', line], { cwd: folder }, (_error, out) => resolve(out.trim())));
    };
    expect(await complete('cpor', 'cl')).to.equal('claims clock');
    expect(await complete('cpor', 'claims', 's')).to.equal('show submit');
    expect(await complete('cpor', 'claims', 'withdraw', '--y')).to.equal('--yes');
    expect(await complete('cpor', 'claims', 'create', 'claim.j')).to.equal('claim.json');
    expect(await complete('cpor', 'whoami', '--js')).to.equal('--json');
    expect((await cpor(['completion', 'fish'])).code).to.equal(2);
  });

  it('signs out, and the profile is gone', async () => {
    expect(await cpor(['logout'])).to.include({ code: 0, out: '' });
    expect((await cpor(['claims', 'list'])).code).to.equal(3);
    expect((await cpor(['logout'])).code).to.equal(3);
  });
});

/** Collects what a process says, as it says it. */
function collect(child: ChildProcess): Result {
  const result: Result = { code: -1, out: '', words: '' };
  child.stdout!.setEncoding('utf8').on('data', (text: string) => (result.out += text));
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (result.words += text));
  return result;
}
