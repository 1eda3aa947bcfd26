import { Context } from '@temporalio/activity';
import { type NoticeDelivery, positionOf, systemActor } from '#libs/claims/index.js';
import { prepared } from '#libs/event-store/index.js';
import { commandIdOf, executeCommands, type Execution, sendAndExecute } from '#libs/inbox/index.js';
import {
  type CustomerNotice,
  linkHash,
  linkUrl,
  type NoticeRecipient,
  type OutgoingNotice,
  readOutgoingNotice,
  renderChoice,
  renderNotice,
  textVersion,
} from '#libs/notices/index.js';
import { deliverMails, type WaitingMail } from './deliver-mails.js';
import type { ActivityDependencies } from './dependencies.js';
import type { ClaimExecutor } from './execute-commands.activity.js';
import { RelayPace } from './relay-pace.js';
import { storeAnswer, storeFault } from './stored-delivery.js';

export interface NoticeReference {
  claimId: string;
  noticeId: string;
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
    const outgoing = await FreshNotice.read(dependencies, { claimId, noticeId });
    const waiting = outgoing.recipients.filter(({ outcome, isHeld }) => outcome === null && !isHeld);
    const undelivered = await deliverMails(
      dependencies,
      waiting.map((recipient) => mailOf(dependencies, outgoing, recipient)),
    );
    const isHeld = outgoing.isWanted && outgoing.recipients.some((recipient) => recipient.isHeld);
    const fault = undelivered ?? (isHeld ? new Error('Mails are held until somebody releases them.') : null);
    const deliveries = outgoing.recipients.flatMap(deliveryOf);
    let isNew = false;
    const execution = await execute(claimId, async () => {
      if (deliveries.length === 0) return executeCommands(dependencies.source, dependencies.library, claimId);
      const reported = await reportDeliveries(dependencies, { claimId, noticeId }, deliveries);
      ({ isNew } = reported);
      return reported.execution;
    });
    if (!isNew && fault !== null) throw fault;
    return execution;
  };

/** A notice is read again before a mail once so much time has passed: its claim may have been withdrawn or declined meanwhile. */
const freshMs = 1_000;

/** A notice that is read once for all its mails, unless they take long. */
class FreshNotice {
  private readAt = performance.now();

  private constructor(
    private readonly dependencies: ActivityDependencies,
    private readonly reference: NoticeReference,
    private notice: OutgoingNotice,
    /** As they were first read; the answers of mail servers are added. */
    readonly recipients: NoticeRecipient[],
  ) {}

  static async read(dependencies: ActivityDependencies, reference: NoticeReference): Promise<FreshNotice> {
    const notice = await readOutgoingNotice(dependencies.source, dependencies.library, reference);
    return new FreshNotice(dependencies, reference, notice, notice.recipients);
  }

  /** Whether the claim still waits for it, as it was when it was read last. */
  get isWanted(): boolean {
    return positionOf(this.notice.state).noticesToSend.includes(this.reference.noticeId);
  }

  /** Returns what a recipient is told; null when the notice must not be sent any more. */
  async to(recipientId: string): Promise<CustomerNotice | null> {
    if (performance.now() - this.readAt > freshMs) {
      this.readAt = performance.now();
      this.notice = await readOutgoingNotice(this.dependencies.source, this.dependencies.library, this.reference);
    }
    return this.isWanted ? this.notice.to(recipientId, linkUrl(this.dependencies, recipientId)) : null;
  }
}

const attemptSql = prepared(`
  UPDATE notice_recipients SET attempts = attempts + 1, attempted_at = cpor_now(), text_version = $2, token_hash = $3 WHERE recipient_id = $1`);

const mailOf = (dependencies: ActivityDependencies, outgoing: FreshNotice, recipient: NoticeRecipient): WaitingMail => {
  const { source } = dependencies;
  const { recipientId, email } = recipient;
  const delivery = { kind: 'notice', id: recipientId } as const;
  return {
    ...delivery,
    email,
    async attempt() {
      const notice = await outgoing.to(recipientId);
      if (notice === null) return null;
      await source.query(attemptSql, [recipientId, textVersion, linkHash(dependencies, recipientId)]);
      return notice.kind === 'choice' ? renderChoice(notice.view) : renderNotice(notice.view);
    },
    async store(answer) {
      const settledAt = await storeAnswer(source, delivery, answer);
      Object.assign(recipient, { outcome: answer.outcome, response: answer.response, settledAt });
    },
    storeFault: (error, attempt) => storeFault(source, delivery, error, attempt),
  };
};

function deliveryOf({ recipientId, outcome, settledAt, response }: NoticeRecipient): NoticeDelivery[] {
  if (outcome === null || settledAt === null) return [];
  if (outcome === 'failed') return [{ recipientId, outcome, reason: response ?? 'unknown' }];
  return [{ recipientId, outcome, acceptedAt: new Date(settledAt).toISOString() }];
}

/** Stores the deliveries as a command and executes it. They are not new when the same were reported before. */
async function reportDeliveries(
  { source, library }: ActivityDependencies,
  { claimId, noticeId }: NoticeReference,
  results: NoticeDelivery[],
): Promise<{ isNew: boolean; execution: Execution }> {
  const { acceptance, execution } = await sendAndExecute(source, library, {
    commandId: commandIdOf('cpor', noticeId, results.map(({ recipientId }) => recipientId).join()),
    claimId,
    type: 'recordNoticeDelivery',
    actor: systemActor,
    body: { noticeId, results },
    request: { noticeId },
  });
  return { isNew: acceptance.result !== 'repeated', execution: execution ?? (await executeCommands(source, library, claimId)) };
}
