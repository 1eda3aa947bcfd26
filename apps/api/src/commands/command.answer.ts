import { allowedActions, type Principal } from '#libs/auth/index.js';
import type { Finding } from '#libs/claims/index.js';
import type { AcceptedCommand } from '#libs/inbox/index.js';
import { isProblemCode, placeOfField, Problem, problemCatalogue, type ProblemError } from '#libs/problems/index.js';
import { type ClaimRow, claimView } from '#libs/read-models/index.js';
import { Answer } from '../http/answer.js';
import { entityTag } from '../http/request-headers.js';
import { operationPath, operationView } from '../operations/operation.view.js';
import type { Settlement } from './command.service.js';

/** Answers a command with the claim as it stands now, with where to look when it is not settled, or with why it was refused. */
export function answerWithClaim(settlement: Settlement, principal: Principal, status = 200): Answer {
  return answer(settlement, principal, (claim) => {
    const location: Record<string, string> = status === 201 ? { Location: `/v1/claims/${claim.claimId}` } : {};
    return new Answer(status, claimView(claim, principal), { ETag: entityTag(claim.version), ...location });
  });
}

/** Answers with what became of the command: whoever sent it may see to the claim, not read it. */
export const answerWithOperation = (settlement: Settlement, principal: Principal): Answer =>
  answer(settlement, principal, () => new Answer(200, operationView(settlement.command)));

/** The same with a representation of one's own for what was done. */
export function answer(settlement: Settlement, principal: Principal, done: (claim: ClaimRow) => Answer): Answer {
  const { command, claim, isReplay } = settlement;
  if (command.outcome === null) return accepted(command);
  if (command.outcome.status === 'refused') throw refusal(command.outcome.findings, claim, principal, isReplay);
  // A change may have moved the claim out of its author's scope.
  const { status, body, headers } = claim === null ? new Answer(200, operationView(command)) : done(claim);
  return new Answer(status, body, { ...headers, ...(isReplay && replayHeader) });
}

/** Marks what an earlier request under the same key brought about; the claim beside it is shown as it stands now. */
const replayHeader = { 'Idempotent-Replayed': 'true' };

/** In seconds: when it is worth looking what became of something that was answered with 202. */
export const lookAgain = { 'Retry-After': '1' };

/** Stored, and on its way: the operation tells the rest. */
export function accepted({ commandId, claimId, receivedAt }: AcceptedCommand): Answer {
  return new Answer(
    202,
    { operationId: commandId, claimId, status: 'accepted', receivedAt },
    { Location: operationPath(commandId), ...lookAgain },
  );
}

const replayed = 'This is the stored answer to an earlier request under this key. To try again, send it with a new Idempotency-Key.';

/** The rules' refusal as a problem: a single code stands for itself, several stand together under `claim_refused`. */
export function refusal(findings: Finding[], claim: ClaimRow | null, principal: Principal, isReplay = false): Problem {
  const codes = [...new Set(findings.map((finding) => finding.code))];
  const [only] = codes;
  const code = codes.length === 1 && only !== undefined && isProblemCode(only) ? only : 'claim_refused';
  return new Problem(code, {
    detail: detailOf(findings),
    errors: findings.map(toError),
    ...(isReplay && { furtherRemedy: replayed, headers: replayHeader }),
    members:
      claim === null
        ? {}
        : {
            claimId: claim.claimId,
            number: claim.number,
            phase: claim.position.phase,
            version: claim.version,
            allowedActions: allowedActions(claim.state, principal, claim.competing),
          },
  });
}

function detailOf(findings: Finding[]): string {
  const [first] = findings;
  if (first === undefined) return 'The rules refused this.';
  return findings.length === 1 ? first.message : `${findings.length} rules are broken. The first: ${first.message}`;
}

function toError({ code, field, line, message }: Finding): ProblemError {
  const header = isProblemCode(code) ? problemCatalogue[code].header : undefined;
  const place = field !== null ? placeOfField(field) : header === undefined ? {} : { field: header };
  return { ...place, code, message, ...(line === null ? {} : { line }) };
}
