import type { Permission } from '../session/index.js';

/** What the navigation offers, in this order, to those whose roles grant the permission. */
export const sections = [
  { path: 'portal', text: 'portal', permission: 'associations.refuse' },
  { path: 'reviews', text: 'reviews', permission: 'reviews.decide' },
  { path: 'claims', text: 'claims', permission: 'claims.read' },
  { path: 'imports', text: 'imports', permission: 'claims.create' },
  { path: 'associations', text: 'associations', permission: 'associations.read' },
  { path: 'usage', text: 'usage', permission: 'usage.read' },
  { path: 'members', text: 'members', permission: 'accounts.assign' },
  { path: 'programmes', text: 'programmes', permission: 'catalogue.write' },
  { path: 'calendars', text: 'calendars', permission: 'calendars.write' },
  { path: 'usage-imports', text: 'usageImports', permission: 'usage.write' },
  { path: 'breaches', text: 'breaches', permission: 'reports.breaches' },
  { path: 'refused-reads', text: 'refusedReads', permission: 'usage.refusals' },
  { path: 'repairs', text: 'repairs', permission: 'reports.repairs' },
  { path: 'events', text: 'events', permission: 'events.read' },
  { path: 'webhooks', text: 'webhooks', permission: 'webhooks.manage' },
  { path: 'operations', text: 'operations', permission: 'reports.operations' },
] as const satisfies { path: string; text: string; permission: Permission }[];
