import type { RouteObject } from 'react-router';
import { SignedInPage } from './session/index.js';
import { CrashPage, HomePage, MissingPage } from './shell/index.js';

/** A page whose code is loaded when it is first opened. Its module exports `Component`. */
type Page = Promise<{ Component: React.ComponentType }>;
const page = (path: string, load: () => Page): RouteObject => ({ path, lazy: load });

/** Pages that stand alone: no session, no navigation. */
export const standaloneRoutes: RouteObject[] = [{ path: 'signed-in', element: <SignedInPage /> }];

/** Pages within the shell. The paths are part of the product: people share and bookmark them. */
export const pageRoutes: RouteObject[] = [
  { index: true, element: <HomePage /> },
  page('associations', () => import('./associations/associations.page.js')),
  page('breaches', () => import('./breaches/breaches.page.js')),
  page('calendars', () => import('./calendars/calendars.page.js')),
  page('calendars/:name', () => import('./calendars/calendar.page.js')),
  page('claims', () => import('./claims-list/claims-list.page.js')),
  page('claims/:claimId', () => import('./claim/claim.page.js')),
  page('claims/:claimId/answer', () => import('./claim-actions/answer.page.js')),
  page('claims/:claimId/change', () => import('./claim-actions/change.page.js')),
  page('claims/:claimId/edit', () => import('./new-claim/new-claim.page.js')),
  page('claims/new', () => import('./new-claim/new-claim.page.js')),
  page('events', () => import('./events/events.page.js')),
  page('imports', () => import('./imports/imports.page.js')),
  page('imports/changes', () => import('./imports/changes.page.js')),
  page('imports/changes/:updateId', () => import('./imports/change.page.js')),
  page('imports/:importId', () => import('./imports/import.page.js')),
  page('members', () => import('./members/members.page.js')),
  page('operations', () => import('./operations/operations.page.js')),
  page('portal', () => import('./portal/waiting.page.js')),
  page('portal/accesses', () => import('./portal/accesses.page.js')),
  page('portal/answers', () => import('./portal/answers.page.js')),
  page('portal/claims/:claimId', () => import('./portal/claim-history.page.js')),
  page('portal/partners', () => import('./portal/partners.page.js')),
  page('programmes', () => import('./programmes/programmes.page.js')),
  page('programmes/:name', () => import('./programmes/programme.page.js')),
  page('refused-reads', () => import('./refused-reads/refused-reads.page.js')),
  page('repairs', () => import('./repairs/repairs.page.js')),
  page('reviews', () => import('./reviews/queue/queue.page.js')),
  page('reviews/:claimId', () => import('./reviews/review/review.page.js')),
  page('reviews/:claimId/rivals', () => import('./reviews/rivals/rivals.page.js')),
  page('sessions', () => import('./sessions/sessions.page.js')),
  page('usage', () => import('./usage/usage.page.js')),
  page('usage-imports', () => import('./usage-imports/usage-imports.page.js')),
  page('webhooks', () => import('./webhooks/webhooks.page.js')),
  page('webhooks/:endpointId', () => import('./webhooks/endpoint.page.js')),
  page('webhooks/:endpointId/deliveries/:deliveryId', () => import('./webhooks/delivery.page.js')),
  { path: '*', element: <MissingPage /> },
].map((route) => ({ ...route, errorElement: <CrashPage /> }));
