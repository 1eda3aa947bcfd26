import { createHash } from 'node:crypto';
import type { ClaimState, DirectoryFacts } from '#libs/claims/index.js';
import { formatDay, type Language, targetLabel } from '#libs/notices/index.js';
import { fillStatement, type Policy, textOfStatement } from '#libs/programmes/index.js';

/** The text that a customer is asked to sign. */
export interface Statement {
  text: string;
  /** Of the text's UTF-8 bytes, in lower-case hexadecimal digits. */
  sha256: string;
}

/** Makes the statement of a claim from the programme's template; null when the programme has none in this language. */
export function statementOf(
  policy: Policy,
  language: Language,
  claim: { state: ClaimState; facts: DirectoryFacts; now: string; zone: string },
): Statement | null {
  const template = policy.statementOfWork?.texts[language];
  if (template === undefined) return null;
  const { state, facts, now, zone } = claim;
  const { details } = state;
  const labelOf = (code: string) => policy.products.find((product) => product.code === code)?.label[language] ?? code;
  const activityLabel = (code: string) =>
    policy.activities.find((activity) => activity.code === code && activity.areas.includes(details.area))?.label[language] ?? code;
  const list = (values: string[]) => [...new Set(values)].join(', ');
  const text = textOfStatement(
    fillStatement(template, {
      partner: facts.location?.legalName ?? details.partnerId,
      partnerId: details.partnerId,
      customer: facts.tenant?.name ?? details.tenantId,
      tenantId: details.tenantId,
      domain: details.domain ?? '—',
      vendor: policy.vendor.name,
      programme: policy.name,
      claim: state.number,
      products: list(details.lines.map(({ product }) => labelOf(product))),
      targets: list(details.lines.map((line) => targetLabel(line, policy, language))),
      activities: list(details.lines.flatMap(({ activities }) => activities.map(activityLabel))),
      date: formatDay(now, zone, language),
    }),
  );
  return { text, sha256: sha256Of(text) };
}

export const sha256Of = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/** Splits a statement into its title and paragraphs. */
export function partsOf(text: string): { title: string; paragraphs: string[] } {
  const [title = '', ...paragraphs] = text.split('\n\n');
  return { title, paragraphs };
}
