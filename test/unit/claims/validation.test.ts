import { expect } from 'chai';
import {
  type ClaimDetails,
  type ClaimEvent,
  type EvidenceReference,
  type Finding,
  type SubscriptionFacts,
  validationRules,
} from '#libs/claims/index.js';
import { type Policy, samplePolicy } from '#libs/programmes/index.js';
import {
  aClaim,
  aClock,
  aCommand,
  aContact,
  aHolder,
  aLine,
  anEvent,
  aSubscription,
  aSubscriptionClaim,
  contactRecipient,
  ids,
  someEvidence,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { given, type World } from '../../support/claim-specification.js';

const unusable = (record: 'location' | 'tenant') => ({ record, id: null, product: null, why: 'name: expected string' });

type Stage = 'save' | 'submit' | 'approve' | 'official';
type Place = [field: string, line: number | null];

interface Case {
  code: string;
  severity?: Finding['severity'];
  stages: Stage[];
  when: string;
  claim?: ClaimDetails;
  evidence?: EvidenceReference[];
  world?: World;
  /** The expected findings, in order. */
  found: Place[];
  /** The code of a further finding that the same fault causes. */
  besides?: string;
}

const withPolicy = (more: Partial<Policy>): World => ({ policy: { ...samplePolicy, ...more } });
const named = (more: Parameters<typeof aSubscription>[0]): World => ({
  facts: someFacts({ identifiers: { [ids.salesSubscription]: { kind: 'subscription', subscription: aSubscription(more) } } }),
});
const heldBy = (partnerAccountId: string, target: string, activities: string[]): World => ({
  holders: [aHolder({ target, partnerAccountId, activities })],
});
const teams = `workload:${ids.tenant}:teams`;
const sales = `subscription:${ids.salesSubscription}`;
const sellsRevenue = (more: Partial<ClaimDetails>) => aSubscriptionClaim({ activities: ['revenue_association'] }, more);
const seller = (missingFields: string[]) => ({ personId: 'person-seller', missingFields });
const contacts = aClaim().contacts;

const cases: Case[] = [
  // The partner's statement
  { code: 'claim_name_required', stages: ['submit'], when: 'the name is blank', claim: aClaim({ name: ' ' }), found: [['name', null]] },
  {
    code: 'acknowledgement_required',
    stages: ['submit'],
    when: 'nothing is acknowledged',
    claim: aClaim({ acknowledgementVersion: null }),
    found: [['acknowledgementVersion', null]],
  },
  {
    code: 'acknowledgement_required',
    stages: ['submit'],
    when: 'only an older text is acknowledged',
    world: withPolicy({ acknowledgement: { ...samplePolicy.acknowledgement, version: 2 } }),
    found: [['acknowledgementVersion', null]],
  },
  {
    code: 'revenue_fields_required',
    stages: ['submit'],
    when: 'a revenue association names no seller',
    claim: sellsRevenue({}),
    found: [
      ['revenue.sellerName', null],
      ['revenue.customerName', null],
      ['revenue.solutionName', null],
    ],
  },
  {
    code: 'revenue_fields_required',
    stages: ['submit'],
    when: 'a revenue association lacks the solution',
    claim: sellsRevenue({ revenue: seller(['solutionName']) }),
    found: [['revenue.solutionName', null]],
  },
  {
    code: 'late_claim',
    stages: ['submit'],
    when: 'the transaction is 91 days old',
    claim: aClaim({ transactionOn: '2025-12-01' }),
    world: withPolicy({ lateClaimDays: 90 }),
    found: [['transactionOn', null]],
  },
  {
    code: 'late_claim',
    stages: ['submit'],
    when: 'the transaction is dated in the future',
    claim: aClaim({ transactionOn: '2026-03-04' }),
    world: withPolicy({ lateClaimDays: 90 }),
    found: [['transactionOn', null]],
  },
  {
    code: 'late_claim',
    stages: ['submit'],
    when: 'the transaction has no date and the programme has a limit',
    world: withPolicy({ lateClaimDays: 90 }),
    found: [['transactionOn', null]],
  },
  // The customer
  {
    code: 'tenant_id_invalid',
    stages: ['save'],
    when: 'it is not a GUID',
    claim: aClaim({ tenantId: 'contoso' }),
    found: [['tenantId', null]],
  },
  {
    code: 'tenant_unknown',
    stages: ['save', 'submit', 'approve', 'official'],
    when: 'the directory does not know the tenant',
    world: { facts: someFacts({ tenant: null }) },
    found: [['tenantId', null]],
  },
  { code: 'domain_invalid', stages: ['save'], when: 'it has no dot', claim: aClaim({ domain: 'contoso' }), found: [['domain', null]] },
  {
    code: 'domain_invalid',
    stages: ['save'],
    when: 'a label is too long',
    claim: aClaim({ domain: `${'a'.repeat(64)}.example` }),
    found: [['domain', null]],
  },
  {
    code: 'domain_invalid',
    stages: ['save'],
    when: 'it is required and missing',
    claim: aClaim({ domain: null }),
    found: [['domain', null]],
  },
  {
    code: 'tenant_domain_mismatch',
    stages: ['save', 'submit', 'approve'],
    when: 'the domain is of another tenant',
    claim: aClaim({ domain: 'notcontoso.example' }),
    found: [['domain', null]],
  },
  // The directory
  {
    code: 'directory_record_unusable',
    stages: ['submit', 'approve', 'official'],
    when: "the tenant's record breaks the contract",
    world: { facts: { ...someFacts({ tenant: null }), unusable: [unusable('tenant')] } },
    found: [['tenantId', null]],
  },
  {
    code: 'directory_record_unusable',
    stages: ['submit', 'official'],
    when: "the location's record breaks the contract",
    world: { facts: { ...someFacts({ location: null }), unusable: [unusable('location')] } },
    found: [['partnerId', null]],
  },
  {
    code: 'directory_record_faulty',
    severity: 'warning',
    stages: ['submit'],
    when: 'a fault in the record was corrected',
    world: { facts: { ...someFacts(), remarks: [{ record: 'tenant', what: 'name is longer than 200 characters; it was cut' }] } },
    found: [['tenantId', null]],
  },
  // The location
  {
    code: 'partner_id_invalid',
    stages: ['save'],
    when: 'it is too short',
    claim: aClaim({ partnerId: '123' }),
    found: [['partnerId', null]],
  },
  {
    code: 'partner_id_invalid',
    stages: ['save', 'official'],
    when: 'no location has the ID',
    world: { facts: someFacts({ location: null }) },
    found: [['partnerId', null]],
  },
  {
    code: 'not_own_location',
    stages: ['save'],
    when: 'the location belongs to another company',
    world: { facts: someFacts({ location: { globalAccountId: ids.rival } }) },
    found: [['partnerId', null]],
  },
  {
    code: 'location_wrong_type',
    severity: 'warning',
    stages: ['save'],
    when: 'the location is of type frp',
    world: { facts: someFacts({ location: { type: 'frp' } }) },
    found: [['partnerId', null]],
  },
  {
    code: 'location_not_enrolled',
    stages: ['submit', 'official'],
    when: 'the location is enrolled only for another area',
    world: { facts: someFacts({ location: { enrolledProgrammes: ['osu_business_applications'] } }) },
    found: [['partnerId', null]],
  },
  {
    code: 'agreement_inactive',
    stages: ['submit'],
    when: 'the agreement has ended',
    world: { facts: someFacts({ location: { isAgreementActive: false } }) },
    found: [['partnerId', null]],
  },
  {
    code: 'profile_incomplete',
    stages: ['submit'],
    when: 'the payout profile is missing',
    world: { facts: someFacts({ location: { isProfileComplete: false } }) },
    found: [['partnerId', null]],
  },
  // Products and activities
  {
    code: 'area_unknown',
    stages: ['save'],
    when: 'there is no such area',
    claim: aClaim({ area: 'clouds', lines: [] }),
    found: [['area', null]],
    besides: 'products_required',
  },
  { code: 'products_required', stages: ['save'], when: 'there are no lines', claim: aClaim({ lines: [] }), found: [['lines', null]] },
  {
    code: 'too_many_products',
    stages: ['save'],
    when: 'there are more products than allowed',
    world: withPolicy({ maximumProducts: 1 }),
    found: [['lines', null]],
  },
  {
    code: 'product_unknown',
    stages: ['save'],
    when: 'the second product does not exist',
    claim: aClaim({ lines: [aLine(1, 'teams'), aLine(4, 'clippy')] }),
    found: [['lines[1].product', 4]],
  },
  {
    code: 'product_unknown',
    stages: ['save'],
    when: 'the product is retired',
    world: withPolicy({
      products: samplePolicy.products.map((product) => (product.code === 'teams' ? { ...product, state: 'retired' } : product)),
    }),
    found: [['lines[0].product', 1]],
  },
  {
    code: 'activity_not_in_area',
    stages: ['save', 'submit'],
    when: 'presales is claimed for a workload',
    claim: aClaim({ lines: [aLine(1, 'teams', { activities: ['presales'] }), aLine(2, 'exchange')] }),
    found: [['lines[0].activities', 1]],
  },
  {
    code: 'activity_not_in_area',
    stages: ['save', 'submit'],
    when: 'no activity is named',
    claim: aClaim({ lines: [aLine(1, 'teams'), aLine(2, 'exchange', { activities: [] })] }),
    found: [['lines[1].activities', 2]],
  },
  {
    code: 'activity_combination',
    stages: ['save', 'submit'],
    when: 'revenue association is combined with another activity',
    claim: aSubscriptionClaim({ activities: ['presales', 'revenue_association'] }, { revenue: seller([]) }),
    found: [['lines[0].activities', 1]],
  },
  {
    code: 'activity_combination',
    stages: ['save', 'submit'],
    when: 'an activity is listed twice',
    claim: aSubscriptionClaim({ activities: ['presales', 'presales'] }),
    found: [['lines[0].activities', 1]],
  },
  {
    code: 'product_not_on_tenant',
    stages: ['save', 'submit', 'approve'],
    when: 'the tenant does not have the workload',
    world: { facts: someFacts({ tenant: { workloads: ['teams'] } }) },
    found: [['lines[1].product', 2]],
  },
  {
    code: 'product_not_on_tenant',
    stages: ['save', 'submit', 'approve'],
    when: 'the tenant has no subscription of the product',
    claim: aSubscriptionClaim({ subscriptionId: null }),
    world: { facts: someFacts({ tenant: { subscriptions: [aSubscription({ product: 'finance' })] } }) },
    found: [['lines[0].product', 1]],
  },
  {
    code: 'subscription_csp',
    stages: ['save', 'submit'],
    when: 'the only subscription of the product was bought that way and is not named',
    claim: aSubscriptionClaim({ subscriptionId: null }),
    world: { facts: someFacts({ tenant: { subscriptions: [aSubscription({ channel: 'csp' })] } }) },
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_other_tenant',
    stages: ['save', 'submit', 'approve'],
    when: 'it belongs to another tenant, about which nothing else is revealed',
    claim: aSubscriptionClaim(),
    world: named({ tenantId: ids.otherTenant, state: 'expired', channel: 'csp', product: 'finance' }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_state',
    stages: ['approve', 'official'],
    when: 'it is no longer provisioned',
    claim: aSubscriptionClaim(),
    world: named({ state: 'not_provisioned' }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'product_not_on_tenant',
    stages: ['save', 'submit', 'approve'],
    when: 'no subscription of the tenant is eligible',
    claim: aSubscriptionClaim({ subscriptionId: null }),
    world: { facts: someFacts({ tenant: { subscriptions: [aSubscription({ state: 'expired' }), aSubscription({ channel: 'csp' })] } }) },
    found: [['lines[0].product', 1]],
  },
  // Subscriptions
  {
    code: 'not_a_subscription_id',
    stages: ['save', 'approve', 'official'],
    when: 'the directory does not know it',
    claim: aSubscriptionClaim({ subscriptionId: ids.nowhere }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'not_a_subscription_id',
    stages: ['save'],
    when: 'it is an order',
    claim: aSubscriptionClaim({ subscriptionId: ids.order }),
    world: { facts: someFacts({ identifiers: { [ids.order]: { kind: 'order' } } }) },
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'not_a_subscription_id',
    stages: ['save'],
    when: 'it is not a GUID and the directory is silent',
    claim: aSubscriptionClaim({ subscriptionId: 'S-1' }),
    world: { facts: null },
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_other_tenant',
    stages: ['save', 'submit', 'approve'],
    when: 'it belongs to another tenant',
    claim: aSubscriptionClaim(),
    world: named({ tenantId: ids.otherTenant }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_wrong_family',
    stages: ['save'],
    when: 'it is for another product',
    claim: aSubscriptionClaim(),
    world: named({ product: 'finance' }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_wrong_family',
    stages: ['save'],
    when: 'it belongs to another product family',
    claim: aSubscriptionClaim(),
    world: named({ family: 'other' }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_wrong_family',
    stages: ['save'],
    when: 'it is named for a workload, which is claimed on the tenant',
    claim: aClaim({ lines: [aLine(1, 'teams', { subscriptionId: ids.salesSubscription })] }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_csp',
    stages: ['save'],
    when: 'it was bought through CSP',
    claim: aSubscriptionClaim(),
    world: named({ channel: 'csp' }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'channel_not_allowed',
    stages: ['save', 'submit'],
    when: 'it was bought through an unsupported channel',
    claim: aSubscriptionClaim(),
    world: named({ channel: 'retail' }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_not_provisioned',
    stages: ['save', 'submit'],
    when: 'it is not active yet',
    claim: aSubscriptionClaim(),
    world: named({ state: 'not_provisioned' }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_state',
    stages: ['submit', 'approve', 'official'],
    when: 'it is suspended',
    claim: aSubscriptionClaim(),
    world: named({ state: 'suspended' }),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'subscription_required',
    stages: ['submit', 'approve'],
    when: 'two subscriptions are eligible',
    claim: aSubscriptionClaim({ subscriptionId: null }),
    world: {
      facts: someFacts({ tenant: { subscriptions: [aSubscription(), aSubscription({ subscriptionId: ids.secondSalesSubscription })] } }),
    },
    found: [['lines[0].subscriptionId', 1]],
  },
  // Exclusivity
  {
    code: 'workload_already_claimed',
    severity: 'warning',
    stages: ['save', 'submit'],
    when: 'another partner holds it',
    world: heldBy(ids.rival, teams, ['usage']),
    found: [['lines[0].product', 1]],
  },
  {
    code: 'subscription_already_claimed',
    severity: 'warning',
    stages: ['save', 'submit'],
    when: 'another partner holds it',
    claim: aSubscriptionClaim(),
    world: heldBy(ids.rival, sales, ['usage']),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'workload_already_claimed',
    stages: ['official'],
    when: 'another partner has become the holder',
    world: heldBy(ids.rival, teams, ['usage']),
    found: [['lines[0].product', 1]],
  },
  {
    code: 'subscription_already_claimed',
    stages: ['official'],
    when: 'another partner has become the holder',
    claim: aSubscriptionClaim(),
    world: heldBy(ids.rival, sales, ['usage']),
    found: [['lines[0].subscriptionId', 1]],
  },
  {
    code: 'duplicate_own',
    stages: ['save', 'submit', 'approve', 'official'],
    when: 'the company holds it for the same activity',
    world: heldBy(ids.account, teams, ['usage']),
    found: [['lines[0].product', 1]],
  },
  {
    code: 'duplicate_own',
    stages: ['submit', 'approve'],
    when: 'the company has another open claim for the same activity',
    world: { own: [{ target: teams, claimId: 'claim-2', activities: ['usage'] }] },
    found: [['lines[0].product', 1]],
  },
  {
    code: 'duplicate_own',
    severity: 'warning',
    stages: ['save'],
    when: 'the company has another open claim for the same activity',
    world: { own: [{ target: teams, claimId: 'claim-2', activities: ['usage'] }] },
    found: [['lines[0].product', 1]],
  },
  {
    code: 'claim_cooldown',
    stages: ['submit', 'approve', 'official'],
    when: 'the customer refused the company recently',
    world: { refusals: [{ target: teams, at: '2026-02-20T12:00:00.000Z', until: '2026-04-05T04:59:59.999Z' }] },
    found: [['lines[0].product', 1]],
  },
  {
    code: 'claim_cooldown',
    stages: ['submit'],
    when: 'the customer refused the company twice',
    world: {
      refusals: [
        { target: teams, at: '2025-02-03T12:00:00.000Z', until: '2025-03-05T04:59:59.999Z' },
        { target: teams, at: '2026-02-03T12:00:00.000Z', until: '2026-03-05T04:59:59.999Z' },
      ],
    },
    found: [['lines[0].product', 1]],
  },
  {
    code: 'partner_blocked',
    stages: ['submit', 'approve', 'official'],
    when: 'the customer has blocked the company',
    world: { isBlocked: true },
    found: [['tenantId', null]],
  },
  {
    code: 'activity_combination',
    stages: ['save', 'submit'],
    when: 'the programme counts each activity separately',
    claim: aSubscriptionClaim({ product: 'business_central', activities: ['presales', 'usage'] }),
    world: { ...named({ product: 'business_central' }), ...withPolicy({ exclusivityKey: 'target_and_activity' }) },
    found: [['lines[0].activities', 1]],
  },
  {
    code: 'duplicate_own',
    stages: ['save', 'submit'],
    when: 'two lines claim the same target',
    claim: aClaim({ lines: [aLine(1, 'teams'), aLine(2, 'teams')] }),
    found: [['lines[1].product', 2]],
  },
  // People
  {
    code: 'contact_incomplete',
    stages: ['submit', 'approve'],
    when: 'no contact is named',
    claim: aClaim({ contacts: { customer: null, partner: null, technical: null } }),
    found: [
      ['contacts.customer.name', null],
      ['contacts.customer.title', null],
      ['contacts.customer.email', null],
      ['contacts.partner.name', null],
      ['contacts.partner.email', null],
    ],
  },
  {
    code: 'contact_incomplete',
    stages: ['submit'],
    when: "the customer's contact has no title",
    claim: aClaim({ contacts: { ...contacts, customer: aContact('person-customer', 'contoso.example', ['title']) } }),
    found: [['contacts.customer.title', null]],
  },
  {
    code: 'technical_contact_required',
    stages: ['submit'],
    when: 'the programme requires one for Dynamics 365',
    claim: aSubscriptionClaim(),
    world: withPolicy({ isTechnicalContactRequired: true }),
    found: [['contacts.technical', null]],
  },
  {
    code: 'contact_domain_mismatch',
    severity: 'hold',
    stages: ['submit'],
    when: "the contact's mail domain is not one of the tenant's",
    claim: aClaim({ contacts: { ...contacts, customer: aContact('person-customer', 'fabrikam.example') } }),
    found: [['contacts.customer.email', null]],
  },
  // Evidence
  {
    code: 'evidence_not_scanned',
    stages: ['approve'],
    when: 'one of the files waits for the malware scanner',
    evidence: [someEvidence(), someEvidence({ evidenceId: 'evidence-2', quarantine: 'waiting' })],
    found: [['evidence', null]],
  },
  {
    code: 'evidence_infected',
    stages: ['submit', 'approve'],
    when: 'malware was found in every file',
    evidence: [someEvidence({ quarantine: 'infected' })],
    found: [['evidence', null]],
  },
  { code: 'evidence_missing', stages: ['submit'], when: 'there is no evidence', evidence: [], found: [['evidence', null]] },
  {
    code: 'signature_date_required',
    stages: ['submit'],
    when: 'no document has a signature date',
    evidence: [someEvidence({ signedOn: null })],
    found: [['evidence.signedOn', null]],
  },
  {
    code: 'evidence_template_required',
    stages: ['submit'],
    when: 'the programme accepts only its own statements of work',
    world: withPolicy({ evidence: { ...samplePolicy.evidence, isTemplateRequired: true } }),
    found: [['evidence.cover.templateSha256', null]],
  },
  {
    code: 'evidence_stale',
    stages: ['submit'],
    when: 'it was signed twelve months and a day ago',
    evidence: [someEvidence({ signedOn: '2025-03-01' })],
    found: [['evidence.signedOn', null]],
  },
  {
    code: 'evidence_signed_in_future',
    stages: ['submit'],
    when: 'it was signed on a date that has not begun anywhere on Earth',
    evidence: [someEvidence({ signedOn: '2026-03-04' })],
    found: [['evidence.signedOn', null]],
  },
  {
    code: 'evidence_mismatch',
    severity: 'hold',
    stages: ['submit'],
    when: 'it names another tenant',
    evidence: [someEvidence({ cover: { tenantId: ids.otherTenant, domain: null } })],
    found: [['evidence', null]],
  },
  {
    code: 'evidence_mismatch',
    severity: 'hold',
    stages: ['submit'],
    when: 'it names another domain',
    evidence: [someEvidence({ cover: { tenantId: ids.tenant, domain: 'tailspin.example' } })],
    found: [['evidence', null]],
  },
];

/** Returns the claim's history just before the checks of the stage. */
function before(stage: Stage, { claim = aClaim(), evidence = [someEvidence()] }: Case): ClaimEvent[] {
  const lines = claim.lines.map(({ line }) => line);
  const started = [aClock('K1', lines, times.submitted, 5)];
  const toContact = { lines, recipients: [contactRecipient] };
  const history = [
    anEvent('ClaimDrafted', { details: claim }),
    ...evidence.map((document) => anEvent('EvidenceAdded', { evidence: document })),
    anEvent('ClaimSubmitted', { lines, clocks: started }),
    anEvent('ReviewStarted', { lines, clocks: [] }),
    anEvent('LinesApproved', { lines }),
    anEvent('NoticeRequested', toContact),
    anEvent('NoticeAccepted', { clocks: [aClock('K5', lines, times.delivered, 5)] }),
  ];
  const length = { save: 0, submit: 1 + evidence.length, approve: 3 + evidence.length, official: history.length }[stage];
  return history.slice(0, length);
}

/** Returns the findings of a stage, whether they refuse, are recorded or hold lines. */
function found(stage: Stage, example: Case): Finding[] {
  const history = given(...before(stage, example));
  const world = { at: times.submitted, ...example.world };
  const draft = { number: 'CLM-000001', partnerAccountId: ids.account, details: example.claim ?? aClaim() };
  const outcome = {
    save: () => history.when(aCommand('draftClaim', draft), world),
    submit: () => history.when(aCommand('submitClaim', {}), world),
    approve: () => history.when(aCommand('approveClaim', {}), world),
    official: () => history.whenTimePasses(times.official, world),
  }[stage]();
  const recorded = outcome.events.flatMap((event) => {
    if (event.type === 'ClaimDrafted') return event.data.warnings;
    return event.type === 'ClaimSubmitted' || event.type === 'LinesApproved' || event.type === 'LinesHeld' ? event.data.findings : [];
  });
  return [...outcome.findings, ...recorded];
}

describe('validation', () => {
  for (const example of cases) {
    for (const stage of example.stages) {
      it(`finds ${example.code} at ${stage} when ${example.when}`, () => {
        const severity = example.severity ?? 'error';
        const findings = found(stage, example);
        if (example.besides !== undefined) expect(findings.pop()?.code).to.equal(example.besides);
        const places = findings.map(({ message, ...finding }) => ({ ...finding, isExplained: message.endsWith('.') }));
        expect(places).to.deep.equal(
          example.found.map(([field, line]) => ({ code: example.code, severity, field, line, isExplained: true })),
        );
      });
    }
  }

  it('has a case for every rule at every stage', () => {
    const keyOf = (code: string, severity: string, stage: string) => `${code} ${severity} ${stage}`;
    const rules = validationRules.flatMap(({ code, severity, stages }) => stages.map((stage) => keyOf(code, severity, stage)));
    const covered = cases.flatMap(({ code, severity = 'error', stages }) => stages.map((stage) => keyOf(code, severity, stage)));
    const count = (list: string[], key: string) => list.filter((entry) => entry === key).length;
    expect([...new Set(rules)].filter((key) => count(covered, key) < count(rules, key))).to.deep.equal([]);
  });

  it('reports every fault of a submission at once', () => {
    const details = aSubscriptionClaim(
      { subscriptionId: null, activities: ['revenue_association'] },
      { name: '', acknowledgementVersion: null, contacts: { ...contacts, partner: null } },
    );
    const facts = someFacts({
      location: { enrolledProgrammes: [], isAgreementActive: false, isProfileComplete: false },
      tenant: { subscriptions: [] },
    });
    given(anEvent('ClaimDrafted', { details }))
      .when(aCommand('submitClaim', {}), { facts })
      .thenRefused(
        'claim_name_required',
        'acknowledgement_required',
        'revenue_fields_required',
        'revenue_fields_required',
        'revenue_fields_required',
        'location_not_enrolled',
        'agreement_inactive',
        'profile_incomplete',
        'product_not_on_tenant',
        'contact_incomplete',
        'contact_incomplete',
        'evidence_missing',
      );
  });

  it('leaves warnings and holds out of a refusal', () => {
    const details = aClaim({ name: '', contacts: { ...contacts, customer: aContact('person-customer', 'fabrikam.example') } });
    given(anEvent('ClaimDrafted', { details }), anEvent('EvidenceAdded'))
      .when(aCommand('submitClaim', {}), heldBy(ids.rival, teams, ['usage']))
      .thenRefused('claim_name_required');
  });

  it('suggests an enrolled location of the company if the stated one is not', () => {
    const siblings = [
      { partnerId: '4012346', enrolledProgrammes: ['modern_work_security_usage'] },
      { partnerId: '4012347', enrolledProgrammes: ['osu_business_applications'] },
    ];
    const facts = someFacts({ location: { enrolledProgrammes: [], siblings } });
    const { findings } = given(anEvent('ClaimDrafted'), anEvent('EvidenceAdded')).when(aCommand('submitClaim', {}), { facts });
    expect(findings[0]?.message).to.equal(
      'The location is not enrolled in modern_work_security_usage. Enrol it, or use an enrolled location: 4012346.',
    );
  });

  for (const [provisionedOn, advice] of [
    ['2026-02-23', 'It can take up to 7 days after provisioning to appear here, that is until 2026-03-02; try again then.'],
    ['2026-02-22', "The subscription was provisioned on 2026-02-22 and is still not active. Contact the vendor's support."],
    [null, "contact the vendor's support if it takes longer."],
  ] as const) {
    it(`advises on an inactive subscription provisioned on ${provisionedOn ?? 'an unknown date'}`, () => {
      const history = given(anEvent('ClaimDrafted', { details: aSubscriptionClaim() }), anEvent('EvidenceAdded'));
      const world = { at: times.submitted, ...named({ state: 'not_provisioned', provisionedOn }) };
      const { findings } = history.when(aCommand('submitClaim', {}), world);
      expect(findings.map(({ code }) => code)).to.deep.equal(['subscription_not_provisioned']);
      expect(findings[0]?.message).to.contain(advice);
    });
  }
});

describe('the limits of validation', () => {
  const submits = (details: ClaimDetails, evidence: EvidenceReference, world: World) =>
    given(anEvent('ClaimDrafted', { details }), anEvent('EvidenceAdded', { evidence })).when(aCommand('submitClaim', {}), {
      at: times.submitted,
      ...world,
    });

  it('accept a signature of exactly twelve months ago', () => {
    expect(submits(aClaim(), someEvidence({ signedOn: '2025-03-02' }), {}).findings).to.deep.equal([]);
  });

  it("count a signature's age by the calendar's date, not by UTC", () => {
    const world = { at: '2026-03-03T02:00:00.000Z' };
    expect(submits(aClaim(), someEvidence({ signedOn: '2025-03-02' }), world).findings).to.deep.equal([]);
    submits(aClaim(), someEvidence({ signedOn: '2026-03-04' }), world).thenRefused('evidence_signed_in_future');
  });

  it('accept a signature dated today anywhere on Earth', () => {
    // It is 2 March in New York, but already 3 March in Auckland and Kiritimati.
    const evening = { at: '2026-03-02T23:00:00.000Z' };
    expect(submits(aClaim(), someEvidence({ signedOn: '2026-03-03' }), evening).findings).to.deep.equal([]);
    const noon = { at: '2026-03-02T10:00:00.000Z' };
    expect(submits(aClaim(), someEvidence({ signedOn: '2026-03-03' }), noon).findings).to.deep.equal([]);
    const before = { at: '2026-03-02T09:59:59.999Z' };
    const [refused] = submits(aClaim(), someEvidence({ signedOn: '2026-03-03' }), before).findings;
    expect([refused?.code, refused?.message]).to.deep.equal([
      'evidence_signed_in_future',
      'The signature is dated 2026-03-03, but no time zone is past 2026-03-02 yet. Correct the date; if the document itself shows it, have the customer sign again.',
    ]);
  });

  it('accept a signature that is not too old somewhere on Earth', () => {
    // A year and a day have passed in New York, but exactly a year in Honolulu.
    const world = { at: '2026-03-03T09:00:00.000Z' };
    expect(submits(aClaim(), someEvidence({ signedOn: '2025-03-02' }), world).findings).to.deep.equal([]);
    submits(aClaim(), someEvidence({ signedOn: '2025-03-01' }), world).thenRefused('evidence_stale');
  });

  it('report a future and a too old signature together, and neither beside a valid one', () => {
    const ahead = anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2', signedOn: '2026-05-01' }) });
    const submitted = (signedOn: string) =>
      given(anEvent('ClaimDrafted'), anEvent('EvidenceAdded', { evidence: someEvidence({ signedOn }) }), ahead).when(
        aCommand('submitClaim', {}),
        {
          at: times.submitted,
        },
      );
    submitted('2024-01-01').thenRefused('evidence_signed_in_future', 'evidence_stale');
    expect(submitted('2026-02-01').findings).to.deep.equal([]);
  });

  it('state what is expected when a subscription does not fit', () => {
    const saved = (claim: ClaimDetails, more: Partial<SubscriptionFacts>) => {
      const identifiers = { [ids.salesSubscription]: { kind: 'subscription' as const, subscription: aSubscription(more) } };
      const facts = someFacts({ tenant: { subscriptions: [aSubscription(more)] }, identifiers });
      const draft = aCommand('draftClaim', { number: 'CLM-000001', partnerAccountId: ids.account, details: claim });
      return given()
        .when(draft, { facts })
        .findings.map(({ code, message }) => [code, message]);
    };
    expect(saved(aSubscriptionClaim(), { product: 'finance' })).to.deep.equal([
      [
        'subscription_wrong_family',
        'The subscription is for `finance` (Dynamics 365), but the line claims `sales`. Name a subscription of `sales`, or claim the product this one is for.',
      ],
    ]);
    expect(saved(aSubscriptionClaim(), { family: 'microsoft_365' })).to.deep.equal([
      [
        'subscription_wrong_family',
        'The directory lists the subscription of `sales` under Microsoft 365, but the programme expects Dynamics 365. Ask the vendor which is correct.',
      ],
    ]);
    expect(saved(aClaim({ lines: [aLine(1, 'teams', { subscriptionId: ids.salesSubscription })] }), {})).to.deep.equal([
      ['subscription_wrong_family', '`teams` is a workload and is claimed for the whole tenant. Leave the subscription out.'],
    ]);
  });

  it('count twelve months forward, and from a leap day to the last day of February', () => {
    const onLeapDay = { at: '2028-02-29T15:00:00.000Z' };
    submits(aClaim(), someEvidence({ signedOn: '2027-02-28' }), onLeapDay).thenRefused('evidence_stale');
    expect(submits(aClaim(), someEvidence({ signedOn: '2027-03-01' }), onLeapDay).findings).to.deep.equal([]);
    const signedThen = someEvidence({ signedOn: '2028-02-29' });
    expect(submits(aClaim(), signedThen, { at: '2029-02-28T15:00:00.000Z' }).findings).to.deep.equal([]);
    submits(aClaim(), signedThen, { at: '2029-03-01T15:00:00.000Z' }).thenRefused('evidence_stale');
  });

  it('accept a claim on the last permitted day after its transaction', () => {
    const details = aClaim({ transactionOn: '2025-12-02' });
    expect(submits(details, someEvidence(), withPolicy({ lateClaimDays: 90 })).findings).to.deep.equal([]);
  });

  it('accept a transaction dated today anywhere on Earth', () => {
    const details = aClaim({ transactionOn: '2026-03-03' });
    expect(submits(details, someEvidence(), withPolicy({ lateClaimDays: 90 })).findings).to.deep.equal([]);
  });

  it('accept a subdomain of a verified domain', () => {
    expect(submits(aClaim({ domain: 'mail.contoso.example' }), someEvidence(), {}).findings).to.deep.equal([]);
  });

  it('accept a subscription in its grace period', () => {
    expect(submits(aSubscriptionClaim(), someEvidence(), named({ state: 'in_grace' })).findings).to.deep.equal([]);
  });

  it('accept usage and presales on one line', () => {
    const details = aSubscriptionClaim({ product: 'power_bi', activities: ['usage', 'presales'] });
    expect(submits(details, someEvidence(), named({ product: 'power_bi' })).findings).to.deep.equal([]);
  });

  it('skip lines that are no longer claimed', () => {
    const rejected = [...upTo.under_review, anEvent('LinesRejected', { lines: [1] }), anEvent('InformationRequested', { lines: [2] })];
    const history = [...rejected, anEvent('EvidenceAdded', {}, times.supplied)];
    const gone = { facts: someFacts({ tenant: { workloads: ['exchange'] } }), at: times.resubmitted };
    const { events } = given(...history).when(aCommand('submitClaim', {}), gone);
    expect(events.map(({ type }) => type)).to.deep.equal(['ClaimSubmitted']);
  });

  it('let a product be claimed again after its line was withdrawn', () => {
    const history = [...upTo.under_review, anEvent('ClaimWithdrawn', { lines: [1] }), anEvent('InformationRequested', { lines: [2] })];
    const lines = [aLine(1, 'teams'), aLine(2, 'exchange'), aLine(3, 'teams')];
    const { events } = given(...history).when(aCommand('editClaim', { changes: { lines } }), {
      ...withPolicy({ maximumProducts: 2 }),
      at: times.supplied,
    });
    expect(events.map(({ type }) => type)).to.deep.equal(['ClaimEdited']);
  });
});
