import { group } from './definition.js';

/** Acts that the state of a claim or the caller's part in it does not allow. */
export const actionProblems = {
  ...group(
    { status: 409, kind: 'refusal' },
    {
      not_in_phase: {
        title: 'Not possible in this phase',
        cause: 'The line is in a phase that does not allow this act; "phase" names it.',
        remedy: 'Read the claim; "allowedActions" lists what is possible now.',
      },
      claim_exists: {
        title: 'The claim exists already',
        cause: 'A claim with this id was made before.',
        remedy: 'Read the claim, or make another one under a new Idempotency-Key.',
      },
      usage_import_in_progress: {
        title: 'Another file is being taken in',
        cause: 'Files of one data set are taken in one after the other, and one of this set is under way.',
        remedy: 'Wait the seconds of Retry-After, then send the file again under the same Idempotency-Key.',
      },
      clock_backwards: {
        title: 'The clock never runs backwards',
        cause: "The instant lies before the sandbox's time, and there are claims that rely on it.",
        remedy: 'Advance to a later instant, or start the sandbox afresh.',
      },
      version_in_force: {
        title: 'The version is in force',
        cause: 'Only a version that is still to take effect can be taken back. It takes effect within a minute, or did, or claims name it.',
        remedy: 'Publish another version that takes effect later.',
      },
      legal_hold_released: {
        title: 'The hold is released already',
        cause: 'A legal hold is released once, and its history never changes.',
        remedy: 'Place a new hold if the claim must be held again.',
      },
      claim_closed: {
        title: 'The claim is closed',
        cause: 'Every line has reached its end; the claim takes nothing but comments.',
        remedy: 'Make a new claim if the matter goes on.',
      },
      review_not_started: {
        title: 'Review has not begun',
        cause: 'A reviewer must start the review before asking for information or deciding.',
        remedy: 'Start the review, then repeat the act.',
      },
      line_unknown: {
        title: 'No such line',
        cause: 'The claim has no line with this number.',
        remedy: 'Read the claim and use a number of one of its lines, or leave the lines out to mean all.',
      },
      evidence_unknown: {
        title: 'No such evidence',
        cause: 'The claim has no evidence with this id.',
        remedy: 'Upload the file to this claim first, then name its evidenceId.',
      },
      notice_unknown: {
        title: 'No such notice',
        cause: 'The claim has no notice with this id.',
        remedy: 'Read the claim and use a noticeId that it lists.',
      },
      recipient_unknown: {
        title: 'No such recipient',
        cause: 'The notice was not sent to a recipient with this id.',
        remedy: 'Read the claim and use a recipientId of the notice.',
      },
      customer_not_told: {
        title: 'The customer was not told yet',
        cause: 'The customer has not been told of the claim, so there is nothing to decline or to accept.',
        remedy: 'Wait until the notice has gone out; the claim lists its notices.',
      },
      nothing_to_decline: {
        title: 'Nothing left to decline',
        cause: 'No line of the claim is open or official any more.',
        remedy: 'Nothing needs to be done; the history shows how each line ended.',
      },
      nothing_held: {
        title: 'Nothing is held',
        cause: 'No line of the claim waits for a reviewer to clear it.',
        remedy: 'Read the claim; "holds" of its lines and "findings" show what is held.',
      },
      hold_not_cleared: {
        title: 'A hold is not cleared',
        cause: 'Something about the claim must be looked into by a reviewer before it goes on.',
        remedy: 'Look into what the message names, then name its code in "clearedHolds", or have the cause mended.',
      },
      reason_unknown: {
        title: 'No such reason',
        cause: 'The programme does not have this reason code for this act.',
        remedy: 'Use one of the codes that the message lists.',
      },
      reason_required: {
        title: 'A reason is missing',
        cause: 'This act needs at least one reason from its list of codes.',
        remedy: 'Name the reason codes that apply; the partner will read their texts.',
      },
      answer_required: {
        title: 'A comment alone is no answer',
        cause: 'Something was asked for, and nothing was supplied since then.',
        remedy: 'Add evidence or change the claim, then resubmit.',
      },
      already_extended: {
        title: 'The deadline was already extended',
        cause: "The partner's time to answer a request can be extended once.",
        remedy: 'Wait for the answer until the deadline shown on the claim, or ask anew after it.',
      },
      clock_not_running: {
        title: 'This clock is not running',
        cause: 'No line meant has this clock running, so there is no deadline to move.',
        remedy: 'Read the claim; "deadlines" lists the clocks that run and their lines.',
      },
      notice_not_failed: {
        title: 'No notice has failed',
        cause: 'The customer has been told of every line meant, or its mail is still on its way.',
        remedy: 'Nothing needs to be done. To reach further people, the customer can pass its mail on.',
      },
      evidence_superseded: {
        title: 'Already superseded',
        cause: 'Another file of the claim has taken the place of this evidence.',
        remedy: 'Supersede the file that the message names, or leave "supersedes" out.',
      },
      nothing_to_accept: {
        title: 'Nothing waits for the customer',
        cause: 'No line meant waits for the customer any more.',
        remedy: 'Nothing needs to be done; the history shows how each line went on.',
      },
      nothing_blocked: {
        title: 'No block to lift',
        cause: 'The customer has not blocked the partner with this claim, or has lifted the block already.',
        remedy: 'List the blocks of the tenant again.',
      },
      choice_unknown: {
        title: 'No such question',
        cause: 'The customer was not asked this on the claim.',
        remedy: 'List the open choices of the tenant and use the ids that it shows.',
      },
      candidate_unknown: {
        title: 'Not among the choices',
        cause: 'The claim chosen is not one of those that the question names.',
        remedy: 'Use the claimId of one of the candidates.',
      },
      choice_closed: {
        title: 'Decided meanwhile',
        cause: 'The line has been decided, so a choice has no effect any more.',
        remedy: 'Nothing needs to be done. An association can be ended at any time.',
      },
      no_rivals: {
        title: 'Nobody competes',
        cause: 'No other partner wants or holds the target of this line.',
        remedy: 'Decide on the claim itself.',
      },
      rival_in_window: {
        title: "A rival is in the customer's window",
        cause: 'Another claim on this target is approved and waits for the customer, so this one cannot be decided yet.',
        remedy: 'Wait until that window is over; the deadline of the other claim shows when.',
      },
      holder_not_heard: {
        title: 'The holder must be heard first',
        cause: 'The partner that holds the target has not been told of the competition, or its time to add evidence is not over.',
        remedy: 'Wait until the instant in the message, then decide on what is on file.',
      },
      decision_order: {
        title: 'Against the order of decision',
        cause:
          "Winner or step differ from what the order gives: the customer's choice, the newest evidence, the holder, the earliest submission.",
        remedy: "Read the rivals again. Disregard evidence that is not the customer's signed word, or ask the customer to choose.",
      },
      target_already_held: {
        title: 'Another association is live',
        cause: 'A target has at most one partner, and another association holds it.',
        remedy: 'The claim waits for a reviewer, who decides between the two.',
      },
      not_editable_in_state: {
        title: 'Not editable now',
        cause: 'The claim takes no changes in its current phase.',
        remedy: 'Wait until a reviewer asks for information, or withdraw it and claim anew.',
      },
      field_locked: {
        title: 'This field is locked',
        cause: 'The field named in "errors" cannot be changed in the current phase; tenant, area and activity never after submission.',
        remedy: 'Leave the field as it is. If it is wrong, withdraw the claim and make a new one.',
      },
      dispute_window_closed: {
        title: 'Too late to dispute',
        cause: 'A rejection can be disputed for a time that the programme sets (30 calendar days by default), and it is over.',
        remedy: 'Make a new claim with updated evidence.',
      },
      dispute_already_used: {
        title: 'Already disputed once',
        cause: 'A rejection can be disputed once, and its outcome is final.',
        remedy: 'Make a new claim with updated evidence.',
      },
      dispute_not_allowed: {
        title: 'Not open to dispute',
        cause: 'The customer refused, and a refusal by the customer cannot be disputed.',
        remedy: 'Talk to the customer; a new claim is possible after the cool-down.',
      },
      dispute_statement_required: {
        title: 'Nothing to dispute with',
        cause: 'A dispute needs a statement, new evidence, or both.',
        remedy: 'Write why the decision is wrong, or upload new evidence, then dispute again.',
      },
      disassociation_reason_required: {
        title: 'A reason is missing',
        cause: 'Ending an association needs a reason; the customer will see it on its receipt.',
        remedy: 'Send a reason that is not empty.',
      },
      decision_record_required: {
        title: 'Decide between the rivals first',
        cause: 'Several partners claim this target, and no decision record says whose claim goes on.',
        remedy: 'Write the decision record with candidates, evidence dates and reasons, then approve.',
      },
    },
  ),
  ...group(
    { status: 410, kind: 'refusal' },
    {
      evidence_erased: {
        title: 'The file was erased',
        cause: 'The retention of evidence is over; hash, size and type are all that is kept of it.',
        remedy: 'Compare a copy of your own with the sha256 that the claim lists.',
      },
      events_set_back: {
        title: 'These events are not on record any more',
        cause: 'The database was restored to an earlier state after it had told the events before this cursor, and does not know them now.',
        remedy:
          'Read on from an earlier cursor that you kept, or without "after". What you dealt with and is not told again, by its eventId, did not happen.',
      },
    },
  ),
  ...group(
    { status: 403, kind: 'refusal' },
    {
      self_review_forbidden: {
        title: 'Not your claim to review',
        cause: 'You act for this partner or have submitted for it, so you cannot review its claims.',
        remedy: 'Leave the claim to another reviewer.',
      },
      usage_ended: {
        title: 'The association has ended',
        cause: 'Usage is served while an association is live. This one has ended, and with it access to past months too.',
        remedy: 'Your claim record and the log of your own exports stay readable. Claim anew if you serve the customer again.',
      },
      second_reviewer_required: {
        title: 'Another reviewer must decide',
        cause: 'A dispute is decided by another reviewer than the one who rejected the claim.',
        remedy: 'Leave the dispute to a colleague.',
      },
    },
  ),
};
