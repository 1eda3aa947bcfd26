import { Context } from '@temporalio/activity';
import { type NoticeDelivery, positionOf, systemActor } from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';
import { commandIdOf, type Execution, sendCommand } from '#libs/inbox/index.js';
import { linkHash, linkUrl, readNotice, renderChoice, renderNotice, textVersion } from '#libs/notices/index.js';
import { deliverMails, type WaitingMail } from './deliver-mails.js';
import type { ActivityDependencies } from './dependencies.js';
import type { ClaimExecutor } from './execute-commands.activity.js';
import { RelayPace } from './relay-pace.js';
import { storeAnswer, storeFault } from './stored-delivery.js';

export interface NoticeReference {
  claimId: string;
  noticeId: string;
}

interface RecipientRow {
  recipientId: string;
  email: string | null;
  outcome: 'accepted' | 'failed' | null;
  settledAt: Date | null;
  response: string | null;
}

/**
 * Sends a notice to the recipients that no mail server has answered for yet, reports the deliveries to the claim's inbox and executes it. Fails,
 * to be retried, when it has nothing new to report and recipients are left.
 */
export const sendNoticeActivity = (dependencies: ActivityDependencies, execute: ClaimExecutor) => {
  const pace = new RelayPace();
  const send = sendNotice(dependencies, execute);
  return (notice: NoticeReference): Promise<Execution> =>
    Context.current().info.isLocal ? pace.quickly(() => send(notice)) : send(notice);
};

const sendNotice =
  (dependencies: ActivityDependencies, execute: ClaimExecutor) =>
  async ({ claimId, noticeId }: NoticeReference): Promise<Execution> => {
    const recipients = await readRecipients(dependencies, noticeId);
    if (recipients.length === 0) throw new Error(`Notice ${noticeId} has no recipients.`);
    const waiting = recipients.filter(({ outcome }) => outcome === null);
    const fault = await deliverMails(
      dependencies,
      waiting.map((recipient) => mailOf(dependencies, recipient, noticeId)),
    );
    const deliveries = (await readRecipients(dependencies, noticeId)).flatMap(deliveryOf);
    const isNew = deliveries.length > 0 && (await reportDeliveries(dependencies, { claimId, noticeId }, deliveries));
    if (!isNew && fault !== null) throw fault;
    return execute(claimId);
  };

const recipientsSql = prepared(`
  SELECT r.recipient_id AS "recipientId", p.content ->> 'email' AS email, r.outcome, r.settled_at AS "settledAt", r.response
  FROM notice_recipients r LEFT JOIN personal_data p USING (person_id) WHERE r.notice_id = $1 ORDER BY r.recipient_id`);

const readRecipients = ({ source }: ActivityDependencies, noticeId: string): Promise<RecipientRow[]> =>
  source.query(recipientsSql, [noticeId]);

const attemptSql = prepared(`
  UPDATE notice_recipients SET attempts = attempts + 1, attempted_at = cpor_now(), text_version = $2, token_hash = $3 WHERE recipient_id = $1`);

const mailOf = (dependencies: ActivityDependencies, { recipientId, email }: RecipientRow, noticeId: string): WaitingMail => ({
  kind: 'notice',
  id: recipientId,
  email,
  async attempt() {
    const { source, library } = dependencies;
    const url = linkUrl(dependencies, recipientId);
    const notice = await readNotice(source, library, { recipientId }, url);
    // The claim may have been withdrawn or declined meanwhile.
    if (notice === null || !positionOf(notice.state).noticesToSend.includes(noticeId)) return null;
    await source.query(attemptSql, [recipientId, textVersion, linkHash(dependencies, recipientId)]);
    return notice.kind === 'choice' ? renderChoice(notice.view) : renderNotice(notice.view);
  },
  store: (answer) => storeAnswer(dependencies.source, { kind: 'notice', id: recipientId }, answer),
  storeFault: (error, attempt) => storeFault(dependencies.source, { kind: 'notice', id: recipientId }, error, attempt),
});

function deliveryOf({ recipientId, outcome, settledAt, response }: RecipientRow): NoticeDelivery[] {
  if (outcome === null || settledAt === null) return [];
  if (outcome === 'failed') return [{ recipientId, outcome, reason: response ?? 'unknown' }];
  return [{ recipientId, outcome, acceptedAt: settledAt.toISOString() }];
}

/** Returns false when the same deliveries were reported before. */
async function reportDeliveries(
  { source }: ActivityDependencies,
  { claimId, noticeId }: NoticeReference,
  results: NoticeDelivery[],
): Promise<boolean> {
  const { result } = await sendCommand(source.manager, {
    commandId: commandIdOf('cpor', noticeId, results.map(({ recipientId }) => recipientId).join()),
    claimId,
    type: 'recordNoticeDelivery',
    actor: systemActor,
    body: { noticeId, results },
    request: { noticeId },
  });
  return result !== 'repeated';
}
