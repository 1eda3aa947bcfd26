import { activityIn, type AutomaticApproval, type Policy } from './policy.js';
import { statementPlaceholders, unknownPlaceholders } from './statement-of-work.js';

export interface PolicyFault {
  /** Path such as `products.3.area`. */
  path: string;
  /** Stable; an open list. */
  code: string;
  /** What is wrong and what to do, without a full stop. */
  message: string;
}

/** Returns every contradiction between the parts of a well-formed policy. */
export function inconsistencies(policy: Policy): PolicyFault[] {
  return [
    ...repetitions(policy),
    ...policy.activities.flatMap((_, index) => activityFaults(policy, index)),
    ...areaFaults(policy),
    ...policy.products.flatMap((_, index) => productFaults(policy, index)),
    ...noticeFaults(policy),
    ...templateFaults(policy),
    ...statementFaults(policy),
    ...policy.automaticApprovals.flatMap((rule, index) => approvalFaults(policy, rule, `automaticApprovals.${index}`)),
  ];
}

function repetitions(policy: Policy): PolicyFault[] {
  const codesOf = (entries: { code: string }[]) => entries.map(({ code }) => code);
  const lists: Record<string, string[]> = {
    areas: codesOf(policy.areas),
    activities: policy.activities.flatMap((entry) => entry.areas.map((area) => `${entry.code} in ${area}`)),
    products: codesOf(policy.products),
    requestReasons: codesOf(policy.requestReasons),
    rejectionReasons: codesOf(policy.rejectionReasons),
    statementTemplates: policy.statementTemplates.flatMap((entry) => [entry.code, entry.sha256]),
    automaticApprovals: codesOf(policy.automaticApprovals),
    'usage.executiveColumns': policy.usage.executiveColumns,
  };
  return Object.entries(lists).flatMap(([path, values]) =>
    [...new Set(values.filter((value, index) => values.indexOf(value) !== index))].map((value) => ({
      path,
      code: 'repeated',
      message: `${value} occurs more than once; keep one`,
    })),
  );
}

function activityFaults(policy: Policy, index: number): PolicyFault[] {
  const entry = policy.activities[index]!;
  const path = `activities.${index}`;
  const areas = entry.areas.flatMap((area) => unitFault(policy, area, entry.unit, path, 'areas'));
  const oneSided = entry.combinableWith
    .filter((other) => !policy.activities.some((candidate) => isMutual(entry, candidate, other)))
    .map((other) => ({
      path: `${path}.combinableWith`,
      code: 'not_mutual',
      message: `${other} does not list ${entry.code} as combinable; list each under the other, or neither`,
    }));
  return [...areas, ...oneSided];
}

const isMutual = (entry: Policy['activities'][number], candidate: Policy['activities'][number], other: string): boolean =>
  candidate.code === other && candidate.combinableWith.includes(entry.code) && candidate.areas.some((area) => entry.areas.includes(area));

function areaFaults(policy: Policy): PolicyFault[] {
  return policy.areas.flatMap((area, index) =>
    area.activities
      .filter((offered) => activityIn(policy, area.code, offered) === undefined)
      .map((offered) => ({
        path: `areas.${index}.activities`,
        code: 'activity_not_described',
        message: `${offered} has no entry in activities for ${area.code}; add one, or remove it here`,
      })),
  );
}

function productFaults(policy: Policy, index: number): PolicyFault[] {
  const entry = policy.products[index]!;
  const path = `products.${index}`;
  const offered = policy.areas.find((area) => area.code === entry.area)?.activities ?? entry.activities;
  const foreign = entry.activities
    .filter((candidate) => !offered.includes(candidate))
    .map((candidate) => ({
      path: `${path}.activities`,
      code: 'activity_not_offered',
      message: `${candidate} is not offered in ${entry.area}; use one of: ${offered.join(', ')}`,
    }));
  return [...unitFault(policy, entry.area, entry.unit, path, 'area'), ...foreign];
}

function unitFault(policy: Policy, areaCode: string, expected: string, path: string, field: string): PolicyFault[] {
  const area = policy.areas.find((candidate) => candidate.code === areaCode);
  if (area === undefined) return [areaUnknown(policy, areaCode, `${path}.${field}`)];
  return area.unit === expected
    ? []
    : [{ path: `${path}.unit`, code: 'unit_differs', message: `must be ${area.unit}, as in area ${areaCode}` }];
}

const areaUnknown = (policy: Policy, area: string, path: string): PolicyFault => ({
  path,
  code: 'area_unknown',
  message: `there is no area ${area}; use one of: ${policy.areas.map(({ code }) => code).join(', ')}`,
});

function noticeFaults({ clocks: { expiryNoticeDays } }: Policy): PolicyFault[] {
  return expiryNoticeDays
    .filter((notice, index) => index > 0 && notice >= expiryNoticeDays[index - 1]!)
    .map((notice) => ({
      path: 'clocks.expiryNoticeDays',
      code: 'not_in_order',
      message: `${notice} is a duplicate or follows a smaller number; list the largest first`,
    }));
}

function templateFaults({ evidence, statementOfWork, statementTemplates }: Policy): PolicyFault[] {
  if (!evidence.isTemplateRequired || statementOfWork !== undefined || statementTemplates.some(({ state }) => state === 'active'))
    return [];
  const message = 'no statement template is active, so no claim could be submitted; add one to statementTemplates, or set this to false';
  return [{ path: 'evidence.isTemplateRequired', code: 'template_missing', message }];
}

function statementFaults({ statementOfWork }: Policy): PolicyFault[] {
  return Object.entries(statementOfWork?.texts ?? {}).flatMap(([language, { title, paragraphs }]) => {
    const texts = [['title', title] as const, ...paragraphs.map((text, index) => [`paragraphs.${index}`, text] as const)];
    return texts.flatMap(([field, text]) =>
      unknownPlaceholders(text).map((written) => ({
        path: `statementOfWork.texts.${language}.${field}`,
        code: 'placeholder_unknown',
        message: `${written} stands for nothing; use one of: ${Object.keys(statementPlaceholders).join(', ')}`,
      })),
    );
  });
}

function approvalFaults(policy: Policy, rule: AutomaticApproval, path: string): PolicyFault[] {
  const known = rule.areas.filter((code) => policy.areas.some((area) => area.code === code));
  const isUsable = policy.statementTemplates.some(({ code, state }) => code === rule.template && state === 'active');
  const fault = (field: string, code: string, message: string) => ({ path: `${path}.${field}`, code, message });
  return [
    ...rule.areas.filter((code) => !known.includes(code)).map((code) => areaUnknown(policy, code, `${path}.areas`)),
    ...rule.activities
      .filter((code) => !known.some((area) => activityIn(policy, area, code) !== undefined))
      .map((code) => fault('activities', 'activity_not_offered', `${code} is not offered in any area of this rule`)),
    ...(rule.products ?? [])
      .filter((code) => !policy.products.some((product) => product.code === code && known.includes(product.area)))
      .map((code) => fault('products', 'product_unknown', `no area of this rule has a product ${code}`)),
    ...(rule.template === null || isUsable
      ? []
      : [fault('template', 'template_unknown', `there is no active statement template ${rule.template}; add it to statementTemplates`)]),
  ];
}
