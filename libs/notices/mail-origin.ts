import type { EntityManager } from 'typeorm';
import type { LetterKind } from './letters.js';

type Queryable = Pick<EntityManager, 'query'>;

/** What a mail is: a notice that opens a window, one that asks which partner is wanted, or a letter of some kind. */
export type MailKind = 'consent' | 'choice' | LetterKind;

/** The claim that a mail was sent for. The mail itself need not name it. */
export interface MailOrigin {
  claimId: string;
  claimNumber: string;
  kind: MailKind;
}

/** Returns the Message-ID of a mail: the same at every attempt, so that a receiver recognises a repeat. `id` is a recipient's or a letter's. */
export const messageIdOf = (mail: 'notice' | 'letter', id: string, domain: string): string => `${mail}-${id}@${domain}`;

const messageIdPattern = /^<?(notice|letter)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@/;

/** SQL for the kind of a notice: of recipient `r`, of claim `c`. */
export const noticeKindSql = `
  CASE WHEN jsonb_path_exists(c.state, '$.choices[*] ? (@.choiceId == $id)', jsonb_build_object('id', r.notice_id))
    THEN 'choice' ELSE 'consent' END`;

const originsSql = `
  SELECT r.recipient_id AS id, r.claim_id AS "claimId", c.number AS "claimNumber", ${noticeKindSql} AS kind
  FROM notice_recipients r JOIN claims c USING (claim_id) WHERE r.recipient_id = ANY($1)
  UNION ALL
  SELECT l.letter_id, l.claim_id, c.number, l.kind FROM letters l JOIN claims c USING (claim_id) WHERE l.letter_id = ANY($2)`;

/** Reads the claims that mails belong to, by Message-ID, with or without angle brackets. Leaves out mails that this database did not send. */
export async function readMailOrigins(database: Queryable, messageIds: readonly string[]): Promise<Map<string, MailOrigin>> {
  const read = messageIds.map((messageId) => ({ messageId, parts: messageIdPattern.exec(messageId) }));
  const idsOf = (mail: string) => read.flatMap(({ parts }) => (parts?.[1] === mail ? [parts[2]] : []));
  if (!read.some(({ parts }) => parts !== null)) return new Map();
  const rows = await database.query<(MailOrigin & { id: string })[]>(originsSql, [idsOf('notice'), idsOf('letter')]);
  const origins = new Map(rows.map(({ id, ...origin }) => [id, origin]));
  return new Map(
    read.flatMap(({ messageId, parts }): [string, MailOrigin][] => {
      const origin = origins.get(parts?.[2] ?? '');
      return origin === undefined ? [] : [[messageId, origin]];
    }),
  );
}
