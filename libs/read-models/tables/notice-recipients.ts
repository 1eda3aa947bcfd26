import type { NoticeRecipient } from '#libs/claims/index.js';
import type { RecordedEvent, Write } from '#libs/event-store/index.js';

const recipientsSql = `
  INSERT INTO notice_recipients (recipient_id, notice_id, claim_id, kind, person_id)
  SELECT "recipientId", $2, $1, kind, "personId"
  FROM jsonb_to_recordset($3::jsonb) AS r("recipientId" uuid, kind text, "personId" uuid)`;

/** The recipients that an event adds. `activities/send-notice.activity.ts` records the result of their mail. */
export function noticeRecipients(claimId: string, event: RecordedEvent): Write[] {
  const added = addedBy(event);
  return added === null ? [] : [{ sql: recipientsSql, parameters: [claimId, added.noticeId, JSON.stringify(added.recipients)] }];
}

/** A question about rivals is kept under its own id, as a notice is. */
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
