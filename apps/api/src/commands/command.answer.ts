import { allowedActions, type Principal } from '#libs/auth/index.js';
import type { Finding } from '#libs/claims/index.js';
import type { AcceptedCommand } from '#libs/inbox/index.js';
import { isProblemCode, placeOfField, Problem, problemCatalogue, type ProblemError } from '#libs/problems/index.js';
import { type ClaimRow, claimView } from '#libs/read-models/index.js';
import { Answer } from '../http/answer.js';
import { entityTag } from '../http/entity-tag.js';
import { operationPath, operationView } from '../operations/operation.view.js';
import type { Settlement } from './command.service.js';

/** Answers a command with the claim's current state, with its operation while there is no outcome, or with the refusal. */
export function answerWithClaim(settlement: Settlement, principal: Principal, status = 200): Answer {
  return answer(settlement, principal, (claim) => {
    const location: Record<string, string> = status === 201 ? { Location: `/v1/claims/${claim.claimId}` } : {};
    const view = claimView(claim, principal);
    return new Answer(status, view, { ETag: entityTag(claim.version, view), ...location });
  });
}

/** Answers with the operation of the command, for a sender who may act on the claim but not read it. */
export const answerWithOperation = (settlement: Settlement, principal: Principal): Answer =>
  answer(settlement, principal, () => new Answer(200, operationView(settlement.command)));

/** Answers a command. `done` builds the response once the command is executed. */
export function answer(settlement: Settlement, principal: Principal, done: (claim: ClaimRow) => Answer): Answer {
  const { command, claim, isReplay } = settlement;
  if (command.outcome === null) return accepted(command);
  if (command.outcome.status === 'refused') throw refusal(command.outcome.findings, claim, principal, isReplay);
  // The command may have moved the claim out of its sender's scope.
  const { status, body, headers } = claim === null ? new Answer(200, operationView(command)) : done(claim);
  return new Answer(status, body, { ...headers, ...(isReplay && replayHeader) });
}

/** Marks the stored outcome of an earlier request under the same key. The claim is sent in its current state. */
const replayHeader = { 'Idempotent-Replayed': 'true' };

/** In seconds: when to poll the operation of a command that was answered with 202. */
export const retryAfter = { 'Retry-After': '1' };

/** Answers 202: the command is stored, and its operation shows the outcome later. */
export function accepted({ commandId, claimId, receivedAt }: AcceptedCommand): Answer {
  return new Answer(
    202,
    { operationId: commandId, claimId, status: 'accepted', receivedAt },
    { Location: operationPath(commandId), ...retryAfter },
  );
}

const replayed = 'This is the stored answer to an earlier request under this key. To try again, send it with a new Idempotency-Key.';

/** Converts a refusal into a problem: a single code becomes the problem's code, several are listed under `claim_refused`. */
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
  return findings.length === 1 ? first.message : `The request breaks ${findings.length} rules. The first: ${first.message}`;
}

function toError({ code, field, line, message }: Finding): ProblemError {
  const header = isProblemCode(code) ? problemCatalogue[code].header : undefined;
  const place = field !== null ? placeOfField(field) : header === undefined ? {} : { field: header };
  return { ...place, code, message, ...(line === null ? {} : { line }) };
}
