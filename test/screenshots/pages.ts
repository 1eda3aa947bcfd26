import type { World } from './world.js';

/** A page of the console, and who opens it. */
export interface ConsolePage {
  name: string;
  person: string;
  path: string;
  /** True for a page whose point is that the person may not see it. */
  isRefused?: boolean;
}

/** Every page of the console, by the claims that it shows. */
export const consolePages = (claims: World): ConsolePage[] => [
  { name: 'claims', person: 'Ann Fletcher', path: '/claims' },
  { name: 'claims-none-matching', person: 'Ann Fletcher', path: '/claims?q=nothing+like+this' },
  { name: 'claim-draft', person: 'Ann Fletcher', path: `/claims/${claims.draft}` },
  { name: 'claim-submitted', person: 'Ann Fletcher', path: `/claims/${claims.submitted}` },
  { name: 'claim-asked', person: 'Ann Fletcher', path: `/claims/${claims.asked}` },
  { name: 'claim-rejected', person: 'Ann Fletcher', path: `/claims/${claims.rejected}` },
  { name: 'claim-waiting', person: 'Ann Fletcher', path: `/claims/${claims.waiting}` },
  { name: 'claim-official', person: 'Ann Fletcher', path: `/claims/${claims.official}` },
  { name: 'claim-answer', person: 'Ann Fletcher', path: `/claims/${claims.asked}/answer` },
  { name: 'claim-new', person: 'Ann Fletcher', path: '/claims/new' },
  { name: 'claim-edit', person: 'Ann Fletcher', path: `/claims/${claims.draft}/edit?step=evidence` },
  { name: 'claim-check', person: 'Ann Fletcher', path: `/claims/${claims.draft}/edit?step=check` },
  { name: 'imports', person: 'Ann Fletcher', path: '/imports' },
  { name: 'claim-changes', person: 'Ann Fletcher', path: '/imports/changes' },
  { name: 'associations', person: 'Ann Fletcher', path: '/associations' },
  { name: 'members', person: 'Ann Fletcher', path: '/members' },
  { name: 'webhooks', person: 'Ann Fletcher', path: '/webhooks' },
  { name: 'webhook', person: 'Ann Fletcher', path: `/webhooks/${claims.endpoint}` },
  { name: 'webhook-delivery', person: 'Ann Fletcher', path: `/webhooks/${claims.endpoint}/deliveries/${claims.delivery}` },
  { name: 'sessions', person: 'Ann Fletcher', path: '/sessions' },
  { name: 'no-permission', person: 'Ann Fletcher', path: '/usage', isRefused: true },
  { name: 'usage', person: 'Uma Patel', path: '/usage' },
  { name: 'reviews', person: 'Rita Lindqvist', path: '/reviews' },
  { name: 'review', person: 'Rita Lindqvist', path: `/reviews/${claims.submitted}` },
  { name: 'rivals', person: 'Rita Lindqvist', path: `/reviews/${claims.rival}/rivals` },
  { name: 'programmes', person: 'Vera Castellanos', path: '/programmes' },
  { name: 'programme', person: 'Vera Castellanos', path: '/programmes/sample' },
  { name: 'calendars', person: 'Vera Castellanos', path: '/calendars' },
  { name: 'calendar', person: 'Vera Castellanos', path: '/calendars/us-federal' },
  { name: 'repairs', person: 'Vera Castellanos', path: '/repairs' },
  { name: 'breaches', person: 'Vera Castellanos', path: '/breaches' },
  { name: 'refused-reads', person: 'Vera Castellanos', path: '/refused-reads' },
  { name: 'events', person: 'Vera Castellanos', path: '/events' },
  { name: 'operations', person: 'Olga Brennan', path: '/operations' },
  { name: 'portal', person: 'Dana Whitfield', path: '/portal' },
  { name: 'portal-partners', person: 'Dana Whitfield', path: '/portal/partners' },
  { name: 'portal-accesses', person: 'Dana Whitfield', path: '/portal/accesses' },
  { name: 'portal-answers', person: 'Dana Whitfield', path: '/portal/answers' },
  { name: 'portal-claim', person: 'Dana Whitfield', path: `/portal/claims/${claims.official}` },
  { name: 'missing', person: 'Ann Fletcher', path: '/no-such-page' },
];
