import type { EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import { prepared } from '#libs/event-store/index.js';
import { lettersOf } from '#libs/notices/index.js';
import type { Change } from '../change.js';

const lettersSql = prepared(`
  INSERT INTO letters (letter_id, claim_id, kind, person_id, event_version, about)
  SELECT "letterId", $1, kind, "personId", "eventVersion", about
  FROM jsonb_to_recordset($2::jsonb) AS l("letterId" uuid, kind text, "personId" uuid, "eventVersion" int, about jsonb)`);

/**
 * Queues the letters that changes call for, under ids that a repeat derives again. Returns whether there were any.
 * `activities/send-letters.activity.ts` records the result of each.
 */
export async function writeLetters(manager: EntityManager, claimId: string, changes: Change[]): Promise<boolean> {
  const letters = changes.flatMap(({ event, after }) =>
    lettersOf(event, after).map((letter, index) => ({
      ...letter,
      eventVersion: event.version,
      letterId: uuidV5(`letter/${event.version}/${index}`, claimId),
    })),
  );
  if (letters.length === 0) return false;
  await manager.query(lettersSql, [claimId, JSON.stringify(letters)]);
  return true;
}
