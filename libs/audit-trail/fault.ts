import type { EntityManager } from 'typeorm';

export type Queryable = Pick<EntityManager, 'query'>;

/** A part of the audit trail that is not as it was written. Of a missing claim, only the number may be known. */
export type RecordFault = { claimId: string | null; number?: string | undefined } & (
  | { kind: 'claim_missing' | 'events_without_claim' | 'commands_without_claim' | 'number_differs' }
  | { kind: 'event_added' | 'events_beyond_end'; version: number }
  | { kind: 'command_differs' | 'command_missing'; place: number }
  | { kind: 'command_of_event_missing' | 'received_at_differs'; commandId: string; version: number }
  | { kind: 'evidence_differs' | 'evidence_missing' | 'evidence_hash_differs' | 'evidence_erased_unrecorded'; evidenceId: string }
  | { kind: 'events_missing_since' | 'events_differ_since' | 'commands_missing_since' | 'commands_differ_since'; at: string }
);

export type FaultKind = RecordFault['kind'];

/** How much was checked, and the faults found. */
export interface Verified {
  checked: number;
  faults: RecordFault[];
}

export const firstId = '00000000-0000-0000-0000-000000000000';
