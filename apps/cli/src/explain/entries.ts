import type { DataSource } from 'typeorm';

/** Something that happened to a claim, in words of the store: codes, ids and instants, no names and no addresses. */
export interface Entry {
  /** The instant that counts, by the product's clock. */
  at: Date;
  source: 'command' | 'event' | 'mail' | 'directory' | 'repair' | 'webhook' | 'failing';
  text: string;
}

/**
 * Every part selects \`at\`, the source and a text. Texts of relays are left out: they may repeat an address. An event is shown when it was recorded
 * if that was much later than the instant it tells of.
 */
const entriesSql = `
  SELECT received_at AS at, 'command' AS source, 1 AS rank, sequence AS place,
    type || ' by ' || (actor ->> 'kind') || CASE
      WHEN outcome IS NULL THEN ': no outcome yet'
      WHEN outcome ->> 'status' = 'refused' THEN ': refused (' || coalesce((SELECT string_agg(f ->> 'code', ', ') FROM jsonb_array_elements(outcome -> 'findings') f), 'no code') || ')'
      ELSE ': ' || (outcome ->> 'status') END
    || CASE WHEN settled_at - received_at > interval '1 second'
      THEN ', after ' || round(extract(epoch FROM settled_at - received_at)::numeric, 1) || ' s' ELSE '' END AS text
  FROM claim_commands WHERE claim_id = $1
  UNION ALL
  SELECT at, 'event', 2, version, version || ' ' || type
    || coalesce(' of lines ' || (SELECT string_agg(line, ', ') FROM jsonb_array_elements_text(CASE jsonb_typeof(data -> 'lines') WHEN 'array' THEN data -> 'lines' END) line
      WHERE line ~ '^\\d+$'), '')
    || CASE WHEN recorded_at - at > interval '1 second' THEN ', recorded ' || round(extract(epoch FROM recorded_at - at)::numeric, 1) || ' s later' ELSE '' END
  FROM claim_events WHERE claim_id = $1
  UNION ALL
  SELECT coalesce(settled_at, attempted_at, cpor_now()), 'mail', 3, 0, 'notice to the ' || replace(kind, '_', ' ') || ' ' || ${mailState()}
  FROM notice_recipients WHERE claim_id = $1
  UNION ALL
  SELECT coalesce(settled_at, attempted_at, written_at), 'mail', 3, 1, 'letter ' || kind || ' to ' || CASE WHEN person_id IS NULL THEN 'the vendor' ELSE 'a person' END || ' ' || ${mailState()}
  FROM letters WHERE claim_id = $1
  UNION ALL
  SELECT asked_at, 'directory', 0, answer_id, 'answered' || CASE WHEN jsonb_typeof(facts -> 'tenant') = 'null' THEN ': no such tenant' ELSE '' END
  FROM directory_answers WHERE claim_id = $1
  UNION ALL
  SELECT repaired_at, 'repair', 4, repair_id, 'woken: ' || reason FROM repairs WHERE claim_id = $1
  UNION ALL
  SELECT coalesce(finished_at, created_at), 'webhook', 5, sequence, type || ' to endpoint ' || endpoint_id || ': ' || state || ', ' || attempts || ' failed attempts'
  FROM webhook_deliveries WHERE claim_id = $1
  UNION ALL
  SELECT last_at, 'failing', 6, 0, 'step ' || step || ' has failed ' || attempts || ' times since ' || to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') || ': ' || fault
  FROM stuck_claims WHERE claim_id = $1
  ORDER BY at, rank, place`;

function mailState(): string {
  return `CASE outcome WHEN 'accepted' THEN 'was taken by the relay' WHEN 'failed' THEN 'was given up (' || coalesce(fault_code, 'unknown') || ')'
    ELSE CASE WHEN trouble IS NULL THEN 'waits to be sent' WHEN trouble = 'held' THEN 'is held until somebody releases it' ELSE 'is tried again (' || coalesce(fault_code, 'unknown') || ')' END END
    || CASE WHEN attempts > 1 THEN ', ' || attempts || ' attempts' ELSE '' END`;
}

/** Reads everything that happened to a claim, in order. */
export async function readEntries(source: DataSource, claimId: string): Promise<Entry[]> {
  const rows = await source.query<Entry[]>(entriesSql, [claimId]);
  return rows.map(({ at, source: from, text }) => ({ at, source: from, text }));
}
