import { activityIn, type AutomaticApproval, type Policy } from './policy.js';

export interface PolicyFault {
  /** Where it is, such as `products.3.area`. */
  path: string;
  message: string;
}

/** Everything in which the parts of a well-formed policy do not fit together. */
export function inconsistencies(policy: Policy): PolicyFault[] {
  return [
    ...repetitions(policy),
    ...activityFaults(policy),
    ...areaFaults(policy),
    ...productFaults(policy),
    ...noticeFaults(policy),
    ...templateFaults(policy),
    ...policy.automaticApprovals.flatMap((rule, index) => approvalFaults(policy, rule, `automaticApprovals.${index}`)),
  ];
}

function repetitions(policy: Policy): PolicyFault[] {
  const keys: Record<string, string[]> = {
    areas: policy.areas.map((area) => area.code),
    activities: policy.activities.flatMap((entry) => entry.areas.map((area) => `${entry.code} in ${area}`)),
    products: policy.products.map((entry) => entry.code),
    requestReasons: policy.requestReasons.map((entry) => entry.code),
    rejectionReasons: policy.rejectionReasons.map((entry) => entry.code),
    statementTemplates: policy.statementTemplates.flatMap((entry) => [entry.code, entry.sha256]),
    automaticApprovals: policy.automaticApprovals.map((entry) => entry.code),
    'usage.executiveColumns': policy.usage.executiveColumns,
  };
  return Object.entries(keys).flatMap(([path, values]) =>
    [...new Set(values.filter((value, index) => values.indexOf(value) !== index))].map((value) => ({
      path,
      message: `${value} occurs more than once`,
    })),
  );
}

function activityFaults(policy: Policy): PolicyFault[] {
  return policy.activities.flatMap((entry, index) => {
    const path = `activities.${index}`;
    const areas = entry.areas.flatMap((area) => unitFault(policy, area, entry.unit, path, 'areas'));
    const partners = entry.combinableWith
      .filter((other) => !policy.activities.some((candidate) => isMutual(entry, candidate, other)))
      .map((other) => ({ path: `${path}.combinableWith`, message: `${other} does not combine with ${entry.code} in turn` }));
    return [...areas, ...partners];
  });
}

const isMutual = (entry: Policy['activities'][number], candidate: Policy['activities'][number], other: string): boolean =>
  candidate.code === other && candidate.combinableWith.includes(entry.code) && candidate.areas.some((area) => entry.areas.includes(area));

function areaFaults(policy: Policy): PolicyFault[] {
  return policy.areas.flatMap((area, index) =>
    area.activities
      .filter((offered) => !policy.activities.some((entry) => entry.code === offered && entry.areas.includes(area.code)))
      .map((offered) => ({ path: `areas.${index}.activities`, message: `${offered} is not described for ${area.code}` })),
  );
}

function productFaults(policy: Policy): PolicyFault[] {
  return policy.products.flatMap((entry, index) => {
    const path = `products.${index}`;
    const offered = policy.areas.find((area) => area.code === entry.area)?.activities ?? entry.activities;
    const foreign = entry.activities
      .filter((candidate) => !offered.includes(candidate))
      .map((candidate) => ({ path: `${path}.activities`, message: `${candidate} is not offered in ${entry.area}` }));
    return [...unitFault(policy, entry.area, entry.unit, path, 'area'), ...foreign];
  });
}

function unitFault(policy: Policy, areaCode: string, expected: string, path: string, field: string): PolicyFault[] {
  const area = policy.areas.find((candidate) => candidate.code === areaCode);
  if (area === undefined) return [{ path: `${path}.${field}`, message: `there is no area ${areaCode}` }];
  return area.unit === expected ? [] : [{ path: `${path}.unit`, message: `the unit of ${areaCode} is ${area.unit}` }];
}

function noticeFaults({ clocks: { expiryNoticeDays } }: Policy): PolicyFault[] {
  return expiryNoticeDays
    .filter((notice, index) => index > 0 && notice >= expiryNoticeDays[index - 1]!)
    .map((notice) => ({
      path: 'clocks.expiryNoticeDays',
      message: `${notice} stands after a shorter notice or twice; list the longest first`,
    }));
}

function templateFaults({ evidence, statementTemplates }: Policy): PolicyFault[] {
  if (!evidence.isTemplateRequired || statementTemplates.some(({ state }) => state === 'active')) return [];
  return [{ path: 'evidence.isTemplateRequired', message: 'no statement template is active, so no claim could be submitted' }];
}

function approvalFaults(policy: Policy, rule: AutomaticApproval, path: string): PolicyFault[] {
  const known = rule.areas.filter((code) => policy.areas.some((area) => area.code === code));
  const areas = rule.areas
    .filter((code) => !known.includes(code))
    .map((code) => ({ path: `${path}.areas`, message: `there is no area ${code}` }));
  const activities = rule.activities
    .filter((code) => !known.some((area) => activityIn(policy, area, code) !== undefined))
    .map((code) => ({ path: `${path}.activities`, message: `${code} is not offered in an area of this rule` }));
  const products = (rule.products ?? [])
    .filter((code) => !policy.products.some((product) => product.code === code && known.includes(product.area)))
    .map((code) => ({ path: `${path}.products`, message: `there is no product ${code} in an area of this rule` }));
  const isUsable = policy.statementTemplates.some(({ code, state }) => code === rule.template && state === 'active');
  const template =
    rule.template === null || isUsable
      ? []
      : [{ path: `${path}.template`, message: `there is no active statement template ${rule.template}` }];
  return [...areas, ...activities, ...products, ...template];
}
