import { group } from './definition.js';

/** Commands that the state of a claim, or the caller's part in it, does not allow: thrown by `refuse` in libs/claims/rules. */
export const commandProblems = {
  ...group(
    { status: 409, kind: 'refusal' },
    {
      not_in_phase: {
        title: 'Not allowed in this phase',
        cause: 'The claim or line is in a phase that does not allow this action; "phase" names it.',
        remedy: 'Read the claim with GET /v1/claims/{claimId}; "allowedActions" lists what you can do now.',
      },
      claim_exists: {
        title: 'Claim already exists',
        cause: 'A claim with this ID has already been created.',
        remedy: 'Read the existing claim, or create another one with a new Idempotency-Key.',
      },
      line_unknown: {
        title: 'Line not found',
        cause: 'The claim has no line with this number.',
        remedy: 'Use a number from "lines" of the claim, or leave "lines" out to select all of them.',
      },
      evidence_unknown: {
        title: 'Evidence not found',
        cause: 'The claim has no evidence with this ID.',
        remedy: 'Upload the file with POST /v1/claims/{claimId}/evidence, then use the "evidenceId" that it returns.',
      },
      signature_unknown: {
        title: 'Signature request not found',
        cause: 'The claim has no signature request with this ID.',
        remedy: 'Use a "signatureId" from GET /v1/claims/{claimId}/signatures.',
      },
      signature_open: {
        title: 'A signature request is open',
        cause: 'The customer has already been asked to sign the statement of work of this claim, and has not answered yet.',
        remedy: 'Wait for the answer, or cancel the open request with DELETE /v1/claims/{claimId}/signatures/{signatureId} and ask again.',
      },
      signature_closed: {
        title: 'Signature request is closed',
        cause: 'The request was signed, declined, canceled or has expired, or its claim is over.',
        remedy: 'Read GET /v1/claims/{claimId}/signatures. If a signature is still needed, ask again.',
      },
      statement_template_missing: {
        title: 'No statement of work in this language',
        cause: 'The programme has no statement of work for customers to sign in cpor, or none in the requested language.',
        remedy: 'Ask in a language that "statementOfWork" of the programme has, or upload a statement that was signed elsewhere.',
      },
      signatory_domain_mismatch: {
        title: "Signatory is outside the customer's domains",
        cause:
          "The signatory's e-mail domain is not a verified domain of the customer's tenant, or, when forwarding, not that of the addressee.",
        remedy: "Name a person with an address in one of the customer's own domains.",
      },
      signature_code_too_soon: {
        title: 'A code was just sent',
        cause: 'The last code was sent less than a minute ago.',
        remedy: 'Wait for that mail, or ask for another code in a minute.',
      },
      signature_codes_used_up: {
        title: 'No more codes for this request',
        cause: 'As many codes were sent for this request as one request may have.',
        remedy: 'Ask the partner to cancel the request and to send a new one.',
      },
      signature_code_expired: {
        title: 'Code has expired',
        cause: 'The code is older than fifteen minutes, or a newer one has replaced it.',
        remedy: 'Ask for a new code and use it right away.',
      },
      notice_unknown: {
        title: 'Notice not found',
        cause: 'The claim has no notice with this ID.',
        remedy: 'Use a "noticeId" from "notices" of the claim.',
      },
      recipient_unknown: {
        title: 'Recipient not found',
        cause: 'The notice was not sent to a recipient with this ID.',
        remedy: 'Use a "recipientId" of this notice, as "notices" of the claim lists them.',
      },
      customer_not_told: {
        title: 'Customer not notified yet',
        cause: 'The customer has not been notified of this claim, so it cannot accept or refuse it, or block its partner, yet.',
        remedy: 'Wait until the notice has been sent; "notices" of the claim shows its state.',
      },
      nothing_to_decline: {
        title: 'Nothing left to refuse',
        cause: 'The claim has no open or official line any more.',
        remedy: 'No action is needed. GET /v1/claims/{claimId}/history shows how each line ended.',
      },
      nothing_held: {
        title: 'No line is held',
        cause: 'No line of the claim is waiting for a reviewer to clear it.',
        remedy: 'Read the claim; "holds" of each line and "findings" show what is held.',
      },
      hold_not_cleared: {
        title: 'Claim has an open hold',
        cause: 'A finding on this claim needs a reviewer before the claim can continue.',
        remedy: 'Check the finding that "detail" describes, then list its code in "clearedHolds", or have its cause corrected.',
      },
      reason_unknown: {
        title: 'Unknown reason code',
        cause: 'The programme does not define this reason code for this action.',
        remedy: 'Use one of the codes listed in "detail".',
      },
      reason_required: {
        title: 'Reason code is missing',
        cause: 'This action needs at least one reason code of the programme.',
        remedy: 'Add the codes that apply to "reasons"; the partner will read their texts.',
      },
      answer_required: {
        title: 'Nothing new to resubmit',
        cause: 'No evidence was added and no field was changed after the reviewer asked for information; a comment alone does not count.',
        remedy:
          'Upload evidence with POST /v1/claims/{claimId}/evidence or change the claim with PATCH /v1/claims/{claimId}, then resubmit.',
      },
      already_extended: {
        title: 'Deadline already extended',
        cause: 'This deadline can be extended only once per information request.',
        remedy: 'Wait for the deadline in "deadlines" of the claim, or ask for information again after it.',
      },
      clock_not_running: {
        title: 'Clock is not running',
        cause: 'The clock is not running for any of the selected lines, so there is no deadline to extend.',
        remedy: 'Choose a clock from "deadlines" of the claim, which also names the lines it runs for.',
      },
      notice_not_failed: {
        title: 'No failed notice to resend',
        cause: 'The customer has been notified of every selected line, or the mail is still on its way.',
        remedy: 'No action is needed. To inform more people, the customer can forward its mail.',
      },
      evidence_superseded: {
        title: 'Evidence already superseded',
        cause: 'Another file of the claim has already replaced this evidence.',
        remedy: 'Set "supersedes" to the file named in "detail", or leave it out.',
      },
      nothing_to_accept: {
        title: 'Nothing left to accept',
        cause: 'None of the selected lines is waiting for the customer.',
        remedy: 'No action is needed. GET /v1/claims/{claimId}/history shows what happened to each line.',
      },
      nothing_blocked: {
        title: 'No block to lift',
        cause: 'The customer did not block the partner with this claim, or has already lifted the block.',
        remedy: 'List the current blocks with GET /v1/tenants/{tenantId}/blocks.',
      },
      choice_unknown: {
        title: 'Choice not found',
        cause: 'The customer was never asked to make this choice.',
        remedy: 'Use a "choiceId" from GET /v1/tenants/{tenantId}/choices.',
      },
      candidate_unknown: {
        title: 'Claim is not a candidate',
        cause: 'The chosen claim is not one of the candidates the customer was offered.',
        remedy: 'Set "claimId" to one of the "candidates" of the choice.',
      },
      choice_closed: {
        title: 'Choice is closed',
        cause: 'The competing claims were decided before the customer chose.',
        remedy: 'No action is needed. The customer can still end the association with POST /v1/claims/{claimId}/opt-outs.',
      },
      no_rivals: {
        title: 'No competing claims',
        cause: 'No other partner claims or holds the target of this line.',
        remedy: 'Decide the claim itself with POST /v1/claims/{claimId}/decisions.',
      },
      rival_in_window: {
        title: "Rival is in the customer's window",
        cause: 'A competing claim on this target was approved and is waiting for the customer, so this one cannot be decided yet.',
        remedy: 'Wait until that window closes; GET /v1/claims/{claimId}/rivals shows its deadline.',
      },
      holder_not_heard: {
        title: 'Holder not heard yet',
        cause: 'The partner that holds the target has not been notified of the competing claim, or can still add evidence.',
        remedy: 'Wait until the instant in "detail", then decide.',
      },
      decision_order: {
        title: 'Decision breaks the required order',
        cause:
          'The winner or the step differs from what the order gives: customer choice, newest evidence, current holder, earliest submission.',
        remedy:
          'Read GET /v1/claims/{claimId}/rivals again. List evidence that the customer did not sign in "disregardedEvidence", or ask the customer with POST /v1/claims/{claimId}/choices.',
      },
      not_editable_in_state: {
        title: 'Claim cannot be edited now',
        cause: 'The claim cannot be edited in its current phase.',
        remedy: 'Wait until a reviewer asks for information, or withdraw the claim and create a new one.',
      },
      field_locked: {
        title: 'Field is locked',
        cause: 'The field in "errors" cannot be changed in this phase. Tenant, area and activities are locked from the first submission.',
        remedy: 'Leave the field unchanged. If it is wrong, withdraw the claim and create a new one.',
      },
      dispute_window_closed: {
        title: 'Dispute window is closed',
        cause: 'The time to dispute this rejection is over; the programme sets it (30 calendar days by default).',
        remedy: 'Create a new claim with updated evidence.',
      },
      dispute_already_used: {
        title: 'Rejection already disputed',
        cause: 'A rejection can be disputed only once, and the outcome of that dispute is final.',
        remedy: 'Create a new claim with updated evidence.',
      },
      dispute_not_allowed: {
        title: 'Customer refusals cannot be disputed',
        cause: 'The customer itself refused this line, and no reviewer can overrule the customer.',
        remedy: 'Talk to the customer, and create a new claim after the cool-down.',
      },
      dispute_statement_required: {
        title: 'Dispute has no grounds',
        cause: 'A dispute needs a statement, evidence that is newer than the rejection, or both.',
        remedy: 'Explain in "statement" why the rejection is wrong, or upload new evidence and list it in "evidenceIds".',
      },
      disassociation_reason_required: {
        title: 'Reason is missing',
        cause: 'Ending an association needs a reason, which the customer will read on its receipt.',
        remedy: 'Send a non-empty "reason".',
      },
      decision_record_required: {
        title: 'Rivals must be decided first',
        cause: 'Several partners claim this target, and no decision record says which claim prevails.',
        remedy: 'Decide between them with POST /v1/claims/{claimId}/rival-decisions, then approve the claim.',
      },
    },
  ),
  ...group(
    { status: 403, kind: 'refusal' },
    {
      self_review_forbidden: {
        title: 'You cannot review this claim',
        cause: 'You act for this partner or have submitted claims for it, so you must not review its claims.',
        remedy: 'Leave the claim to another reviewer.',
      },
      second_reviewer_required: {
        title: 'Another reviewer must decide',
        cause: 'A dispute must not be decided by the reviewer who rejected the claim.',
        remedy: 'Leave the dispute to another reviewer.',
      },
    },
  ),
};
