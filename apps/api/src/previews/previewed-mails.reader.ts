import { Inject, Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { type Mail, readNotice, readWaitingLetters, renderChoice, renderLetter, renderNotice, urlOf } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import type { PreviewedMail } from './preview.body.js';

type Addressed = Omit<PreviewedMail, 'recipients'>;

/** Reads the mails that a transaction has written and that are still to be sent, by the code that sends them. */
@Injectable()
export class PreviewedMailsReader {
  constructor(
    private readonly library: ProgrammeLibrary,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  async read(manager: EntityManager, claimIds: string[]): Promise<PreviewedMail[]> {
    const mails: Addressed[] = [];
    for (const claimId of claimIds) mails.push(...(await this.notices(manager, claimId)), ...(await this.letters(manager, claimId)));
    return counted(mails);
  }

  /** A personal link is a secret of its recipient. */
  private get url(): string {
    return urlOf(this.config.api.publicUrl, '…');
  }

  private async notices(manager: EntityManager, claimId: string): Promise<Addressed[]> {
    const recipients = await manager.query<{ recipientId: string }[]>(
      `SELECT recipient_id AS "recipientId" FROM notice_recipients WHERE claim_id = $1 AND ${isNew} ORDER BY recipient_id`,
      [claimId],
    );
    const mails: Addressed[] = [];
    for (const { recipientId } of recipients) {
      const notice = await readNotice(manager, this.library, { recipientId }, this.url);
      if (notice === null) continue;
      const mail = notice.kind === 'choice' ? renderChoice(notice.view) : renderNotice(notice.view);
      mails.push({ claimId, to: 'customer', kind: 'notice', language: notice.view.language, ...wordsOf(mail) });
    }
    return mails;
  }

  private async letters(manager: EntityManager, claimId: string): Promise<Addressed[]> {
    const written = await manager.query<{ letterId: string; personId: string | null }[]>(
      `SELECT letter_id AS "letterId", person_id AS "personId" FROM letters WHERE claim_id = $1 AND outcome IS NULL AND ${isNew}`,
      [claimId],
    );
    const waiting = await readWaitingLetters(manager, this.library, claimId);
    return waiting.flatMap(({ letterId, recipientId, signatory, view }) => {
      const letter = written.find((candidate) => candidate.letterId === letterId);
      if (letter === undefined) return [];
      const isCustomer = recipientId !== null || signatory !== null;
      const to = letter.personId === null ? 'vendor' : isCustomer ? 'customer' : 'partner';
      // Each letter would have a reference of its own, and this one is never sent.
      const mail = renderLetter({ ...view, reference: '…', url: isCustomer ? this.url : null, code: null });
      return [{ claimId, to, kind: view.kind, language: view.language, ...wordsOf(mail) } as const];
    });
  }
}

/** SQL that is true for rows that this very transaction has written. */
const isNew = 'xmin = pg_current_xact_id()::xid';

const wordsOf = ({ subject, text }: Mail) => ({ subject, text });

/** Several people get the same text: their links are left out. */
function counted(mails: Addressed[]): PreviewedMail[] {
  const groups = Map.groupBy(mails, (mail) => JSON.stringify(mail));
  return [...groups.values()].map((same) => ({ ...same[0]!, recipients: same.length }));
}
