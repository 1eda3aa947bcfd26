import { group } from './definition.js';

/** Refusals outside a claim's rules: evidence files, the event feed, usage, legal holds, published programmes, the sandbox. */
export const featureProblems = {
  ...group(
    { status: 403, kind: 'refusal' },
    {
      usage_ended: {
        title: 'Association has ended',
        cause: 'Usage is available only while the association is live; access to past months ended with it.',
        remedy:
          'Claim again if you still serve the customer. Your claim and the log of your exports (GET /v1/usage/exports) stay readable.',
      },
      acts_for_partner: {
        title: 'You act for a partner',
        cause:
          "The vendor's webhook endpoints are told of every claim, also of those that compete with a partner for whom you act or have acted.",
        remedy: 'Have a colleague who acts for no partner manage the endpoints.',
      },
    },
  ),
  ...group(
    { status: 404, kind: 'refusal' },
    {
      sandbox_only: {
        title: 'Available only in the sandbox',
        cause: 'The movable clock, the sample data and the embedded token issuer exist only in sandbox mode.',
        remedy: 'Use a sandbox installation. An operator enables it with CPOR_MODE=sandbox, never in production.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal' },
    {
      too_many_endpoints: {
        title: 'Too many webhook endpoints',
        cause: 'One company, customer or vendor has 50 endpoints at most.',
        remedy: 'Remove an endpoint that you no longer need, or let one endpoint receive more types.',
      },
      too_many_snapshots: {
        title: 'Too many open links',
        cause: 'A claim has 50 open links to its snapshots at most, each of the partner and of the vendor.',
        remedy: 'Revoke a link that nobody needs any more, with POST /v1/claims/{claimId}/snapshots/{snapshotId}/revoke.',
      },
      webhooks_not_configured: {
        title: 'No webhooks here',
        cause: 'This installation has no key for the secrets of webhook endpoints, so it sends no webhooks.',
        remedy: 'Read events from GET /v1/events, or ask the operator to set CPOR_WEBHOOK_KEY.',
      },
      receipts_not_configured: {
        title: 'No sealed receipts here',
        cause: 'This installation has no key and certificate to seal receipts with.',
        remedy: 'Read the receipt as a page, or ask the operator to set CPOR_SEAL_FILE. The PDF can be made later.',
      },
      clock_backwards: {
        title: 'Clock cannot move backwards',
        cause: 'The requested instant is earlier than the current time of the sandbox.',
        remedy: 'Advance the clock to a later instant, or reset the sandbox.',
      },
      version_in_force: {
        title: 'Version already in force',
        cause:
          'Only a version that has not taken effect can be withdrawn; this one has, or will within a minute, or claims already use it.',
        remedy: 'Publish a later version with PUT /v1/programmes/{name}.',
      },
      last_account_admin: {
        title: 'Last account admin',
        cause: 'Nobody else is known to have the role account_admin: no other assignment has it, and your own token does not.',
        remedy: 'First assign account_admin to somebody else, or let your identity provider name an account admin.',
      },
      legal_hold_released: {
        title: 'Legal hold already released',
        cause: 'A legal hold can be released only once.',
        remedy: 'To hold the claim again, place a new hold with POST /v1/claims/{claimId}/legal-holds.',
      },
    },
  ),
  ...group(
    { status: 409, kind: 'refusal' },
    {
      evidence_not_scanned: {
        title: 'Evidence waits for the malware scanner',
        cause:
          'The scanner did not answer when the file was uploaded. Until it does, nobody can open the file, and the claim cannot be approved.',
        remedy: 'Try again in some minutes. An operator sees why the scanner does not answer with "cpor doctor".',
      },
      evidence_quarantined: {
        title: 'Evidence is in quarantine',
        cause: 'The malware scanner found malware in the file.',
        remedy: 'Ask the partner for a clean copy; the file itself is never served.',
      },
    },
  ),
  ...group(
    { status: 410, kind: 'refusal' },
    {
      evidence_erased: {
        title: 'Evidence file was erased',
        cause: 'The retention period is over; only the hash, size and type of the file are kept.',
        remedy: 'If you kept a copy, compare its hash with "sha256" on the claim.',
      },
      events_set_back: {
        title: 'Events after this cursor are lost',
        cause: 'The database was restored to a backup that is older than this cursor.',
        remedy:
          'Read from an earlier cursor, or without "after". Undo any event you have processed whose "eventId" does not appear again; it no longer exists.',
      },
    },
  ),
};
