import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isRole, mintSandboxToken, type Role, roleSides, roles, type SandboxToken } from '#libs/auth/index.js';
import { embeddedIssuer, readConfig } from '#libs/config/index.js';
import { shown } from '#libs/claims/index.js';
import { parseDirectory, sampleDirectory } from '#libs/directory/index.js';
import { createDataSource } from '#libs/event-store/index.js';
import { pasted, pastedInLowerCase } from '#libs/identifiers/index.js';
import { samplePeople, samplePersonOf } from '#libs/sample-data/index.js';
import { z } from 'zod';
import { readCliConfig } from './stack.js';

export const usage = `Usage: npm run -s token -- --role ROLE [options]
       npm run -s token -- --as PERSON [--expires TIME]

Prints a sandbox token for the API, and nothing else:
  TOKEN=$(npm run -s token -- --role reviewer)

  --as PERSON        a sample person, as on the sandbox's page "Sign in as …", with that person's roles and scope
  --role ROLE        ${roles.join(', ')}; may be repeated
  --partner ACCOUNT  global account id of the partner; default for partner roles: the first of the sample directory
  --location ID      PartnerID of one location, may be repeated; default: all locations of the partner
  --tenant GUID      tenant of a tenant_admin; default: the first of the sample directory
  --acts-for ACCOUNT partner account that a reviewer may not review, may be repeated
  --subject NAME     who the token is for; default "sample-ROLE"
  --expires TIME     lifetime such as 30m, 8h or 7d; default 8h`;

/** A mistake in the arguments; the message is for the person who typed them. */
class UsageError extends Error {}

/** The accounts and tenants that a token can be for. */
interface Known {
  /** False with the vendor's own directory, which cannot be listed. */
  isListed: boolean;
  accounts: { id: string; name: string; locations: string[] }[];
  tenants: { id: string; name: string }[];
}

/** How many entries a message suggests at most. */
const maximumSuggested = 20;

/** A stack behind a proxy has another address for its callers than its API has. */
const stackFile = z.object({ apiUrl: z.url(), env: z.object({ CPOR_PUBLIC_URL: z.url().optional() }).optional() });
const options = {
  as: { type: 'string' },
  role: { type: 'string', multiple: true, default: [] as string[] },
  partner: { type: 'string' },
  location: { type: 'string', multiple: true },
  tenant: { type: 'string' },
  'acts-for': { type: 'string', multiple: true },
  subject: { type: 'string' },
  expires: { type: 'string', default: '8h' },
  help: { type: 'boolean', default: false },
} as const;

/** Prints a token of the embedded issuer. Exits with 2 for wrong arguments. */
export async function tokenCommand(args: string[]): Promise<number> {
  try {
    const values = parse(args);
    if (values.help) {
      process.stdout.write(`${usage}\n`);
      return 0;
    }
    const holder = values.as === undefined ? describe(values, await knownTo(values)) : describePerson(values.as, values);
    const token = { ...(await findIssuer(process.env)), ...holder };
    process.stdout.write(`${await mintSandboxToken(token)}\n`);
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError;
    process.stderr.write(
      `${error instanceof Error ? error.message : String(error)}\n${isUsage ? 'See: npm run -s token -- --help\n' : ''}`,
    );
    return isUsage ? 2 : 1;
  }
}

function parse(args: string[]) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : 'The arguments cannot be read.');
  }
}

/** Takes the API's address from the running stack, or from the configuration when none is running. */
async function findIssuer(env: NodeJS.ProcessEnv): Promise<Pick<SandboxToken, 'dataDirectory' | 'issuer' | 'audience'>> {
  const config = readConfig({ ...env, CPOR_MODE: env['CPOR_MODE'] || 'sandbox' }, 'cli');
  if (!config.oidc.isEmbedded)
    throw new Error(
      'This command works only with the embedded issuer of sandbox mode. Get tokens from OIDC_ISSUER, or unset it and set CPOR_MODE=sandbox.',
    );
  const stackUrl = env['CPOR_PUBLIC_URL'] ? undefined : await stackAddress(config.dataDirectory);
  return { dataDirectory: config.dataDirectory, issuer: embeddedIssuer(stackUrl ?? config.api.publicUrl), audience: config.oidc.audience };
}

async function stackAddress(dataDirectory: string): Promise<string | undefined> {
  const file = join(dataDirectory, 'stack.json');
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  try {
    const { apiUrl, env } = stackFile.parse(JSON.parse(text));
    return (env?.CPOR_PUBLIC_URL ?? apiUrl).replace(/\/+$/, '');
  } catch {
    throw new Error(`${file} has no "apiUrl". Restart the stack with: npm start`);
  }
}

type Arguments = ReturnType<typeof parse>;

const isFor = (values: Arguments, side: 'partner' | 'customer'): boolean =>
  chosenRoles(values.role).some((role) => roleSides[role] === side);

const needsPartner = (values: Arguments): boolean => isFor(values, 'partner') || Boolean(values.partner || values.location);
const needsTenant = (values: Arguments): boolean => isFor(values, 'customer') || Boolean(values.tenant);

/** Looked up only for a token that names somebody. */
const knownTo = async (values: Arguments): Promise<Known> =>
  needsPartner(values) || needsTenant(values) || values['acts-for'] ? findKnown() : { isListed: false, accounts: [], tenants: [] };

function describe(values: Arguments, known: Known): Omit<SandboxToken, 'dataDirectory' | 'issuer' | 'audience'> {
  const chosen = chosenRoles(values.role);
  const actsFor = values['acts-for']
    ?.map((id) => id.trim().toLowerCase())
    .map((id) => (known.isListed ? knownOrThrow('partner account', id, known.accounts).id : id));
  return {
    roles: chosen,
    subject: values.subject || `sample-${chosen[0]?.replaceAll('_', '-')}`,
    lifetimeSeconds: lifetimeSeconds(values.expires),
    ...(needsPartner(values) && partnerOf(values, known)),
    ...(needsTenant(values) && { tenant: tenantOf(values, known) }),
    ...(actsFor && { actsFor }),
  };
}

/** Refuses options beside `--as`: a person of the list with other rights would be somebody else. */
function describePerson(subject: string, values: Arguments): Omit<SandboxToken, 'dataDirectory' | 'issuer' | 'audience'> {
  const { role, partner, location, tenant, 'acts-for': actsFor, subject: other } = values;
  if (role.length > 0 || (partner ?? location ?? tenant ?? actsFor ?? other) !== undefined)
    throw new UsageError('--as names a person with roles and scope; only --expires can be given with it.');
  const person = samplePersonOf(subject.trim().toLowerCase());
  if (person === undefined) {
    const known = samplePeople.map(({ subject: id, name, organisation, what }) => `  ${id}  ${name}, ${organisation}: ${what.en}`);
    throw new UsageError([`There is no sample person ${shown(subject)}. There are:`, ...known].join('\n'));
  }
  return { ...person, lifetimeSeconds: lifetimeSeconds(values.expires) };
}

function chosenRoles(names: readonly string[]): Role[] {
  const list = names.flatMap((name) => name.split(',')).filter(Boolean);
  const unknown = list.filter((name) => !isRole(name));
  if (unknown.length > 0) throw new UsageError(`Unknown role ${unknown.join(', ')}. The roles are: ${roles.join(', ')}.`);
  if (list.length === 0) throw new UsageError(`Name a role with --role. The roles are: ${roles.join(', ')}.`);
  return list.filter(isRole);
}

function partnerOf({ partner, location }: Arguments, { isListed, accounts }: Known): Pick<SandboxToken, 'partner' | 'locations'> {
  const locations = location?.map(pasted);
  const malformed = locations?.filter((id) => id !== '*' && !/^[0-9]{4,10}$/.test(id)) ?? [];
  if (malformed.length > 0) throw new UsageError(`${malformed.map(shown).join(', ')} is not a PartnerID: 4 to 10 digits.`);
  const named = locations?.filter((id) => id !== '*') ?? [];
  const owner = accounts.find((account) => account.locations.some((id) => named.includes(id))) ?? accounts[0];
  const accountId = pastedInLowerCase(partner ?? '') || owner?.id || '';
  if (!isListed) return { partner: accountId, locations: locations ?? ['*'] };
  const { name, locations: own } = knownOrThrow('partner account', accountId, accounts);
  const foreign = named.filter((id) => !own.includes(id));
  if (foreign.length > 0) throw new UsageError(`${name} has no location ${foreign.join(', ')}. It has: ${own.join(', ')}.`);
  return { partner: accountId, locations: locations ?? ['*'] };
}

function tenantOf({ tenant }: Arguments, { isListed, tenants }: Known): string {
  const id = pastedInLowerCase(tenant ?? tenants[0]?.id ?? '');
  if (!z.guid().safeParse(id).success)
    throw new UsageError(`${shown(id)} is not a tenant id; it must be a GUID such as 0a1b2c3d-0000-4000-8000-000000000001.`);
  return isListed ? knownOrThrow('tenant', id, tenants).id : id;
}

function knownOrThrow<Entry extends { id: string; name: string }>(what: string, id: string, entries: Entry[]): Entry {
  const entry = entries.find((candidate) => candidate.id === id);
  if (entry !== undefined) return entry;
  const known = entries.slice(0, maximumSuggested).map((candidate) => `  ${candidate.id}  ${candidate.name}`);
  const more = entries.length > maximumSuggested ? [`  and ${entries.length - maximumSuggested} more`] : [];
  throw new UsageError([`There is no ${what} ${id} in the directory. There are:`, ...known, ...more].join('\n'));
}

/** Reads who a token can be for from the running sandbox's directory, or from the sample directory when none is running. */
async function findKnown(): Promise<Known> {
  const { database, directory } = readCliConfig();
  if (database.url === null || directory !== null) return { ...sampleKnown(), isListed: directory === null };
  const source = await createDataSource(database.url, { poolSize: 1, applicationName: 'cpor token' }).initialize();
  try {
    const [known] = await source.query<[Omit<Known, 'isListed'>]>(`SELECT
      (SELECT coalesce(json_agg(json_build_object('id', account_id, 'name', legal_name, 'locations',
         (SELECT coalesce(json_agg(l.partner_id ORDER BY l.partner_id), '[]') FROM directory_locations l WHERE l.account_id = a.account_id)
       ) ORDER BY legal_name), '[]') FROM directory_accounts a) AS accounts,
      (SELECT coalesce(json_agg(json_build_object('id', tenant_id, 'name', name) ORDER BY name), '[]') FROM directory_tenants) AS tenants`);
    return sampleFirst(known);
  } finally {
    await source.destroy();
  }
}

/** Puts the sample entries first, so that the defaults stay the same whatever else the directory holds. */
function sampleFirst({ accounts, tenants }: Omit<Known, 'isListed'>): Known {
  const sample = sampleKnown();
  const first = <Entry extends { id: string }>(entries: Entry[], id: string | undefined): Entry[] =>
    entries.toSorted((one, other) => Number(other.id === id) - Number(one.id === id));
  return { isListed: true, accounts: first(accounts, sample.accounts[0]?.id), tenants: first(tenants, sample.tenants[0]?.id) };
}

function sampleKnown(): Known {
  const parsed = parseDirectory(sampleDirectory);
  if (!parsed.ok) throw new Error(`The sample directory has a fault: ${parsed.faults[0]?.path} ${parsed.faults[0]?.message}.`);
  const { accounts, tenants } = parsed.document;
  return {
    isListed: true,
    accounts: accounts.map(({ accountId, legalName, locations }) => ({
      id: accountId,
      name: legalName,
      locations: locations.map(({ partnerId }) => partnerId),
    })),
    tenants: tenants.map(({ tenantId, name }) => ({ id: tenantId, name })),
  };
}

function lifetimeSeconds(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})([smhd])$/.exec(text) ?? [];
  if (!count || !unit) throw new UsageError(`"${text}" is not a lifetime. Write a number followed by s, m, h or d, such as 8h.`);
  return Number(count) * { s: 1, m: 60, h: 3_600, d: 86_400 }[unit as 's' | 'm' | 'h' | 'd'];
}
