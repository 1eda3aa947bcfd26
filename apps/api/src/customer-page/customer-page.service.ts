import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CommandBodies, CommandType } from '#libs/claims/index.js';
import { EvidenceStore } from '#libs/evidence/index.js';
import { commandIdOf, contentWithText, sendCommand } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import {
  type ChoiceFault,
  type FormFault,
  hashToken,
  type Language,
  languageOf,
  renderChoicePage,
  renderNoticePage,
  renderReceiptPage,
  renderUnknownLinkPage,
} from '#libs/notices/index.js';
import { type ChoiceLetter, type NoticeLetter, readLetter, readReceipts } from '#libs/read-models/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { WorkflowWaker } from '../commands/workflow-waker.js';
import { choiceFaultOf, faultOf, formTokenOf, type SentForm } from './answer.form.js';

export type Acted = { result: 'recorded' } | { result: 'faulty' | 'unknown'; page: string };

type Letter = NoticeLetter | ChoiceLetter;

/** What the customer sees and does behind the link. It needs PostgreSQL alone. */
@Injectable()
export class CustomerPageService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly waker: WorkflowWaker,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  async show(token: string, language: string | undefined): Promise<string | null> {
    const letter = await this.read(token, language);
    if (letter === null) return null;
    return letter.kind === 'choice' ? renderChoice(letter, token) : this.render(letter, token);
  }

  /** A file that the page links to, or null. */
  async evidence(
    token: string,
    evidenceId: string,
  ): Promise<{ fileName: string; mediaType: string; sizeBytes: number; content: Readable } | null> {
    const letter = await this.read(token, undefined);
    if (letter?.kind !== 'notice' || !letter.view.evidence.some(({ url }) => url?.endsWith(`/evidence/${evidenceId}`))) return null;
    const store = new EvidenceStore(this.source);
    const [file, content] = [await store.find(letter.claimId, evidenceId), await store.open(letter.claimId, evidenceId)];
    if (file?.fileName == null || content === null) return null;
    return { fileName: file.fileName, mediaType: file.mediaType, sizeBytes: file.sizeBytes, content };
  }

  /** Stores the answer, which then counts from this instant, and rings for it to be carried out. */
  async act(token: string, language: string | undefined, sent: SentForm): Promise<Acted> {
    const letter = await this.read(token, language);
    if (letter === null) return { result: 'unknown', page: unknownPage(language) };
    return letter.kind === 'choice' ? this.choose(letter, token, sent) : this.answer(letter, token, sent);
  }

  private async answer(letter: NoticeLetter, token: string, sent: SentForm): Promise<Acted> {
    const shown = letter.view.lines.map(({ line }) => line);
    const answerable = sent.scope === 'accept' ? acceptableLines(letter) : answerableLines(letter);
    const lines = sent.scope === 'all' ? answerable : sent.lines.filter((line) => answerable.includes(line));
    // A form that was sent twice finds its lines answered; the receipt says so.
    const isUnanswerable = lines.length === 0 && sent.lines.length > 0 && sent.lines.every((line) => shown.includes(line));
    const isOfficial = isUnanswerable && sent.scope === 'accept' && sent.lines.some((line) => officialLines(letter).includes(line));
    const isRepeat = answerable.length === 0 || (isUnanswerable && !isOfficial);
    const fault = isOfficial && !isRepeat ? 'nothing_to_accept' : faultOf(sent, token, { shown, meant: isRepeat ? sent.lines : lines });
    if (fault !== null && !isRepeat) return { result: 'faulty', page: await this.render(letter, token, fault, sent) };
    if (!isRepeat && sent.scope === 'accept') await this.accept(letter, lines);
    else if (!isRepeat) await this.refuse(letter, lines, sent);
    return { result: 'recorded' };
  }

  private async choose(letter: ChoiceLetter, token: string, sent: SentForm): Promise<Acted> {
    const { view, choiceId, recipientId } = letter;
    const candidates = view.candidates.map(({ claimId }) => claimId);
    const fault = choiceFaultOf(sent, token, candidates);
    if (fault !== null && view.isOpen) return { result: 'faulty', page: renderChoice(letter, token, fault, sent) };
    const claimId = sent.candidate;
    // Sent twice, or too late: the page says what counts.
    if (fault !== null || claimId === null || !view.isOpen || view.chosen?.claimId === claimId) return { result: 'recorded' };
    // Whoever goes back to an earlier choice chooses anew.
    const key = `chooseRival ${choiceId} ${claimId} after ${view.chosen?.reference ?? 'none'}`;
    await this.store(letter, 'chooseRival', key, { recipientId, choiceId, claimId }, sent.reason, (textId) => ({
      noticeId: choiceId,
      choiceId,
      recipientId,
      claimId,
      textId,
    }));
    return { result: 'recorded' };
  }

  private read(token: string, language: string | undefined): Promise<Letter | null> {
    const url = `${this.config.api.publicUrl}/n/${token}`;
    return readLetter(this.source, this.library, { tokenHash: hashToken(token) }, url).then(
      (letter) => letter && inLanguage(letter, language),
    );
  }

  private async render(letter: NoticeLetter, token: string, fault?: FormFault, entered?: SentForm): Promise<string> {
    const options = { formToken: formTokenOf(token), ...(fault && { fault }), ...(entered && { entered }) };
    const { latest, earlier } = await readReceipts(this.source, letter);
    return latest === null ? renderNoticePage(letter.view, options, earlier) : renderReceiptPage(letter.view, latest, options);
  }

  private async refuse(letter: NoticeLetter, lines: number[], { reason, isBlocking }: SentForm): Promise<void> {
    const { noticeId, recipientId } = letter;
    const blocking = isBlocking ? { blockPartner: true } : {};
    // The same lines answered twice, by an impatient second click, are one answer.
    const key = `optOut ${lines.join()}${isBlocking ? ' block' : ''}`;
    await this.store(letter, 'optOut', key, { recipientId, lines, ...blocking }, reason, (textId) => ({
      lines,
      noticeId,
      recipientId,
      textId,
      ...blocking,
    }));
  }

  /** Whoever has the link is not known to be an administrator: its acceptance is recorded and closes nothing. */
  private async accept(letter: NoticeLetter, lines: number[]): Promise<void> {
    const { noticeId, recipientId } = letter;
    const body = { lines, noticeId, recipientId, isTenantAdmin: false };
    await this.store(letter, 'acceptClaim', `acceptClaim ${lines.join()}`, { recipientId, lines }, '', () => body);
  }

  private async store<Type extends CommandType>(
    { claimId, recipientId, state }: Letter,
    type: Type,
    key: string,
    request: object,
    reason: string,
    build: (textId: string | null) => CommandBodies[Type],
  ): Promise<void> {
    const subject = `recipient:${recipientId}`;
    const commandId = commandIdOf(subject, key);
    const actor = { kind: 'customer' as const, subject, actsFor: [] };
    const content = contentWithText(commandId, reason, build);
    await sendCommand(this.source.manager, { commandId, claimId, type, actor, ...content, request });
    this.waker.wake({ claimId, partnerAccountId: state.partnerAccountId }, type === 'optOut' ? 'optOut' : 'wake', commandId);
  }
}

const answerableLines = ({ view }: NoticeLetter): number[] =>
  view.lines.filter(({ state }) => state === 'open' || state === 'official').map(({ line }) => line);

const officialLines = ({ view }: NoticeLetter): number[] => view.lines.filter(({ state }) => state === 'official').map(({ line }) => line);

const acceptableLines = ({ view }: NoticeLetter): number[] =>
  view.lines.filter(({ state, isAccepted }) => state === 'open' && !isAccepted).map(({ line }) => line);

function renderChoice({ view }: ChoiceLetter, token: string, fault?: ChoiceFault, entered?: SentForm): string {
  return renderChoicePage(view, { formToken: formTokenOf(token), ...(fault && { fault }), ...(entered && { entered }) });
}

function inLanguage(letter: Letter, language: string | undefined): Letter {
  if (language === undefined) return letter;
  const shown = languageOf(language);
  return letter.kind === 'choice'
    ? { ...letter, view: { ...letter.view, language: shown } }
    : { ...letter, view: { ...letter.view, language: shown } };
}

export const unknownPage = (language: string | undefined): string => renderUnknownLinkPage(languageOf(language) satisfies Language);
