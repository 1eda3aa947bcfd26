/**
 * Where the client offers an operation, as `resource.method`. Those that are not listed are offered under their own id: `claims_get` as `claims.get`.
 * @type {Record<string, string>}
 */
const names = {
  acceptances_accept: 'claims.accept',
  accesses_export: 'tenants.exportAccesses',
  accesses_list: 'tenants.accesses',
  answers_list: 'tenants.answers',
  associationChanges_check: 'associations.check',
  associationChanges_disassociate: 'associations.disassociate',
  associationChanges_revoke: 'associations.revoke',
  associationChanges_transfer: 'associations.transfer',
  associations_listOfTenant: 'tenants.associations',
  blocks_block: 'tenants.block',
  blocks_lift: 'tenants.liftBlock',
  blocks_list: 'tenants.blocks',
  breaches_list: 'reports.breaches',
  calendarCoverage_report: 'reports.calendarCoverage',
  choices_choose: 'tenants.choose',
  choices_list: 'tenants.choices',
  claimLists_count: 'claims.count',
  claimLists_export: 'claims.export',
  claimLists_list: 'claims.list',
  claimLists_overview: 'claims.overview',
  comments_comment: 'claims.comment',
  contactExports_export: 'contacts.export',
  deadlines_get: 'claims.deadlines',
  deliveries_list: 'reports.deliveries',
  evidence_content: 'evidence.download',
  extensions_extend: 'reviews.extendDeadline',
  imports_csv: 'imports.rowsAsCsv',
  notices_bounce: 'notices.reportBounce',
  optOuts_optOut: 'claims.optOut',
  oversight_list: 'operations.pending',
  oversight_report: 'reports.waiting',
  pendingClaims_list: 'tenants.pendingClaims',
  previews_preview: 'reviews.previewDecision',
  process_get: 'claims.process',
  refusals_list: 'usage.refusals',
  repairs_list: 'reports.repairs',
  resentNotices_resend: 'notices.resend',
  reviews_ask: 'reviews.requestInformation',
  rivals_ask: 'rivals.askCustomer',
  sandbox_load: 'sandbox.loadSampleData',
  submissions_answer: 'claims.answer',
  submissions_submit: 'claims.submit',
  submissions_withdraw: 'claims.withdraw',
  submittedVersions_get: 'submissions.get',
  submittedVersions_list: 'submissions.list',
  usageImports_find: 'usageImports.get',
  usageImports_import: 'usageImports.create',
};

/** Operations of pages in a browser: sessions by cookie, and streams of server-sent events. */
const leftOut = ['changes_watchClaim', 'changes_watchScope', 'session_read', 'session_signOut'];

/**
 * Returns the resource and the method that offer an operation, or undefined if the client leaves it out.
 * @param {string} operationId
 */
export function placeOf(operationId) {
  if (leftOut.includes(operationId)) return undefined;
  const [resource = '', method = ''] = (names[operationId] ?? operationId.replace('_', '.')).split('.');
  return { resource, method };
}

/** The ids that this file mentions, so that none outlives its operation. */
export const mentioned = [...Object.keys(names), ...leftOut];
