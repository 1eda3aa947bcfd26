import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { mintSandboxToken } from '#libs/auth/index.js';
import type { Stack } from '#libs/embedded/index.js';
import { samplePolicy } from '#libs/programmes/index.js';

export const partnerAccountId = '52ae3f06-3584-4ea8-a1be-f5d3bd9dd94c';
export const partnerId = '1240371';

/** Publishes a programme with a consent window of a few seconds, which only a sandbox accepts. */
export async function publishSecondsPolicy(source: DataSource, seconds: number): Promise<string> {
  const name = `bench-${seconds}s`;
  const clocks = { ...samplePolicy.clocks, consentWindow: { days: seconds, unit: 'second' } };
  await source.query('INSERT INTO policies (name, version, effective_from, body) VALUES ($1, 1, $2, $3) ON CONFLICT DO NOTHING', [
    name,
    samplePolicy.effectiveFrom,
    { ...samplePolicy, name, clocks },
  ]);
  return name;
}

export interface BenchTenant {
  tenantId: string;
  domain: string;
}

/** Adds tenants to the directory, each with one workload, so that no two claims compete. */
export async function addTenants(source: DataSource, count: number): Promise<BenchTenant[]> {
  const tenants = Array.from({ length: count }, () => {
    const tenantId = randomUUID();
    return { tenantId, domain: `t${tenantId.slice(0, 13)}.example`, adminId: randomUUID() };
  });
  const rows = JSON.stringify(tenants);
  const from = 'FROM jsonb_to_recordset($1::jsonb) AS t("tenantId" uuid, domain text, "adminId" uuid)';
  await source.query(
    `INSERT INTO directory_tenants (tenant_id, name, country, language, is_public_sector) SELECT "tenantId", domain, 'US', 'en', false ${from}`,
    [rows],
  );
  await source.query(`INSERT INTO directory_tenant_domains (domain, tenant_id, position) SELECT domain, "tenantId", 0 ${from}`, [rows]);
  await source.query(
    `INSERT INTO directory_tenant_admins (admin_id, tenant_id, name, email, position)
     SELECT "adminId", "tenantId", 'An administrator', 'admin@' || domain, 0 ${from}`,
    [rows],
  );
  await source.query(`INSERT INTO directory_tenant_workloads (tenant_id, workload) SELECT "tenantId", 'teams' ${from}`, [rows]);
  return tenants;
}

export function token(
  stack: Stack,
  role: 'claim_admin' | 'reviewer' | 'vendor_admin',
  partner = partnerAccountId,
  subject = `bench-${role}`,
): Promise<string> {
  return mintSandboxToken({
    dataDirectory: stack.dataDirectory,
    issuer: `${stack.addresses.apiUrl}/sandbox/issuer`,
    audience: 'cpor',
    roles: [role],
    subject,
    ...(role === 'claim_admin' ? { partner, locations: ['*'] } : {}),
    lifetimeSeconds: 7200,
  });
}

/** A token of a customer's administrator. */
export function tenantToken(stack: Stack, tenant: string): Promise<string> {
  const issuer = `${stack.addresses.apiUrl}/sandbox/issuer`;
  const { dataDirectory } = stack;
  return mintSandboxToken({
    dataDirectory,
    issuer,
    audience: 'cpor',
    roles: ['tenant_admin'],
    subject: tenant,
    tenant,
    lifetimeSeconds: 7200,
  });
}

/** Returns a complete claim for one workload, to be created and submitted in one call. */
export function plainClaim(programme: string, { tenantId, domain }: BenchTenant, evidence: string): Record<string, unknown> {
  return {
    programme,
    name: 'Benchmark',
    partnerId,
    tenantId,
    domain,
    area: 'modern_work_security',
    lines: [{ product: 'teams', activities: ['usage'] }],
    contacts: {
      customer: { name: 'A Customer', title: 'Head of IT', email: `contact@${domain}` },
      partner: { name: 'A Partner', email: 'claims@evergreen-cloud.example' },
    },
    acknowledgementVersion: 1,
    evidence: [{ fileName: 'statement-of-work.pdf', contentBase64: evidence, signedOn: signedOn() }],
    submit: true,
  };
}

const day = 86_400_000;
const signedOn = (): string => new Date(Date.now() - 30 * day).toISOString().slice(0, 10);
