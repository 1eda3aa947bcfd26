import type { CommandOf } from '../commands.js';
import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import type { ClaimState } from '../state.js';

/** Records what the malware scanner found in a file that waited for it. Evidence that was superseded meanwhile is scanned too; nothing is scanned twice. */
export function recordEvidenceScan(state: ClaimState, { body }: CommandOf<'recordEvidenceScan'>, context: DecisionContext): DecidedEvent[] {
  const document = [...state.evidence, ...state.supersededEvidence].find(({ evidenceId }) => evidenceId === body.evidenceId);
  return document?.quarantine === 'waiting' ? [event('EvidenceScanned', context.now, body)] : [];
}
