import type { EntityManager } from 'typeorm';
import type { NoticeRecipient } from '#libs/claims/index.js';
import { prepared, type RecordedEvent } from '#libs/event-store/index.js';

const recipientsSql = prepared(`
  INSERT INTO notice_recipients (recipient_id, notice_id, claim_id, kind, person_id)
  SELECT "recipientId", $2, $1, kind, "personId"
  FROM jsonb_to_recordset($3::jsonb) AS r("recipientId" uuid, kind text, "personId" uuid)`);

/** Adds the recipients that an event calls for. `activities/send-notice.activity.ts` records the result of their mail. */
export async function writeNoticeRecipients(manager: EntityManager, claimId: string, event: RecordedEvent): Promise<void> {
  const added = addedBy(event);
  if (added !== null) await manager.query(recipientsSql, [claimId, added.noticeId, JSON.stringify(added.recipients)]);
}

/** The recipients that an event adds. A question about rivals is kept under its own id, as a notice is. */
function addedBy({ type, data }: RecordedEvent): { noticeId: string; recipients: NoticeRecipient[] } | null {
  switch (type) {
    case 'NoticeRequested':
      return { noticeId: data.noticeId, recipients: data.recipients };
    case 'NoticeRecipientAdded':
      return { noticeId: data.noticeId, recipients: [data.recipient] };
    case 'ChoiceRequested':
      return { noticeId: data.choiceId, recipients: data.recipients };
    default:
      return null;
  }
}
