import { unusableRecord } from './directory.js';
import { faultIf, isGuid, malformed, type Rule, rule } from './rule.js';

/** A host name with at least one dot: lower-case A-labels, at most 253 octets, no trailing dot (domain.md 2.2). */
const isDomain = (text: string): boolean =>
  text.length <= 253 && /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])$/.test(text);

export const customerRules: Rule[] = [
  rule('tenant_id_invalid', 'error', ['save'], ({ details }) =>
    faultIf(
      !isGuid(details.tenantId),
      'tenantId',
      `${malformed(details.tenantId, 'GUID')}Use the tenant (directory) ID, such as 1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10.`,
    ),
  ),
  rule('tenant_unknown', 'error', ['save', 'approve', 'official'], ({ details, facts }) =>
    faultIf(
      facts !== null && facts.tenant === null && unusableRecord(facts, 'tenant') === undefined && isGuid(details.tenantId),
      'tenantId',
      'The directory has no tenant with this ID. Ask the customer for its tenant (directory) ID.',
    ),
  ),
  rule('domain_invalid', 'error', ['save'], ({ details, policy }) => {
    if (details.domain === null) {
      return faultIf(policy.isDomainRequired, 'domain', "State the customer's domain, such as contoso.example.");
    }
    return faultIf(
      !isDomain(details.domain),
      'domain',
      `${malformed(details.domain, 'domain')}Use a host name with at least one dot, such as contoso.example.`,
    );
  }),
  rule('tenant_domain_mismatch', 'error', ['save', 'submit', 'approve'], ({ details, facts }) => {
    const tenant = facts?.tenant;
    if (!tenant || details.domain === null || !isDomain(details.domain)) return [];
    const { domain } = details;
    const isOfTenant = tenant.domains.some((verified) => domain === verified || domain.endsWith(`.${verified}`));
    return faultIf(!isOfTenant, 'domain', 'The domain does not belong to the tenant. Ask the customer for the correct tenant and domain.');
  }),
];
