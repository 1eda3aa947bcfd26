import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createClient, isProblem } from '@cpor/client';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { partnerAccountId } from '../bench/sandbox.js';
import { evergreen, northwind } from '../support/claims.js';
import { type Product, startProduct } from '../support/product.js';

const newClaim = {
  name: 'Teams adoption',
  partnerId: evergreen.partnerId,
  ...northwind,
  area: 'modern_work_security',
  lines: [{ product: 'teams', activities: ['usage'] }],
  contacts: {
    customer: { name: 'Alex Carter', title: 'Head of IT', email: `alex@${northwind.domain}` },
    partner: { name: 'Robin Fields', email: 'claims@partner.example' },
  },
  acknowledgementVersion: 1,
};

const run = promisify(execFile);
const packageFolder = join(checkoutRoot, 'packages/client');

/** The blocks of the README in one of its languages, as a reader would copy them. */
async function blocksOf(language: string): Promise<string[]> {
  const text = await readFile(join(packageFolder, 'README.md'), 'utf8');
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, block = '']) => block);
}

describe('the published client', function () {
  this.timeout(240_000);
  let product: Product;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cpor-client-'));
    // The test runs on what is built; npm need not build it again.
    await run('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], { cwd: packageFolder });
    product = await startProduct();
  });
  after(async () => {
    await product?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('is a tarball of compiled code with its types, README and licence, and nothing else', async () => {
    const { stdout } = await run('tar', ['-tzf', join(folder, 'cpor-client-0.1.0.tgz')]);
    const files = stdout
      .trim()
      .split('\n')
      .map((path) => path.replace(/^package\//, ''));
    expect(files).to.include.members(['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'dist/operations.js']);
    expect(files.filter((path) => !/^(package\.json|README\.md|LICENSE|dist\/[\w./]+\.(js|d\.ts))$/.test(path))).to.deep.equal([]);
    const read = (path: string) => readFile(path, 'utf8');
    expect(await read(join(packageFolder, 'LICENSE'))).to.equal(await read(join(checkoutRoot, 'LICENSE')));
    const [own, root] = await Promise.all(
      [packageFolder, checkoutRoot].map(async (path) => JSON.parse(await read(join(path, 'package.json')))),
    );
    expect(own.version, 'the version of the product').to.equal(root.version);
    expect(Object.keys(own)).to.not.include.members(['dependencies', 'peerDependencies']);
  });

  it('follows a change that the product only stores, under one key', async () => {
    const token = await product.token('client-partner', 'claim_admin', { partner: partnerAccountId, locations: ['*'] });
    const statuses: number[] = [];
    const cpor = createClient({
      baseUrl: product.stack.addresses.apiUrl,
      token,
      fetch: async (request) => {
        const response = await fetch(request);
        statuses.push(response.status);
        return response;
      },
    });
    const { claimId } = await cpor.claims.create(newClaim);
    const signedOn = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
    await cpor.evidence.upload(claimId, { file: new File([statementOfWork(['A statement'])], 'statement.pdf'), signedOn });
    const submitted = await cpor.claims.submit(claimId, { headers: { Prefer: 'respond-async' } });
    expect(submitted).to.include({ claimId, phase: 'submitted' });
    expect(statuses.slice(0, 3)).to.deep.equal([201, 201, 202]);
    expect([...new Set(statuses.slice(3))], 'the operation, and the outcome').to.deep.equal([200]);

    const withdrawn = await cpor.claims.withdraw(claimId, {}, { ifMatch: submitted, headers: { Prefer: 'respond-async' } });
    expect(withdrawn.phase).to.equal('canceled');
    const again = await cpor.claims.withdraw(claimId, {}, { headers: { Prefer: 'respond-async' } }).catch((error: unknown) => error);
    expect(isProblem(again, 'not_in_phase'), String(again)).to.equal(true);
  });

  it('does what its README says, in a project of its own', async () => {
    expect(await blocksOf('sh')).to.deep.equal(['npm install @cpor/client\n']);
    const project = join(folder, 'project');
    await mkdir(project);
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'project', private: true, type: 'module' }));
    const install = ['install', '--offline', '--no-audit', '--no-fund', join(folder, 'cpor-client-0.1.0.tgz')];
    await run('npm', install, { cwd: project });
    expect((await readdir(join(project, 'node_modules'))).filter((name) => !name.startsWith('.'))).to.deep.equal(['@cpor']);

    const code = (await blocksOf('ts')).join('\n');
    // Node's own types are a development dependency of this checkout, as they would be of the project.
    const options = {
      target: 'ES2023',
      module: 'NodeNext',
      strict: true,
      noEmit: true,
      types: ['node'],
      typeRoots: [join(checkoutRoot, 'node_modules/@types')],
    };
    await writeFile(join(project, 'readme.ts'), `${code}\nreceiver.close();\n`);
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, include: ['readme.ts'] }));
    const compiler = join(checkoutRoot, 'node_modules/typescript7/bin/tsc');
    await run(process.execPath, [compiler, '-p', project]).catch(({ stdout }: { stdout: string }) => expect.fail(stdout));

    await writeFile(join(project, 'statement-of-work.pdf'), statementOfWork(['Statement of work']));
    const env = {
      PATH: process.env['PATH'],
      CPOR_URL: product.stack.addresses.apiUrl,
      PARTNER_TOKEN: await product.token('client-partner', 'claim_admin', { partner: partnerAccountId, locations: ['*'] }),
      REVIEWER_TOKEN: await product.token('client-reviewer', 'reviewer'),
    };
    const { stdout, stderr } = await run(process.execPath, ['readme.ts'], { cwd: project, env, timeout: 120_000 });
    expect(stderr.replace(/^.*(ExperimentalWarning|--trace-warnings).*\n/gm, '')).to.equal('');
    const [submitted = '', official = '', ...more] = stdout.trim().split('\n');
    expect(submitted).to.match(/^CLM-\d+ Submitted/);
    expect(official).to.equal(`${submitted.split(' ')[0]} official`);
    expect(more.at(-1)).to.equal('It has been submitted already.');
    expect(more.filter((line) => line.includes('association.official'))).to.have.length(1);
  });
});
