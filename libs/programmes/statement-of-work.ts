import type { StatementText } from './policy.js';

/** What a placeholder stands for. */
export const statementPlaceholders = {
  partner: "the partner's legal name",
  partnerId: 'the PartnerID of the claiming location',
  customer: "the customer's name",
  tenantId: "the customer's tenant ID",
  domain: "the customer's domain, or a dash",
  vendor: "the vendor's name",
  programme: 'the name of the programme',
  claim: 'the number of the claim',
  products: 'the names of the products',
  targets: 'the products, each with its subscription ID if it has one',
  activities: 'what the partner does',
  date: 'the date of the request',
} as const;
export type StatementPlaceholder = keyof typeof statementPlaceholders;

const isPlaceholder = (name: string): name is StatementPlaceholder => Object.hasOwn(statementPlaceholders, name);
const placeholder = /\{([^{}]*)\}/g;

/** Returns the placeholders of a text that mean nothing, as written. */
export const unknownPlaceholders = (text: string): string[] =>
  [...text.matchAll(placeholder)].filter(([, name = '']) => !isPlaceholder(name)).map(([written]) => written);

/** Returns the statement with every placeholder replaced. Values are not searched for placeholders again. */
export function fillStatement({ title, paragraphs }: StatementText, values: Record<StatementPlaceholder, string>): StatementText {
  const fill = (text: string) => text.replace(placeholder, (written, name: string) => (isPlaceholder(name) ? values[name] : written));
  return { title: fill(title), paragraphs: paragraphs.map(fill) };
}

/** Returns the text whose SHA-256, over UTF-8, is recorded: title and paragraphs, with an empty line between them. */
export const textOfStatement = ({ title, paragraphs }: StatementText): string => [title, ...paragraphs].join('\n\n');
