import { isDeepStrictEqual } from 'node:util';
import type { EntityManager } from 'typeorm';
import { type ClaimState, fold } from '#libs/claims/index.js';
import { toEvent } from '#libs/event-store/index.js';
import { foldIdentity, isFoldedSql } from '#libs/read-models/index.js';

interface StateRow {
  claim_id: string;
  state: ClaimState;
  events: Parameters<typeof toEvent>[0][];
}

/** One statement for each page, so that a state and its events come from the same snapshot. */
const statesSql = `
  SELECT c.claim_id, c.state,
    (SELECT jsonb_agg(to_jsonb(e) - 'hash' ORDER BY e.version) FROM claim_events e WHERE e.claim_id = c.claim_id) AS events
  FROM claims c WHERE c.claim_id > $1 AND ${isFoldedSql('$2')} ORDER BY c.claim_id LIMIT 500`;

/**
 * Checks that the state of each claim is what follows from its events. Commands are decided on it, and no chain covers it: only events are hashed.
 * States folded by other rules are left out, because no command is decided on them.
 */
export async function* verifyStates(manager: Pick<EntityManager, 'query'>): AsyncGenerator<{ checked: number; changed: string[] }> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ; ) {
    const rows = await manager.query<StateRow[]>(statesSql, [after, foldIdentity]);
    if (rows.length === 0) return;
    const changed = rows.filter(({ state, events }) => !isDeepStrictEqual(state, asStored(fold((events ?? []).map(toEvent)))));
    yield { checked: rows.length, changed: changed.map(({ claim_id: claimId }) => claimId) };
    after = rows.at(-1)!.claim_id;
  }
}

/** The state as JSON keeps it: without members that are undefined. */
const asStored = (state: ClaimState): ClaimState => JSON.parse(JSON.stringify(state)) as ClaimState;
