import { isCancellation } from '@temporalio/workflow';
import type { Position } from '#libs/claims/index.js';
import type { Execution } from '#libs/inbox/index.js';
import { sendLetters, sendNotice, wakeAssociations, wakeClaims } from './steps.js';

type AssociationPosition = Position['associations'][number];

/** What a claim's workflow sends: notices and letters in the background, and wake-ups to the workflows of others. */
export class Outgoing {
  readonly noticesUnderWay = new Set<string>();
  /** The run does not end while letters are being sent. */
  isSendingLetters = false;
  private hasMoreLetters = false;
  /** What each association was notified of last; a new run notifies all of them once. */
  private readonly notifiedOf = new Map<string, string>();

  /** Calls `onDelivery` when the mail server has answered for a notice, with what the claim waits for since. */
  constructor(
    private readonly claimId: string,
    private readonly onDelivery: (execution: Execution) => void,
  ) {}

  /** Sends the letters of an execution, and wakes the claims and associations that it has changed. */
  async notifyOthers({ position, partnerAccountId, changed, hasLetters }: Execution): Promise<void> {
    if (hasLetters) this.startLetters();
    await Promise.all([
      changed.length === 0 ? undefined : wakeClaims({ claims: changed }),
      this.wakeChangedAssociations(partnerAccountId, position.associations),
    ]);
  }

  startNotices(noticeIds: string[]): void {
    for (const noticeId of noticeIds) {
      if (this.noticesUnderWay.has(noticeId)) continue;
      this.noticesUnderWay.add(noticeId);
      inBackground(sendNotice({ claimId: this.claimId, noticeId }), (execution) => {
        this.noticesUnderWay.delete(noticeId);
        this.onDelivery(execution);
      });
    }
  }

  /** Letters that are written while others are being sent may have missed that round: another one follows. */
  private startLetters(): void {
    this.hasMoreLetters = this.isSendingLetters;
    if (this.isSendingLetters) return;
    this.isSendingLetters = true;
    inBackground(sendLetters({ claimId: this.claimId }), () => {
      this.isSendingLetters = false;
      if (this.hasMoreLetters) this.startLetters();
    });
  }

  private async wakeChangedAssociations(partnerAccountId: string, associations: AssociationPosition[]): Promise<void> {
    const changed = associations.filter((association) => this.isNews(association));
    if (changed.length === 0) return;
    const wakeUps = changed.map(({ associationId, isLive }) => ({ associationId, isLive }));
    const areWoken = await wakeAssociations({ claimId: this.claimId, partnerAccountId, associations: wakeUps });
    if (!areWoken) return;
    for (const association of changed) this.notifiedOf.set(association.associationId, summaryOf(association));
  }

  /** A live association without a clock has no workflow, unless it was notified of one before. */
  private isNews(association: AssociationPosition): boolean {
    const known = this.notifiedOf.get(association.associationId);
    if (known === undefined && association.isLive && association.alarm === null) return false;
    return known !== summaryOf(association);
  }
}

const summaryOf = ({ isLive, alarm }: AssociationPosition): string => `${isLive} ${alarm?.clock} ${alarm?.at}`;

function inBackground<Result>(step: Promise<Result>, onDone: (result: Result) => void): void {
  step.then(onDone).catch((error: unknown) => {
    // Cancelling the run ends its deliveries too; the next run sends what is left.
    if (!isCancellation(error)) throw error;
  });
}
