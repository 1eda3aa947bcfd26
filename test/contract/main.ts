import { spawn } from 'node:child_process';
import { createHash, randomInt, randomUUID } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Role, mintSandboxToken } from '#libs/auth/index.js';
import { checkoutRoot } from '#libs/embedded/index.js';
import { somePdf } from '../support/api.js';
import { evergreen, northwind } from '../support/claims.js';
import { type Product, startProduct } from '../support/product.js';

/** Operations that would move the product's clock or fill the database. */
const excluded = [
  'POST /v1/sandbox/clock/advances',
  'POST /v1/sandbox/sample-data',
  // Streams never end.
  'GET /v1/changes',
  'GET /v1/claims/{claimId}/changes',
];

/** Callers who together hold every permission. */
const callers: { role: Role; scope?: object }[] = [
  { role: 'claim_admin', scope: { partner: evergreen.accountId, locations: ['*'] } },
  { role: 'usage_executive', scope: { partner: evergreen.accountId, locations: ['*'] } },
  { role: 'tenant_admin', scope: { tenant: northwind.tenantId } },
  { role: 'reviewer' },
  { role: 'vendor_admin' },
  { role: 'operator' },
];

interface Parameter {
  name: string;
  in: string;
  example?: unknown;
}
interface Operation {
  parameters?: Parameter[];
  requestBody?: { content: Record<string, { examples?: unknown }> };
}
interface Contract {
  paths: Record<string, Record<string, Operation>>;
}

const { values: flags } = parseArgs({
  options: {
    /** How long all roles together may take, in seconds; 0: until every operation has had all its examples. */
    seconds: { type: 'string', default: '100' },
    examples: { type: 'string', default: '25' },
    seed: { type: 'string', default: String(randomInt(1_000_000)) },
    role: { type: 'string', multiple: true },
    only: { type: 'string' },
  },
});

/** What no response may be: a fault, or a status, media type, header or body that the contract omits. */
const checks = [
  'not_a_server_error',
  'status_code_conformance',
  'content_type_conformance',
  'response_headers_conformance',
  'response_schema_conformance',
];

/**
 * Tests the running product against its contract with each role. Within a limited time not every operation gets its turn: the seed decides
 * which do, so that runs differ and a failed one can be repeated.
 */
async function main(): Promise<number> {
  const repeat = `npm run contract -- --seed ${flags.seed} --seconds ${flags.seconds}`;
  process.stdout.write(`Seed ${flags.seed}. To repeat this run: ${repeat}\n`);
  const product = await startProduct();
  try {
    const contract = (await (await fetch(`${product.stack.addresses.apiUrl}/openapi.json`)).json()) as Contract;
    const ids = await exampleIds(product);
    const began = performance.now();
    const wanted = callers.filter(({ role }) => flags.role?.includes(role) ?? true);
    let failed = 0;
    for (const [index, { role, scope = {} }] of wanted.entries()) {
      const token = await tokenOf(product, role, scope);
      const part = await contractFor(product, contract, token, ids);
      process.stdout.write(`\n${role}: ${Object.values(part.paths).flatMap(Object.keys).length} operations\n`);
      const file = join(product.stack.dataDirectory, `contract.${role}.json`);
      await writeFile(file, JSON.stringify(part));
      const left = Number(flags.seconds) - (performance.now() - began) / 1_000;
      if ((await runSchemathesis(file, product, token, left / (wanted.length - index))) !== 0) failed++;
    }
    process.stdout.write(
      failed === 0
        ? '\nThe product conforms to its contract.\n'
        : `\nThe product deviates from its contract for ${failed} roles. To repeat: ${repeat}\n`,
    );
    return failed === 0 ? 0 : 1;
  } finally {
    await product.close();
  }
}

function tokenOf(product: Product, role: Role, scope: object): Promise<string> {
  const { dataDirectory, addresses } = product.stack;
  const issuer = `${addresses.apiUrl}/sandbox/issuer`;
  return mintSandboxToken({
    dataDirectory,
    issuer,
    audience: 'cpor',
    roles: [role],
    subject: `contract-${role}`,
    lifetimeSeconds: 14_400,
    ...scope,
  });
}

/** Creates resources and returns their ids, so that requests do not all end in a 404. */
async function exampleIds(product: Product): Promise<Record<string, unknown>> {
  const made = await product.partner.post<{ claimId: string; evidence: { evidenceId: string }[] }>('/v1/claims', {
    name: 'Contract test',
    partnerId: evergreen.partnerId,
    ...northwind,
    area: 'modern_work_security',
    lines: [{ product: 'teams', activities: ['usage'] }],
    contacts: {
      customer: { name: 'Alex', title: 'IT', email: `alex@${northwind.domain}` },
      partner: { name: 'Robin', email: 'claims@evergreen.example' },
    },
    acknowledgementVersion: 1,
    evidence: [
      {
        fileName: 'statement.pdf',
        contentBase64: somePdf().toString('base64'),
        signedOn: new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10),
      },
    ],
  });
  if (made.status !== 201) throw new Error(`The claim was answered with ${made.status}: ${JSON.stringify(made.body)}`);
  const { claimId, evidence } = made.body;
  const { body: hold } = await product.vendorAdmin.post<{ holdId: string }>(`/v1/claims/${claimId}/legal-holds`, { reason: 'A trial.' });
  const [command] = await product.source.query<{ id: string }[]>('SELECT command_id AS id FROM claim_commands WHERE claim_id = $1', [
    claimId,
  ]);
  return {
    claimId,
    evidenceId: evidence[0]!.evidenceId,
    holdId: hold.holdId,
    operationId: command!.id,
    tenantId: northwind.tenantId,
    submission: 1,
    code: 'not_found',
  };
}

/** Returns the part of the contract that the token permits, with example ids, in an order that the seed decides. */
async function contractFor(product: Product, contract: Contract, token: string, ids: Record<string, unknown>): Promise<Contract> {
  const paths: Contract['paths'] = {};
  for (const [path, item] of shuffled(Object.entries(contract.paths))) {
    for (const [method, operation] of Object.entries(item)) {
      const name = `${method.toUpperCase()} ${path}`;
      if (excluded.includes(name) || (flags.only !== undefined && !name.includes(flags.only))) continue;
      if (await isForbidden(product, method, path, token)) continue;
      const parameters = operation.parameters?.map((parameter) =>
        parameter.in === 'path' && parameter.name in ids ? { ...parameter, example: ids[parameter.name] } : parameter,
      );
      // Schemathesis cannot write JSON Lines, and so sends no example of them.
      delete operation.requestBody?.content['application/x-ndjson']?.examples;
      (paths[path] ??= {})[method] = { ...operation, ...(parameters && { parameters }) };
    }
  }
  return { ...contract, paths };
}

function shuffled<Item>(entries: [name: string, Item][]): [name: string, Item][] {
  const placeOf = ([name]: [string, Item]) => createHash('sha256').update(`${flags.seed} ${name}`).digest('hex');
  return entries
    .map((entry) => ({ entry, place: placeOf(entry) }))
    .sort((a, b) => (a.place < b.place ? -1 : 1))
    .map(({ entry }) => entry);
}

async function isForbidden({ stack }: Product, method: string, path: string, token: string): Promise<boolean> {
  const nowhere = path.replace(/\{\w+\}/g, () => randomUUID());
  const response = await fetch(`${stack.addresses.apiUrl}${nowhere}`, {
    method: method.toUpperCase(),
    headers: { authorization: `Bearer ${token}`, 'idempotency-key': randomUUID() },
  });
  const text = await response.text();
  return response.status === 403 && text.includes('"forbidden"');
}

function runSchemathesis(file: string, { stack }: Product, token: string, seconds: number): Promise<number> {
  const folder = readdirSync(join(checkoutRoot, '.tools')).find((name) => name.startsWith('schemathesis-'));
  if (folder === undefined) throw new Error('Schemathesis is not installed. Run: npm run contract');
  const args = ['run', file, '--url', stack.addresses.apiUrl, '--header', `Authorization: Bearer ${token}`];
  const options = {
    '--checks': checks.join(),
    '--phases': 'examples,coverage,fuzzing',
    '--max-examples': flags.examples,
    '--seed': flags.seed,
    '--workers': '1',
    '--request-timeout': '30',
    '--generation-database': 'none',
    '--warnings': 'off',
    ...(flags.seconds !== '0' && { '--max-time': String(Math.max(1, Math.round(seconds))) }),
  };
  const child = spawn(
    'python3',
    ['-m', 'schemathesis.cli', ...args, ...Object.entries(options).flat(), '--continue-on-failure', '--no-color'],
    {
      cwd: stack.dataDirectory,
      env: { ...process.env, PYTHONPATH: join(checkoutRoot, '.tools', folder), COLUMNS: '140' },
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

process.exitCode = await main();
