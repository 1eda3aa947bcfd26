import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import {
  type DirectoryFacts,
  type Eligibility,
  eligibilityOf,
  eligibilityTargets,
  noRelatedClaims,
  type RelatedClaims,
} from '#libs/claims/index.js';
import type { DirectoryProvider } from '#libs/directory/index.js';
import { decisionContext } from '#libs/inbox/index.js';
import { findRelatedClaims } from '#libs/read-models/index.js';
import { type Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { normaliseDomain, pasted, pastedInLowerCase } from '#libs/identifiers/index.js';
import { Problem } from '#libs/problems/index.js';
import { readClock } from '#libs/event-store/index.js';
import { DIRECTORY } from '../api.config.js';
import { refuseForeignLocation } from '../claims/location-scope.js';
import type { EligibilityQuery, EligibilityView } from './eligibility.view.js';

/** How long a caller waits for the directory. */
const directoryLimitMs = 3_000;
/** Nothing is decided here, so older facts are better than none. */
const usableForMs = 15 * 60_000;
/** An id that no claim has, so that every live association belongs to another claim. */
const noClaim = '00000000-0000-0000-0000-000000000000';

/** Applies the rules of claims before a claim exists. */
@Injectable()
export class EligibilityReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    @Inject(DIRECTORY) private readonly directory: DirectoryProvider,
  ) {}

  async read(scope: Scope, query: EligibilityQuery): Promise<EligibilityView> {
    const partnerId = pasted(query.partnerId);
    refuseForeignLocation(scope, partnerId);
    const tenantId = query.tenantId === undefined ? await this.tenantOf(query.domain ?? '') : pastedInLowerCase(query.tenantId);
    const now = await readClock(this.source);
    const policy = await this.policy(query, now);
    const facts = await this.facts(partnerId, tenantId, now);
    const partnerAccountId = scope.kind === 'partner' ? scope.accountId : '';
    const question = { ...query, partnerId, tenantId, partnerAccountId };
    const calendar = await this.library.calendarInForce(policy.calendar, now);
    const contextIn = (relatedClaims: RelatedClaims) =>
      decisionContext({ claimId: noClaim, now, policy, policyInForce: policy, calendar, facts, relatedClaims, seed: noClaim });
    const targets = eligibilityTargets(question, contextIn(noRelatedClaims));
    const relatedClaims = await findRelatedClaims(this.source.manager, { claimId: noClaim, partnerAccountId, tenantId, targets });
    const eligibility = eligibilityOf(question, contextIn(relatedClaims));
    return {
      policy: `${policy.name}@${policy.version}`,
      askedAt: facts.askedAt,
      partnerId,
      tenantId,
      ...viewOf(eligibility, policy, scope),
    };
  }

  /** Finds the tenant by its domain, as partners know their customers. */
  private async tenantOf(text: string): Promise<string> {
    if (this.directory.tenantOf === undefined) {
      throw tenantUnknown('The customer directory of this installation finds no tenant by its domain. Give the tenant ID.');
    }
    const domain = normaliseDomain(text);
    const tenantId = domain && (await this.directory.tenantOf(domain).catch(unanswered));
    if (tenantId) return tenantId;
    throw tenantUnknown('The directory has no tenant with this domain. Ask the customer for its tenant (directory) ID.');
  }

  private async policy({ programme, area }: EligibilityQuery, now: string): Promise<Policy> {
    const policy = await this.library.policyInForce(programme, now);
    if (policy === null) throw new Problem('programme_unknown', { detail: `Use one of: ${(await this.library.programmes()).join(', ')}.` });
    const areas = policy.areas.map(({ code }) => code);
    if (area !== undefined && !areas.includes(area)) throw new Problem('area_unknown', { detail: `Use one of: ${areas.join(', ')}.` });
    return policy;
  }

  /** Asks the directory, and drops the tenant's administrators, who are personal data and not needed here. */
  private async facts(partnerId: string, tenantId: string, at: string): Promise<DirectoryFacts> {
    const query = { partnerId, tenantId, identifiers: [], at, withinMs: directoryLimitMs, staleForMs: usableForMs };
    const answer = await this.directory.lookUp(query).catch(unanswered);
    return { ...answer, tenant: answer.tenant && { ...answer.tenant, admins: [] } };
  }
}

function unanswered(cause: unknown): never {
  const detail = 'The customer directory does not answer. You can still create and submit a claim, which is checked later.';
  throw new Problem('service_unavailable', { detail, headers: { 'Retry-After': '10' }, cause });
}

const tenantUnknown = (detail: string): Problem =>
  new Problem('tenant_unknown', { detail, errors: [{ field: 'domain', code: 'tenant_unknown', message: detail }] });

function viewOf(
  { areas, locations }: Eligibility,
  policy: Policy,
  scope: Scope,
): Pick<EligibilityView, 'areas' | 'locations' | 'unclaimed'> {
  const inScope = (partnerId: string) => scope.kind !== 'partner' || scope.locations === 'all' || scope.locations.includes(partnerId);
  return {
    locations: locations.filter(({ partnerId }) => inScope(partnerId)),
    areas: areas.map(({ area, isPossible, findings, choices }) => {
      const { label, unit } = policy.areas.find(({ code }) => code === area)!;
      const labelOf = (code: string) => policy.products.find((product) => product.code === code)?.label ?? null;
      return { area, label, unit, isPossible, findings, choices: choices.map((choice) => ({ ...choice, label: labelOf(choice.product) })) };
    }),
    unclaimed: areas.flatMap(({ area, choices }) =>
      choices.filter(({ isUnclaimed }) => isUnclaimed).map(({ product, subscriptionId }) => ({ area, product, subscriptionId })),
    ),
  };
}
