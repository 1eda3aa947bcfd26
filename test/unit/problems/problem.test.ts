import { expect } from 'chai';
import { isProblemCode, Problem, type ProblemCode, problemCatalogue, toProblemJson } from '#libs/problems/index.js';

/** Every code of domain.md 6, row by row. */
const validationCodes = `
  tenant_id_invalid domain_invalid partner_id_invalid tenant_unknown
  tenant_domain_mismatch product_not_on_tenant subscription_other_tenant
  not_a_subscription_id subscription_wrong_family subscription_csp
  subscription_not_provisioned
  subscription_state
  subscription_already_claimed workload_already_claimed
  duplicate_own
  directory_record_unusable directory_record_faulty
  channel_not_allowed activity_not_in_area activity_combination
  location_not_enrolled
  location_wrong_type
  not_own_location
  agreement_inactive profile_incomplete
  claim_name_required acknowledgement_required contact_incomplete technical_contact_required
  contact_domain_mismatch evidence_mismatch
  subscription_required revenue_fields_required
  products_required too_many_products
  evidence_missing evidence_stale evidence_signed_in_future
  evidence_type evidence_too_large evidence_infected
  late_claim claim_cooldown partner_blocked
  not_editable_in_state field_locked dispute_window_closed dispute_already_used
  dispute_not_allowed dispute_statement_required disassociation_reason_required
  self_review_forbidden decision_record_required version_conflict idempotency_conflict
`
  .trim()
  .split(/\s+/);

const requestStatuses: Partial<Record<ProblemCode, number>> = {
  malformed_body: 400,
  malformed_request: 400,
  idempotency_key_required: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  sandbox_only: 404,
  claim_not_yet_made: 404,
  method_not_allowed: 405,
  not_acceptable: 406,
  request_timeout: 408,
  version_conflict: 412,
  payload_too_large: 413,
  unsupported_media_type: 415,
  invalid_request: 422,
  idempotency_conflict: 422,
  precondition_required: 428,
  too_many_requests: 429,
  headers_too_large: 431,
  internal_error: 500,
  service_unavailable: 503,
};

describe('the problem catalogue', () => {
  for (const code of validationCodes) {
    it(`contains ${code}`, () => expect(isProblemCode(code)).to.equal(true));
  }

  it('maps each request code to its HTTP status', () => {
    const statuses = Object.keys(requestStatuses).map((code) => [code, problemCatalogue[code as ProblemCode].status]);
    expect(Object.fromEntries(statuses)).to.deep.equal(requestStatuses);
  });

  it('marks the findings that do not block a claim as warnings or holds', () => {
    const of = (severity: string) =>
      Object.entries(problemCatalogue).flatMap(([code, entry]) => (entry.severity === severity ? [code] : []));
    expect(of('warning')).to.have.members([
      'subscription_already_claimed',
      'workload_already_claimed',
      'location_wrong_type',
      'directory_record_faulty',
    ]);
    expect(of('hold')).to.have.members(['contact_domain_mismatch', 'evidence_mismatch']);
  });

  for (const [code, { status, kind, title, cause, remedy }] of Object.entries(problemCatalogue)) {
    it(`gives ${code} a title, a cause and a remedy`, () => {
      expect(code).to.match(/^[a-z]+(_[a-z]+)*$/);
      expect(title).to.match(/^[A-Z].*[^.]$/);
      expect(title.split(' ').length, 'words in the title').to.be.within(2, 7);
      expect(cause).to.match(/^[A-Z].{20,}\.$/);
      expect(remedy).to.match(/^[A-Z].{15,}\.$/);
      expect(status >= 500, '5xx if and only if the server is at fault').to.equal(kind === 'fault');
    });
  }

  it('does not mistake an inherited property for a code', () => {
    expect(isProblemCode('constructor')).to.equal(false);
  });
});

describe('a problem', () => {
  it('serialises to RFC 9457 with a code, a remedy and a request ID', () => {
    const errors = [{ field: 'signedOn', code: 'evidence_stale', message: 'Signed on 2025-01-02.', line: 1 }];
    const problem = new Problem('claim_refused', { detail: 'One rule failed.', errors, members: { phase: 'draft' } });
    const body = toProblemJson(problem, '/v1/claims/1/submissions', 'req-1');
    expect(body).to.deep.equal({
      type: '/problems/claim_refused',
      title: 'Claim breaks several rules',
      status: 409,
      code: 'claim_refused',
      detail: 'One rule failed.',
      remedy: 'Correct every entry of "errors" and send the request again with a new Idempotency-Key. The claim is unchanged.',
      instance: '/v1/claims/1/submissions',
      requestId: 'req-1',
      errors,
      phase: 'draft',
    });
    expect(Object.keys(body)[0]).to.equal('type');
  });

  it("falls back to the catalogue's cause as detail", () => {
    const body = toProblemJson(new Problem('not_found'), '/v1/claims/1', 'r');
    expect(body.detail).to.equal(problemCatalogue.not_found.cause);
    expect(body).not.to.have.property('errors');
  });

  it('keeps its standard members when extension members have the same names', () => {
    const body = toProblemJson(new Problem('not_found', { members: { status: 200, code: 'ok' } }), '/', 'r');
    expect([body.status, body.code]).to.deep.equal([404, 'not_found']);
  });
});
