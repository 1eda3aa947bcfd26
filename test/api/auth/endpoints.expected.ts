import { randomUUID } from 'node:crypto';
import type { Role } from '#libs/auth/index.js';
import { sampleCalendars } from '#libs/calendar/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { completeClaim, somePdf } from '../../support/api.js';
import { evergreen, northwind } from '../../support/sample-directory.js';

/** How one endpoint answers each kind of caller. Temporal is down, so commands of submitted claims are accepted but not executed. */
export interface Endpoint {
  right: { role: Role; status: number };
  /** A role that is refused; absent for endpoints open to every token. */
  wrong?: Role;
  /** Whether callers with the right role but another scope get 404. */
  isScoped?: boolean;
  body?: () => unknown;
  ifMatch?: boolean;
  /** Whether the claim's customer must have been notified. */
  isNotified?: boolean;
  /** The query string, such as `?set=seats`. */
  query?: string;
  headers?: Record<string, string>;
}

export const unitedStates = sampleCalendars.find(({ name }) => name === 'us-federal')!;

const pdfForm = (): FormData => {
  const form = new FormData();
  form.set('signedOn', '2026-01-15');
  form.set('file', new Blob([new Uint8Array(somePdf())], { type: 'application/pdf' }), 'statement.pdf');
  return form;
};

const partner = (status: number, more: Partial<Endpoint> = {}): Endpoint => ({
  right: { role: 'claim_user', status },
  wrong: 'operator',
  isScoped: true,
  ...more,
});
const webhooks = (status: number, more: Partial<Endpoint> = {}): Endpoint => ({
  right: { role: 'claim_admin', status },
  wrong: 'claim_user',
  isScoped: true,
  ...more,
});
const reviewer = (body: unknown, more: Partial<Endpoint> = {}): Endpoint => ({
  right: { role: 'reviewer', status: 202 },
  wrong: 'claim_admin',
  body: () => body,
  ...more,
});
const vendorAdmin = (status: number, body?: unknown): Endpoint => ({
  right: { role: 'vendor_admin', status },
  wrong: 'reviewer',
  ...(body !== undefined && { body: () => body }),
});
const usage = (query: string, more: Partial<Endpoint> = {}): Endpoint => ({
  right: { role: 'usage_viewer', status: 200 },
  wrong: 'claim_admin',
  query,
  ...more,
});
const tenant = (status: number, body?: () => unknown): Endpoint => ({
  right: { role: 'tenant_admin', status },
  wrong: 'claim_admin',
  isScoped: true,
  isNotified: true,
  ...(body && { body }),
});
const everyone = (status = 200): Endpoint => ({ right: { role: 'usage_viewer', status } });

export const endpoints: Record<string, Endpoint | 'public'> = {
  'GET /.well-known/oauth-protected-resource': 'public',
  'GET /livez': 'public',
  'GET /readyz': 'public',
  'GET /problems': 'public',
  'GET /problems/{code}': 'public',
  'GET /session': 'public',
  'POST /sign-out': 'public',
  'GET /v1/sessions': everyone(),
  // Nobody has signed in with a browser here.
  'DELETE /v1/sessions/{sessionId}': everyone(404),
  'POST /v1/sessions/ends': { right: { role: 'operator', status: 201 }, wrong: 'vendor_admin', body: () => ({ subject: 'somebody' }) },
  'POST /v1/claims': partner(201, { wrong: 'reviewer', isScoped: false, body: () => completeClaim() }),
  'GET /v1/claims': partner(200, { isScoped: false }),
  'GET /v1/eligibility': partner(200, {
    wrong: 'reviewer',
    isScoped: false,
    query: `?programme=sample&partnerId=1240371&tenantId=${northwind.tenantId}`,
  }),
  'GET /v1/claims/count': partner(200, { isScoped: false }),
  'GET /v1/claims/summary': partner(200, { isScoped: false }),
  'GET /v1/claims/export': partner(200, { isScoped: false, query: '?format=json' }),
  // No claim has been submitted yet.
  'POST /v1/review-queue/next': reviewer({}, { right: { role: 'reviewer', status: 204 } }),
  'GET /v1/review-queue': { right: { role: 'reviewer', status: 200 }, wrong: 'vendor_admin' },
  'GET /v1/associations': { right: { role: 'vendor_support', status: 200 }, wrong: 'usage_viewer' },
  'GET /v1/associations/{associationId}': partner(200),
  'GET /v1/tenants/{tenantId}/associations': { right: { role: 'tenant_admin', status: 200 }, wrong: 'operator', isScoped: true },
  'POST /v1/claims/imports': partner(202, {
    wrong: 'reviewer',
    isScoped: false,
    body: () => completeClaim(),
    headers: { 'content-type': 'application/x-ndjson' },
  }),
  'GET /v1/claims/imports': partner(200, { wrong: 'reviewer', isScoped: false }),
  'GET /v1/claims/imports/columns': partner(200, { wrong: 'reviewer', isScoped: false }),
  'GET /v1/claims/imports/{importId}': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/imports/{importId}/rows': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/imports/{importId}/rows.csv': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/imports/{importId}/pause': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/imports/{importId}/resume': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/imports/{importId}/cancel': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/updates': partner(202, {
    wrong: 'reviewer',
    isScoped: false,
    body: () => ({ number: 'CLM-000001', tags: ['q4'] }),
    headers: { 'content-type': 'application/x-ndjson' },
  }),
  'GET /v1/claims/updates': partner(200, { wrong: 'reviewer', isScoped: false }),
  'GET /v1/claims/updates/columns': partner(200, { wrong: 'reviewer', isScoped: false }),
  'GET /v1/claims/updates/{updateId}': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/updates/{updateId}/rows': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/updates/{updateId}/rows.csv': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/updates/{updateId}/pause': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/updates/{updateId}/resume': partner(200, { wrong: 'reviewer' }),
  'POST /v1/claims/updates/{updateId}/cancel': partner(200, { wrong: 'reviewer' }),
  'GET /v1/claims/{claimId}': partner(200),
  'PATCH /v1/claims/{claimId}': partner(200, { wrong: 'reviewer', body: () => ({ name: 'Another name' }), ifMatch: true }),
  'DELETE /v1/claims/{claimId}': partner(200, { wrong: 'reviewer' }),
  // A stream never ends, so another media type is asked for.
  'GET /v1/claims/{claimId}/changes': partner(406, { wrong: 'tenant_admin', headers: { accept: 'application/json' } }),
  'GET /v1/changes': partner(406, { isScoped: false, headers: { accept: 'application/json' } }),
  'GET /v1/claims/{claimId}/deadlines': partner(200, { wrong: 'tenant_admin' }),
  'GET /v1/claims/{claimId}/history': partner(200),
  'GET /v1/claims/{claimId}/process': partner(503, { wrong: 'tenant_admin' }),
  'POST /v1/claims/{claimId}/evidence': partner(201, { wrong: 'reviewer', body: pdfForm }),
  'GET /v1/claims/{claimId}/evidence': partner(200, { wrong: 'vendor_support' }),
  'GET /v1/claims/{claimId}/evidence/{evidenceId}/content': partner(200, { wrong: 'vendor_admin' }),
  'POST /v1/claims/{claimId}/signatures': partner(201, {
    wrong: 'reviewer',
    body: () => ({ signatory: { name: 'Alex Carter', email: 'alex.carter@northwind-traders.example' } }),
  }),
  'GET /v1/claims/{claimId}/signatures': partner(200, { wrong: 'vendor_support' }),
  'GET /v1/claims/{claimId}/signatures/{signatureId}': partner(404, { wrong: 'vendor_support' }),
  'DELETE /v1/claims/{claimId}/signatures/{signatureId}': partner(409, { wrong: 'reviewer' }),
  'GET /v1/claims/{claimId}/signatures/{signatureId}/receipt': partner(404, { wrong: 'vendor_admin' }),
  'GET /v1/claims/{claimId}/signatures/{signatureId}/receipt.pdf': partner(404, { wrong: 'vendor_admin' }),
  'POST /v1/claims/{claimId}/submissions': partner(202, { wrong: 'reviewer', body: () => ({}) }),
  'POST /v1/claims/{claimId}/answers': partner(202, { wrong: 'reviewer', body: () => ({ comment: 'Here it is.' }) }),
  'POST /v1/claims/{claimId}/withdrawals': partner(202, { wrong: 'reviewer', body: () => ({}) }),
  'POST /v1/claims/{claimId}/comments': partner(200, { wrong: 'vendor_admin', body: () => ({ text: 'A word.' }) }),
  'POST /v1/claims/{claimId}/disputes': {
    right: { role: 'claim_admin', status: 202 },
    wrong: 'claim_user',
    isScoped: true,
    body: () => ({ statement: 'The evidence is complete.' }),
  },
  'POST /v1/claims/{claimId}/reviews': reviewer({}),
  'POST /v1/claims/{claimId}/information-requests': reviewer({ reasons: ['evidence_all_missing'] }),
  'POST /v1/claims/{claimId}/decisions': reviewer({ outcome: 'approve' }, { ifMatch: true }),
  // A draft cannot be decided, and here the command is executed: for nothing.
  'POST /v1/claims/{claimId}/decision-previews': reviewer({ outcome: 'approve' }, { right: { role: 'reviewer', status: 409 } }),
  'POST /v1/claims/{claimId}/hold-clearances': reviewer({}, { ifMatch: true }),
  'POST /v1/claims/{claimId}/dispute-decisions': reviewer({ outcome: 'final' }, { ifMatch: true }),
  'POST /v1/claims/{claimId}/disassociations': {
    right: { role: 'claim_admin', status: 202 },
    wrong: 'claim_user',
    isScoped: true,
    body: () => ({ reason: 'We work there no longer.' }),
  },
  'POST /v1/claims/{claimId}/revocations': {
    right: { role: 'vendor_admin', status: 202 },
    wrong: 'claim_admin',
    body: () => ({ reason: 'Against the terms.' }),
  },
  'POST /v1/claims/{claimId}/transfers': {
    right: { role: 'claim_admin', status: 202 },
    wrong: 'claim_user',
    isScoped: true,
    body: () => ({ partnerId: '1240388' }),
  },
  'POST /v1/claims/{claimId}/association-checks': { right: { role: 'operator', status: 202 }, wrong: 'claim_admin', body: () => ({}) },
  'GET /v1/targets/{target}/history': partner(200, { isScoped: false, wrong: 'usage_viewer' }),
  'GET /v1/events': { right: { role: 'vendor_admin', status: 200 }, wrong: 'usage_viewer' },
  'POST /v1/claims/{claimId}/opt-outs': tenant(202, () => ({})),
  'GET /v1/claims/{claimId}/submissions': partner(200),
  // A draft has no submitted versions.
  'GET /v1/claims/{claimId}/submissions/{submission}': partner(404),
  'POST /v1/claims/{claimId}/submissions/{submission}/snapshots': partner(404, { body: () => ({ fields: ['lines'] }) }),
  'GET /v1/claims/{claimId}/snapshots': partner(200),
  'GET /v1/claims/{claimId}/snapshots/{snapshotId}': partner(404),
  'GET /v1/claims/{claimId}/snapshots/{snapshotId}/openings': partner(404),
  'POST /v1/claims/{claimId}/snapshots/{snapshotId}/revoke': partner(404, { wrong: 'vendor_support', body: () => ({}) }),
  'POST /v1/claims/{claimId}/deadline-extensions': reviewer({ clock: 'partner_answer', comment: 'They are on holiday.' }),
  'POST /v1/claims/{claimId}/notices': partner(202, { wrong: 'tenant_admin', body: () => ({}) }),
  'GET /v1/claims/{claimId}/rivals': { right: { role: 'reviewer', status: 200 }, wrong: 'claim_admin' },
  'POST /v1/claims/{claimId}/choices': reviewer({ line: 1 }),
  'POST /v1/claims/{claimId}/rival-decisions': reviewer(
    { line: 1, winner: randomUUID(), step: 'holder', comment: 'The holder stays.' },
    { ifMatch: true },
  ),
  'POST /v1/claims/{claimId}/acceptances': tenant(202, () => ({})),
  'POST /v1/claims/{claimId}/choices/{choiceId}/answers': tenant(202, () => ({ claimId: randomUUID() })),
  'GET /v1/tenants/{tenantId}/blocks': tenant(200),
  'POST /v1/tenants/{tenantId}/blocks': tenant(202, () => ({ partnerAccountId: evergreen.accountId })),
  'DELETE /v1/tenants/{tenantId}/blocks/{blockId}': tenant(202),
  'GET /v1/tenants/{tenantId}/answers': tenant(200),
  'GET /v1/tenants/{tenantId}/choices': tenant(200),
  'GET /v1/tenants/{tenantId}/pending-claims': tenant(200),
  'GET /v1/reports/breaches': { right: { role: 'vendor_admin', status: 200 }, wrong: 'claim_admin' },
  'GET /v1/reports/waiting': { right: { role: 'operator', status: 200 }, wrong: 'reviewer' },
  'GET /v1/operations/pending': { right: { role: 'operator', status: 200 }, wrong: 'reviewer' },
  'GET /v1/deliveries': { right: { role: 'operator', status: 200 }, wrong: 'reviewer' },
  'GET /v1/reports/repairs': { right: { role: 'operator', status: 200 }, wrong: 'reviewer' },
  'GET /v1/reports/calendar-coverage': { right: { role: 'operator', status: 200 }, wrong: 'claim_admin' },
  'POST /v1/notices/{noticeId}/bounces': {
    right: { role: 'operator', status: 202 },
    wrong: 'reviewer',
    body: () => ({ recipientId: randomUUID() }),
  },
  'POST /v1/claims/{claimId}/legal-holds': vendorAdmin(201, { reason: 'Litigation.' }),
  'GET /v1/claims/{claimId}/legal-holds': vendorAdmin(200),
  'POST /v1/claims/{claimId}/legal-holds/{holdId}/releases': vendorAdmin(201, { reason: 'Settled.' }),
  'POST /v1/contact-exports': vendorAdmin(200, { email: 'alex.carter@northwind-traders.example' }),
  'GET /v1/operations/{operationId}': { ...everyone(), right: { role: 'claim_user', status: 200 }, isScoped: true },
  'GET /v1/programmes': everyone(),
  'GET /v1/programmes/{name}': everyone(),
  'GET /v1/programmes/schema': everyone(),
  'PUT /v1/programmes/{name}': { right: { role: 'vendor_admin', status: 200 }, wrong: 'reviewer', body: () => samplePolicy },
  'GET /v1/programmes/{name}/versions': everyone(),
  'GET /v1/programmes/{name}/versions/{version}': everyone(),
  // The only version is in force, so it cannot be withdrawn.
  'DELETE /v1/programmes/{name}/versions/{version}': { right: { role: 'vendor_admin', status: 409 }, wrong: 'reviewer' },
  'GET /v1/calendars': everyone(),
  'PUT /v1/calendars/{name}': {
    right: { role: 'vendor_admin', status: 200 },
    wrong: 'reviewer',
    body: () => ({ ...unitedStates, effectiveFrom: unitedStates.coversFrom }),
  },
  'GET /v1/calendars/{name}/versions': everyone(),
  'GET /v1/calendars/{name}/versions/{version}': everyone(),
  'GET /v1/associations/{associationId}/usage': usage('?set=workload_usage', { isScoped: true }),
  'GET /v1/usage': usage('?set=workload_usage'),
  'GET /v1/usage/export': usage('?set=workload_usage'),
  'GET /v1/usage/aggregates': usage('?set=workload_usage'),
  'GET /v1/usage/series': usage('?set=workload_usage&measure=MonthlyActiveUsers'),
  'GET /v1/usage/exports': usage(''),
  'GET /v1/usage/sets': everyone(),
  'POST /v1/webhook-endpoints': {
    right: { role: 'claim_admin', status: 201 },
    wrong: 'claim_user',
    body: () => ({ url: 'https://partner.example/hooks' }),
  },
  'GET /v1/webhook-endpoints': { right: { role: 'account_admin', status: 200 }, wrong: 'usage_viewer' },
  'GET /v1/webhook-endpoints/{endpointId}': webhooks(200),
  'PATCH /v1/webhook-endpoints/{endpointId}': webhooks(200, { ifMatch: true, body: () => ({ description: 'Ours' }) }),
  'DELETE /v1/webhook-endpoints/{endpointId}': webhooks(204),
  'POST /v1/webhook-endpoints/{endpointId}/secrets': webhooks(201, { body: () => ({}) }),
  'POST /v1/webhook-endpoints/{endpointId}/disable': webhooks(200),
  'POST /v1/webhook-endpoints/{endpointId}/enable': webhooks(200, { body: () => ({}) }),
  'POST /v1/webhook-endpoints/{endpointId}/test-events': webhooks(202),
  'GET /v1/webhook-endpoints/{endpointId}/deliveries': webhooks(200),
  'GET /v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}': webhooks(200),
  'POST /v1/webhook-endpoints/{endpointId}/deliveries/{deliveryId}/retry': webhooks(202),
  'POST /v1/webhook-endpoints/{endpointId}/replays': webhooks(202, {
    body: () => ({ since: '2026-01-01T00:00:00Z', deliveries: 'all' }),
  }),
  'GET /v1/usage/refusals': { right: { role: 'operator', status: 200 }, wrong: 'usage_executive' },
  'POST /v1/usage/imports': {
    right: { role: 'vendor_admin', status: 201 },
    wrong: 'reviewer',
    query: '?set=workload_usage',
    body: () => 'CustomerTenantId,WorkloadName,MonthlyActiveUsers,PaidAvailableUnits,Date\n',
    headers: { 'content-type': 'text/csv' },
  },
  'GET /v1/usage/imports/{importId}': { right: { role: 'operator', status: 200 }, wrong: 'usage_executive' },
  'GET /v1/usage/imports/{importId}/errors': { right: { role: 'operator', status: 200 }, wrong: 'usage_executive' },
  'GET /v1/tenants/{tenantId}/accesses': { right: { role: 'tenant_admin', status: 200 }, wrong: 'usage_viewer', isScoped: true },
  'GET /v1/tenants/{tenantId}/accesses/export': {
    right: { role: 'tenant_admin', status: 200 },
    wrong: 'usage_viewer',
    isScoped: true,
    query: '?format=csv',
  },
  'GET /v1/members': { right: { role: 'account_admin', status: 200 }, wrong: 'claim_admin' },
  'GET /v1/members/changes': { right: { role: 'account_admin', status: 200 }, wrong: 'reviewer' },
  'PUT /v1/members/{subject}': {
    right: { role: 'account_admin', status: 200 },
    wrong: 'claim_admin',
    ifMatch: true,
    body: () => ({ roles: ['claim_user'], locations: ['*'] }),
  },
  'DELETE /v1/members/{subject}': { right: { role: 'account_admin', status: 204 }, wrong: 'claim_admin', ifMatch: true, isScoped: true },
  'GET /v1/me': everyone(),
  'GET /v1/sandbox/clock': everyone(),
  'POST /v1/sandbox/clock/advances': { right: { role: 'operator', status: 200 }, wrong: 'claim_user', body: () => ({ by: 'PT1S' }) },
  'POST /v1/sandbox/sample-data': { right: { role: 'operator', status: 200 }, wrong: 'claim_user', body: () => ({}) },
};
