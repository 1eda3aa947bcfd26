import { expect } from 'chai';
import { personalPlaces } from '#libs/retention/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const of = (table: string, ...columns: string[]): string[] => columns.map((column) => `${table}.${column}`);

/** Columns that can hold text, and why they contain no personal data. */
const impersonal: Record<string, string[]> = {
  'ids that the identity provider gave: the subjects of who acted': [
    ...of('access_entries', 'subject'),
    ...of('calendars', 'published_by'),
    ...of('claim_commands', 'actor'),
    ...of('claim_events', 'by'),
    ...of('claim_imports', 'actor'),
    ...of('claims', 'barred_reviewers', 'reviewer'),
    ...of('contact_exports', 'exported_by'),
    ...of('erasure_reports', 'requested_by'),
    ...of('erasures', 'erased_by'),
    ...of('evidence_files', 'uploaded_by'),
    ...of('legal_hold_releases', 'released_by'),
    ...of('legal_holds', 'placed_by'),
    ...of('partner_subjects', 'subject'),
    ...of('policies', 'published_by'),
    ...of('policy_withdrawals', 'withdrawn_by'),
    ...of('session_ends', 'ended_by', 'subject'),
    ...of('sessions', 'issuer_subject', 'subject'),
    ...of('snapshot_entries', 'subject'),
    ...of('snapshots', 'made_by'),
    ...of('role_assignments', 'assigned_by', 'subject'),
    ...of('role_changes', 'changed_by', 'subject'),
    ...of('usage_imports', 'imported_by'),
    ...of('webhook_endpoints', 'created_by'),
    ...of('usage_refusals', 'subject'),
  ],
  'the record: ids, codes, and what a claim is called, in which an address is refused': [
    ...of('claim_commands', 'body', 'outcome'),
    ...of('claim_events', 'data'),
    ...of('claim_import_rows', 'changes', 'external_reference', 'findings', 'name'),
    ...of('claims', 'external_reference', 'name', 'position', 'state', 'tags', 'words'),
    ...of('directory_answers', 'facts'),
    ...of('erasure_reports', 'report'),
    ...of('known_words', 'word'),
    // The fields of the catalogue only: no contact, no file name, no text.
    ...of('snapshots', 'content'),
    ...of('letters', 'about'),
  ],
  'what a company says of its own systems, and changes or deletes itself': [
    ...of('webhook_endpoints', 'contact_email', 'description', 'url'),
  ],
  'events in ids, codes and instants, and what the receiver answered': [...of('webhook_deliveries', 'body', 'log')],
  'secrets, encrypted with a key that the database does not hold': [...of('webhook_endpoints', 'secrets')],
  'names of companies': [
    ...of('claims', 'customer_name'),
    ...of('directory_accounts', 'legal_name'),
    ...of('directory_locations', 'name'),
    ...of('directory_tenants', 'name'),
  ],
  'what the vendor publishes and counts': [
    ...of('calendars', 'body'),
    ...of('policies', 'body'),
    ...of('usage_imports', 'failure'),
    ...of('usage_rows', 'dimension', 'figures'),
  ],
  'tokens, encrypted with a key that the database does not hold, and deleted with their session': [...of('sessions', 'sealed_tokens')],
  digests: [
    ...of('access_entries', 'hash'),
    ...of('access_logs', 'last_hash'),
    ...of('checkpoints', 'digest', 'previous'),
    ...of('claim_commands', 'hash'),
    ...of('claim_events', 'hash'),
    ...of('claim_imports', 'fingerprint'),
    ...of('claims', 'folded', 'last_hash'),
    ...of('evidence_files', 'sha256'),
    ...of('feed_places', 'hash'),
    // The hash of a caller and a limit, kept for an hour or two windows.
    ...of('rate_limits', 'bucket'),
    ...of('sessions', 'token_hash'),
    ...of('snapshot_entries', 'hash'),
    ...of('snapshots', 'content_sha256', 'last_hash'),
    ...of('usage_imports', 'sha256'),
    ...of('used_logout_tokens', 'token_id'),
  ],
  'ids and codes': [
    ...of('access_entries', 'kind', 'partner_account_id', 'partner_id', 'set_name', 'target'),
    ...of('associations', 'activities', 'end_reason', 'partner_account_id', 'partner_id', 'target', 'tenant_id'),
    ...of('calendars', 'name'),
    ...of('claim_commands', 'type'),
    ...of('claim_count_changes', 'partner_account_id', 'partner_id', 'phase'),
    ...of('claim_counts', 'partner_account_id', 'partner_id', 'phase'),
    ...of('claim_events', 'type'),
    ...of('claim_import_rows', 'action', 'outcome'),
    ...of('claim_imports', 'kind', 'partner_account_id', 'scopes', 'state'),
    ...of('claim_lines', 'activities', 'phase', 'product', 'subscription_id', 'target'),
    ...of(
      'claims',
      'activities',
      'area',
      'domain',
      'due_clock',
      'number',
      'partner_account_id',
      'partner_id',
      'phase',
      'products',
      'reasons',
      'tenant_id',
    ),
    ...of('webhook_deliveries', 'state', 'type'),
    ...of('webhook_endpoints', 'disabled_because', 'format', 'locations', 'owner_id', 'owner_kind', 'types'),
    ...of('directory_enrolments', 'partner_id', 'programme', 'state'),
    ...of('directory_locations', 'partner_id', 'type'),
    ...of('directory_orders', 'order_id'),
    ...of('directory_subscriptions', 'channel', 'family', 'product', 'state'),
    ...of('directory_tenant_domains', 'domain'),
    ...of('directory_tenant_workloads', 'workload'),
    ...of('directory_tenants', 'country', 'language'),
    ...of('erasure_reports', 'kind'),
    ...of('erasures', 'cause'),
    ...of('evidence_files', 'media_type', 'scan_result'),
    ...of('letters', 'fault_code', 'kind', 'outcome', 'trouble'),
    ...of('notice_recipients', 'fault_code', 'kind', 'outcome', 'trouble'),
    ...of('partner_blocks', 'partner_account_id', 'tenant_id'),
    ...of('partner_subjects', 'partner_account_id'),
    ...of('personal_data', 'kind'),
    ...of('policies', 'name'),
    ...of('policy_withdrawals', 'name'),
    ...of('repairs', 'reason'),
    ...of('sessions', 'browser', 'issuer', 'issuer_session'),
    ...of('role_assignments', 'locations', 'partner_account_id', 'roles'),
    ...of('role_changes', 'from_locations', 'from_roles', 'partner_account_id', 'to_locations', 'to_roles'),
    ...of('snapshot_entries', 'kind'),
    ...of('snapshots', 'fields', 'side'),
    ...of('stuck_claims', 'fault', 'step'),
    ...of('usage_import_errors', 'code', 'column_name'),
    ...of('usage_imports', 'programme', 'set_name', 'state'),
    ...of('usage_refusals', 'code', 'partner_account_id', 'set_name'),
    ...of('usage_rows', 'set_name', 'target'),
  ],
};

describe('the places of personal data', () => {
  let database: TestDatabase;

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
  });

  after(() => database?.close());

  it('include every text column except those known to contain no personal data', async () => {
    const columns = await database.source.query<{ name: string }[]>(
      `SELECT table_name || '.' || column_name AS name FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
       WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND table_name <> 'migrations'
         AND (data_type IN ('text', 'jsonb', 'json', 'bytea', 'tsvector', 'character varying') OR udt_name IN ('_text', '_jsonb')) ORDER BY 1`,
    );
    const known = new Set([...personalPlaces.flatMap((place) => place.columns), ...Object.values(impersonal).flat()]);
    const there = columns.map(({ name }) => name);
    expect(
      there.filter((name) => !known.has(name)),
      'say of these whether words of people can stand in them: in personalPlaces, or above',
    ).to.deep.equal([]);
    expect([...known].filter((name) => !there.includes(name))).to.deep.equal([]);
  });
});
