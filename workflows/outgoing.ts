import { isCancellation } from '@temporalio/workflow';
import type { Position } from '#libs/claims/index.js';
import type { Execution } from '#libs/inbox/index.js';
import { wakeAssociations, wakeClaims, sendLetters, sendNotice } from './steps.js';

/** What a claim's workflow sends out: notices and letters in the background, and word to the workflows of others. */
export class Outgoing {
  readonly noticesUnderWay = new Set<string>();
  /** While letters are being sent, the run does not end. */
  isWriting = false;
  private isMoreToWrite = false;
  /** What each association was told last; a new run tells all of them once. */
  private readonly told = new Map<string, string>();

  /** `onDelivery` is called when a notice has been delivered: the answer of the mail server lies in the inbox then. */
  constructor(
    private readonly claimId: string,
    private readonly onDelivery: () => void,
  ) {}

  /** Passes on what an execution has brought about for others. */
  async passOn({ position, partnerAccountId, changed = [], hasLetters = false }: Execution): Promise<void> {
    if (hasLetters) this.startLetters();
    await Promise.all([
      changed.length === 0 ? undefined : wakeClaims({ claims: changed }),
      this.wakeChangedAssociations(partnerAccountId, position.associations ?? []),
    ]);
  }

  startNotices(noticeIds: string[]): void {
    for (const noticeId of noticeIds) {
      if (this.noticesUnderWay.has(noticeId)) continue;
      this.noticesUnderWay.add(noticeId);
      inBackground(sendNotice({ claimId: this.claimId, noticeId }), () => {
        this.noticesUnderWay.delete(noticeId);
        this.onDelivery();
      });
    }
  }

  /** Letters that are written while others are sent may have come too late for that round. */
  private startLetters(): void {
    this.isMoreToWrite = this.isWriting;
    if (this.isWriting) return;
    this.isWriting = true;
    inBackground(sendLetters({ claimId: this.claimId }), () => {
      this.isWriting = false;
      if (this.isMoreToWrite) this.startLetters();
    });
  }

  private async wakeChangedAssociations(partnerAccountId: string, all: Position['associations']): Promise<void> {
    const word = ({ isLive, alarm }: (typeof all)[number]) => `${isLive} ${alarm?.clock} ${alarm?.at}`;
    const news = all.filter((association) => this.told.get(association.associationId) !== word(association));
    if (news.length === 0) return;
    const associations = news.map(({ associationId, isLive }) => ({ associationId, isLive }));
    const { claimId } = this;
    if (!(await wakeAssociations({ claimId, partnerAccountId, associations }))) return;
    for (const association of news) this.told.set(association.associationId, word(association));
  }
}

function inBackground(step: Promise<void>, onDone: () => void): void {
  step.then(onDone).catch((error: unknown) => {
    // Whoever cancels the run ends its deliveries too; the next run sends what is left.
    if (!isCancellation(error)) throw error;
  });
}
