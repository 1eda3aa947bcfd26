import { commandHash } from '#libs/event-store/index.js';
import { firstId, type Queryable, type RecordFault, type Verified } from './fault.js';

interface EventRow {
  claim_id: string;
  version: number;
  at: Date;
  command_id: string | null;
  number: string | null;
  evidence_id: string | null;
  sha256: string | null;
}

interface CommandRow {
  claim_id: string;
  command_id: string;
  type: string;
  actor: unknown;
  body: unknown;
  expected_version: number | null;
  received_at: Date;
  outcome: { status: string; version: number } | null;
  settled_at: Date | null;
  settled_number: number | null;
  hash: Buffer | null;
}

interface EvidenceRow {
  id: string;
  claim_id: string;
  sha256: string;
}

interface ClaimRow {
  claim_id: string;
  number: string;
  version: number;
  last_version: number;
  done_version: number;
}

// One statement, so that a claim, its last event and its last outcome come from the same snapshot while others write.
const claimsSql = `
  SELECT claim_id, number, version,
    (SELECT coalesce(max(version), 0) FROM claim_events e WHERE e.claim_id = c.claim_id) AS last_version,
    (SELECT coalesce(max((outcome ->> 'version')::int), 0) FROM claim_commands i WHERE i.claim_id = c.claim_id) AS done_version
  FROM claims c WHERE claim_id > $1 ORDER BY claim_id LIMIT 500`;

const eventsSql = `
  SELECT claim_id, version, at, command_id, CASE type WHEN 'ClaimDrafted' THEN data ->> 'number' END AS number,
    data #>> '{evidence,evidenceId}' AS evidence_id, data #>> '{evidence,sha256}' AS sha256
  FROM claim_events WHERE claim_id = ANY ($1) ORDER BY claim_id, version`;

const commandColumns = 'claim_id, command_id, type, actor, body, expected_version, received_at, outcome, settled_at, settled_number, hash';

/** Checks for each claim that events, commands and evidence agree, and that its commands are unchanged since they were settled. */
export async function* verifyClaims(database: Queryable): AsyncGenerator<Verified> {
  for (let after = firstId; ; ) {
    const claims = await database.query<ClaimRow[]>(claimsSql, [after]);
    if (claims.length === 0) break;
    const ids = [claims.map(({ claim_id: id }) => id)];
    // In this order, because what an event refers to was stored before it.
    const events = Map.groupBy(await database.query<EventRow[]>(eventsSql, ids), (row) => row.claim_id);
    const commands = Map.groupBy(
      await database.query<CommandRow[]>(
        `SELECT ${commandColumns} FROM claim_commands WHERE claim_id = ANY ($1) ORDER BY claim_id, settled_number, sequence`,
        ids,
      ),
      (row) => row.claim_id,
    );
    const files = Map.groupBy(
      await database.query<EvidenceRow[]>('SELECT id, claim_id, sha256 FROM evidence_files WHERE claim_id = ANY ($1)', ids),
      (row) => row.claim_id,
    );
    const faults = claims.flatMap((claim) => {
      const [happened, asked, held] = [events, commands, files].map((rows) => rows.get(claim.claim_id) ?? []) as [
        EventRow[],
        CommandRow[],
        EvidenceRow[],
      ];
      return [
        ...endFaults(claim),
        ...numberFaults(claim, happened),
        ...chainFaults(claim.claim_id, asked),
        ...commandFaults(happened, asked),
        ...evidenceFaults(happened, held),
      ];
    });
    yield { checked: [...commands.values()].reduce((sum, rows) => sum + rows.length, 0), faults };
    after = claims.at(-1)!.claim_id;
  }
  yield { checked: 0, faults: await orphans(database) };
}

function endFaults({ claim_id: claimId, version, last_version, done_version }: ClaimRow): RecordFault[] {
  if (last_version > version) return [{ kind: 'event_added', claimId, version: version + 1 }];
  return done_version > version ? [{ kind: 'events_beyond_end', claimId, version: done_version }] : [];
}

function numberFaults({ claim_id: claimId, number }: ClaimRow, events: EventRow[]): RecordFault[] {
  const drafted = events.find((event) => event.number !== null)?.number ?? number;
  return drafted === number ? [] : [{ kind: 'number_differs', claimId, number: drafted }];
}

/** Finds the first place at which the hash chain of settled commands is broken. */
function chainFaults(claimId: string, commands: CommandRow[]): RecordFault[] {
  let [hash, place]: [Buffer, number] = [Buffer.alloc(0), 0];
  for (const command of commands.filter(({ outcome }) => outcome !== null)) {
    place += 1;
    if (command.settled_number !== place) return [{ kind: 'command_missing', claimId, place }];
    hash = hashOf(hash, command, place);
    if (command.hash === null || !hash.equals(command.hash)) return [{ kind: 'command_differs', claimId, place }];
  }
  return [];
}

function hashOf(previous: Buffer, command: CommandRow, place: number): Buffer {
  return commandHash(previous, command.claim_id, place, {
    commandId: command.command_id,
    type: command.type,
    actor: command.actor,
    body: command.body,
    expectedVersion: command.expected_version,
    receivedAt: command.received_at.toISOString(),
    outcome: command.outcome,
    settledAt: command.settled_at?.toISOString() ?? '',
  });
}

/** Checks that the command behind each event exists, and that an opt-out was received when its event says. */
function commandFaults(events: EventRow[], commands: CommandRow[]): RecordFault[] {
  const known = new Map(commands.map((command) => [command.command_id, command]));
  const seen = new Set<string>();
  return events.flatMap(({ claim_id: claimId, version, at, command_id: commandId }): RecordFault[] => {
    if (commandId === null || seen.has(commandId)) return [];
    seen.add(commandId);
    const command = known.get(commandId);
    if (command === undefined) return [{ kind: 'command_of_event_missing', claimId, commandId, version }];
    const isMoved = command.type === 'optOut' && command.received_at.getTime() !== at.getTime();
    return isMoved ? [{ kind: 'received_at_differs', claimId, commandId, version }] : [];
  });
}

/** Checks that the files that events refer to exist with the recorded hash. */
function evidenceFaults(events: EventRow[], files: EvidenceRow[]): RecordFault[] {
  const known = new Map(files.map((file) => [file.id, file]));
  return events.flatMap(({ claim_id: claimId, evidence_id: evidenceId, sha256 }): RecordFault[] => {
    if (evidenceId === null) return [];
    const file = known.get(evidenceId);
    if (file === undefined) return [{ kind: 'evidence_missing', claimId, evidenceId }];
    return file.sha256 === sha256 ? [] : [{ kind: 'evidence_hash_differs', claimId, evidenceId }];
  });
}

/** Finds what remains of claims that were deleted while foreign keys were not checked. */
async function orphans(database: Queryable): Promise<RecordFault[]> {
  const found: RecordFault[] = [];
  for (const [kind, table] of [
    ['events_without_claim', 'claim_events'],
    ['commands_without_claim', 'claim_commands'],
  ] as const) {
    const rows = await database.query<{ claim_id: string }[]>(
      `SELECT DISTINCT claim_id FROM ${table} t WHERE NOT EXISTS (SELECT FROM claims c WHERE c.claim_id = t.claim_id) ORDER BY claim_id`,
    );
    found.push(...rows.map((row) => ({ kind, claimId: row.claim_id })));
  }
  return found;
}
