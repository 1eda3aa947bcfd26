import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { acceptCommand, commandIdOf, fingerprintOf, type NewCommand, ProgrammeLibrary } from '#libs/inbox/index.js';
import {
  type FormFault,
  hashToken,
  type Language,
  languageOf,
  renderNoticePage,
  renderReceiptPage,
  renderUnknownLinkPage,
} from '#libs/notices/index.js';
import { type NoticeLetter, readLetter, readReceipt } from '#libs/read-models/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { Doorbell } from '../commands/doorbell.js';
import { textItem } from '../commands/texts.js';
import { faultOf, formTokenOf, type SentForm } from './answer.form.js';

export type Acted = { result: 'recorded' } | { result: 'faulty' | 'unknown'; page: string };

/** What the customer sees and does behind the link. It needs PostgreSQL alone. */
@Injectable()
export class CustomerPageService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly doorbell: Doorbell,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  async show(token: string, language: string | undefined): Promise<string | null> {
    const letter = await this.read(token, language);
    return letter && this.render(letter, token);
  }

  /** Stores the refusal, which then counts from this instant, and rings for it to be carried out. */
  async act(token: string, language: string | undefined, sent: SentForm): Promise<Acted> {
    const letter = await this.read(token, language);
    if (letter === null) return { result: 'unknown', page: unknownPage(language) };
    const answerable = answerableLines(letter);
    const lines = sent.isAboutAll ? answerable : sent.lines.filter((line) => answerable.includes(line));
    // A form that was sent twice finds its lines answered; the receipt says so.
    const isRepeat = answerable.length === 0 || (lines.length === 0 && sent.lines.length > 0);
    const fault = faultOf(sent, token, isRepeat ? sent.lines : lines);
    if (fault !== null && !isRepeat) return { result: 'faulty', page: await this.render(letter, token, fault, sent) };
    if (!isRepeat) await this.store(letter, lines, sent.reason);
    return { result: 'recorded' };
  }

  private read(token: string, language: string | undefined): Promise<NoticeLetter | null> {
    const url = `${this.config.api.publicUrl}/n/${token}`;
    return readLetter(this.source, this.library, { tokenHash: hashToken(token) }, url).then(
      (letter) => letter && inLanguage(letter, language),
    );
  }

  private async render(letter: NoticeLetter, token: string, fault?: FormFault, entered?: SentForm): Promise<string> {
    const options = { formToken: formTokenOf(token), ...(fault && { fault }), ...(entered && { entered }) };
    const receipt = await readReceipt(this.source, letter);
    return receipt === null ? renderNoticePage(letter.view, options) : renderReceiptPage(letter.view, receipt, options);
  }

  private async store({ claimId, noticeId, recipientId, state }: NoticeLetter, lines: number[], reason: string): Promise<void> {
    const subject = `recipient:${recipientId}`;
    // The same lines answered twice, by an impatient second click, are one answer.
    const commandId = commandIdOf(subject, `optOut ${lines.join()}`);
    const words = textItem(commandId, reason);
    const command: NewCommand['command'] = {
      type: 'optOut',
      actor: { kind: 'customer', subject, actsFor: [] },
      body: { lines, noticeId, recipientId, textId: words?.personId ?? null },
    };
    const fingerprint = fingerprintOf({ recipientId, lines });
    await acceptCommand(this.source.manager, { commandId, claimId, command, fingerprint, personal: words === null ? [] : [words] });
    this.doorbell.ring({ claimId, partnerAccountId: state.partnerAccountId }, 'optOut', commandId);
  }
}

const answerableLines = ({ view }: NoticeLetter): number[] =>
  view.lines.filter(({ state }) => state === 'open' || state === 'official').map(({ line }) => line);

const inLanguage = (letter: NoticeLetter, language: string | undefined): NoticeLetter =>
  language === undefined ? letter : { ...letter, view: { ...letter.view, language: languageOf(language) } };

export const unknownPage = (language: string | undefined): string => renderUnknownLinkPage(languageOf(language) satisfies Language);
