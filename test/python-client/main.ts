import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { checkoutRoot } from '#libs/embedded/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { partnerAccountId } from '../bench/sandbox.js';
import { startProduct } from '../support/product.js';

const run = promisify(execFile);
const page = 'docs/how-to/use-python.md';

/** The blocks of the page in order, with their languages. */
async function blocksOfPage(): Promise<{ language: string; text: string }[]> {
  const content = await readFile(join(checkoutRoot, page), 'utf8');
  return [...content.matchAll(/^```(\w+)\n([^]*?)^```$/gm)].map(([, language = '', text = '']) => ({ language, text }));
}

/** Does what the page says, against the running product. Returns the exit code. */
async function main(): Promise<number> {
  const [install, config, generate, script, start, ...more] = await blocksOfPage();
  const languages = [install, config, generate, script, start].map((block) => block?.language);
  if (languages.join() !== 'sh,yaml,sh,python,sh' || more.length > 0) throw new Error(`${page} has other blocks than this test runs.`);
  const pins = await readFile(join(checkoutRoot, 'tools/python-client/requirements.txt'), 'utf8');
  const pin = /openapi-python-client==\S+/.exec(install!.text)?.[0];
  if (pin === undefined || !pins.includes(`${pin}\n`))
    throw new Error(`${page} installs ${pin}, and tools/python-client/requirements.txt another version.`);

  const tools = await readdir(join(checkoutRoot, '.tools'));
  const modules = tools.find((name) => name.startsWith('python-client-'));
  const folder = await mkdtemp(join(tmpdir(), 'cpor-python-'));
  const product = await startProduct();
  try {
    await writeFile(join(folder, 'generator.yaml'), config!.text);
    await writeFile(join(folder, 'claim.py'), script!.text);
    await writeFile(join(folder, 'statement-of-work.pdf'), statementOfWork(['Statement of work']));
    const env = {
      PATH: process.env['PATH'],
      PYTHONPATH: join(checkoutRoot, '.tools', modules ?? ''),
      PYTHONDONTWRITEBYTECODE: '1',
      API: product.stack.addresses.apiUrl,
      PARTNER: await product.token('python-partner', 'claim_admin', { partner: partnerAccountId, locations: ['*'] }),
      REVIEWER: await product.token('python-reviewer', 'reviewer'),
    };
    const shell = (text: string) => run('sh', ['-euc', text], { cwd: folder, env, timeout: 180_000 });
    const generated = await shell(generate!.text);
    const words = `${generated.stdout}${generated.stderr}`;
    process.stdout.write(words);
    if (/warning|unsupported/i.test(words)) throw new Error('The generator does not understand all of the contract: mend the contract.');
    const { stdout } = await shell(start!.text);
    process.stdout.write(stdout);
    const isOfficial = /^CLM-\d+ submitted\nofficial\n$/.test(stdout);
    process.stdout.write(isOfficial ? 'A generated client works, as the page says.\n' : `Not what ${page} promises.\n`);
    return isOfficial ? 0 : 1;
  } finally {
    await product.close();
    await rm(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main().catch((error: unknown) => {
  const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
  process.stderr.write(`${message}\n${stdout}${stderr}\n`);
  return 1;
});
