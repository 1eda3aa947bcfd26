import { call } from '../../api/index.js';
import { type AcceptedOperation, type Claim, disputesDecide, reviewsAsk, reviewsDecide } from '../../client/index.js';
import type { Outcome } from './outcomes.js';

/** What a reviewer has entered. Which parts count depends on the outcome. */
export interface Decision {
  /** Null until the reviewer chooses: then all lines that the outcome can concern. */
  lines: number[] | null;
  /** Codes of request reasons. */
  reasons: string[];
  /** Code of the rejection reason. */
  reason: string;
  suggestedDrops: number[];
  clearedHolds: string[];
  comment: string;
}

export const emptyDecision: Decision = { lines: null, reasons: [], reason: '', suggestedDrops: [], clearedHolds: [], comment: '' };

interface Sending {
  claimId: string;
  /** The version of the claim that the decision is made on. */
  version: number;
  key: string;
  outcome: Outcome;
  decision: Decision;
}

/** Sends a decision; what the API answers is undefined for one that it stored first. @throws ApiProblem `version_conflict` if the claim has changed since that version. */
export function sendDecision({ claimId, version, key, outcome, decision }: Sending): Promise<Claim | AcceptedOperation | undefined> {
  const { reasons, reason, suggestedDrops, clearedHolds } = decision;
  const lines = decision.lines ?? [];
  const request = { path: { claimId }, headers: { 'If-Match': `"${version}"`, 'Idempotency-Key': key } };
  const comment = decision.comment.trim() === '' ? {} : { comment: decision.comment };
  switch (outcome) {
    case 'approve':
      return call(() => reviewsDecide({ ...request, body: { outcome, lines, clearedHolds, ...comment } }));
    case 'reject':
      return call(() => reviewsDecide({ ...request, body: { outcome, lines, reason, ...comment } }));
    case 'ask': {
      const drops = suggestedDrops.length === 0 ? {} : { suggestedDrops };
      return call(() => reviewsAsk({ ...request, body: { lines, reasons, ...drops, ...comment } }));
    }
    case 'dispute_approve':
      return call(() => disputesDecide({ ...request, body: { outcome: 'approve', lines, clearedHolds, ...comment } }));
    case 'dispute_ask':
      return call(() => disputesDecide({ ...request, body: { outcome: 'ask', lines, reasons, ...comment } }));
    case 'dispute_final':
      return call(() => disputesDecide({ ...request, body: { outcome: 'final', lines, ...comment } }));
  }
}
