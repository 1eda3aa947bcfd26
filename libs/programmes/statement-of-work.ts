import type { Policy } from './policy.js';
import type { PolicyFault } from './policy-consistency.js';

/** A statement of work for customers to sign in cpor, in one language. Every text may hold placeholders such as `{partner}`. */
export interface StatementText {
  title: string;
  paragraphs: string[];
}

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

/** Returns a fault for every placeholder that means nothing. */
export function statementFaults({ statementOfWork }: Pick<Policy, 'statementOfWork'>): PolicyFault[] {
  return Object.entries(statementOfWork?.texts ?? {}).flatMap(([language, { title, paragraphs }]) =>
    [['title', title] as const, ...paragraphs.map((text, index) => [`paragraphs.${index}`, text] as const)].flatMap(([field, text]) =>
      [...text.matchAll(placeholder)]
        .filter(([, name = '']) => !isPlaceholder(name))
        .map(([written]) => ({
          path: `statementOfWork.texts.${language}.${field}`,
          code: 'placeholder_unknown',
          message: `${written} stands for nothing; use one of: ${Object.keys(statementPlaceholders).join(', ')}`,
        })),
    ),
  );
}

/** Returns the statement with every placeholder replaced. Values are not searched for placeholders again. */
export function fillStatement({ title, paragraphs }: StatementText, values: Record<StatementPlaceholder, string>): StatementText {
  const fill = (text: string) => text.replace(placeholder, (written, name: string) => (isPlaceholder(name) ? values[name] : written));
  return { title: fill(title), paragraphs: paragraphs.map(fill) };
}

/** Returns the text whose SHA-256, over UTF-8, is recorded: title and paragraphs, with an empty line between them. */
export const textOfStatement = ({ title, paragraphs }: StatementText): string => [title, ...paragraphs].join('\n\n');
