import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { CommandBodies, CommandType } from '#libs/claims/index.js';
import { readClock } from '#libs/event-store/index.js';
import { EvidenceStore } from '#libs/evidence/index.js';
import { commandIdOf, contentWithText, sendCommand } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import {
  type ChoiceFault,
  type ChoiceNotice,
  type ConsentNotice,
  copiedLink,
  copyCode,
  copyUrlOf,
  type CustomerNotice,
  deadlineCalendar,
  type FormFault,
  hashToken,
  type Language,
  languageOf,
  readNotice,
  readReceipts,
  renderChoiceCopy,
  renderChoicePage,
  renderNoticeCopy,
  renderNoticePage,
  renderReceiptPage,
  renderUnknownLinkPage,
  urlOf,
} from '#libs/notices/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { WorkflowWaker } from '../commands/workflow-waker.js';
import { choiceFaultOf, formTokenOf, judgeAnswer, type SentForm } from './answer.form.js';

/** A calendar file to add to a calendar. */
export interface CalendarFile {
  fileName: string;
  content: string;
}

export type Acted = { result: 'recorded' } | { result: 'faulty' | 'unknown'; page: string };

/** Shows the page behind a customer's link and stores the answers given there. Needs PostgreSQL only, not Temporal. */
@Injectable()
export class CustomerPageService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly waker: WorkflowWaker,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  async show(token: string, language: string | undefined): Promise<string | null> {
    const notice = await this.read(token, language);
    if (notice === null) return null;
    return notice.kind === 'choice' ? renderChoice(notice, token) : this.render(notice, token);
  }

  /** Shows the copy for reading, which takes no answer. Returns null if no valid link made this code. */
  async showCopy(code: string, language: string | undefined): Promise<string | null> {
    const notice = await this.readCopy(code, language);
    if (notice === null) return null;
    const now = await readClock(this.source);
    return notice.kind === 'choice' ? renderChoiceCopy(notice.view, now) : renderNoticeCopy(notice.view, now);
  }

  /** Returns the running deadlines as a calendar file, below the link or below its copy; null if there is none. */
  async deadlines(of: { token: string } | { copy: string }, language: string | undefined): Promise<CalendarFile | null> {
    const notice = 'token' in of ? await this.read(of.token, language) : await this.readCopy(of.copy, language);
    if (notice?.kind !== 'consent') return null;
    const content = deadlineCalendar(notice.view, await readClock(this.source));
    return content === null ? null : { fileName: `${notice.view.claimNumber}-deadline.ics`, content };
  }

  /** Opens an evidence file that the page links to. Returns null if it does not link to that file. */
  async evidence(
    token: string,
    evidenceId: string,
  ): Promise<{ fileName: string; mediaType: string; sizeBytes: number; content: Readable } | null> {
    const notice = await this.read(token, undefined);
    if (notice?.kind !== 'consent' || !notice.view.evidence.some(({ url }) => url?.endsWith(`/evidence/${evidenceId}`))) return null;
    const store = new EvidenceStore(this.source);
    const [file, content] = [await store.find(notice.claimId, evidenceId), await store.open(notice.claimId, evidenceId)];
    if (file?.fileName == null || content === null) return null;
    return { fileName: file.fileName, mediaType: file.mediaType, sizeBytes: file.sizeBytes, content };
  }

  /** Stores an answer, which counts from this instant, and wakes the claim's workflow to execute it. */
  async act(token: string, language: string | undefined, sent: SentForm): Promise<Acted> {
    const notice = await this.read(token, language);
    if (notice === null) return { result: 'unknown', page: unknownPage(language) };
    return notice.kind === 'choice' ? this.choose(notice, token, sent) : this.answer(notice, token, sent);
  }

  private async answer(notice: ConsentNotice, token: string, sent: SentForm): Promise<Acted> {
    const answer = judgeAnswer(sent, token, notice.view);
    if (answer.result === 'faulty') return { result: 'faulty', page: await this.render(notice, token, answer.fault, sent) };
    if (answer.result === 'repeated') return { result: 'recorded' };
    if (sent.scope === 'accept') await this.accept(notice, answer.lines);
    else await this.refuse(notice, answer.lines, sent);
    return { result: 'recorded' };
  }

  private async choose(notice: ChoiceNotice, token: string, sent: SentForm): Promise<Acted> {
    const { view, choiceId, recipientId } = notice;
    const candidates = view.candidates.map(({ claimId }) => claimId);
    const fault = choiceFaultOf(sent, token, candidates);
    if (fault !== null && view.isOpen) return { result: 'faulty', page: renderChoice(notice, token, fault, sent) };
    const claimId = sent.candidate;
    // Posted twice or too late; the page shows which choice counts.
    if (fault !== null || claimId === null || !view.isOpen || view.chosen?.claimId === claimId) return { result: 'recorded' };
    // Returning to an earlier choice is a new command.
    const key = `chooseRival ${choiceId} ${claimId} after ${view.chosen?.reference ?? 'none'}`;
    await this.store(notice, 'chooseRival', key, { recipientId, choiceId, claimId }, sent.reason, (textId) => ({
      noticeId: choiceId,
      choiceId,
      recipientId,
      claimId,
      textId,
    }));
    return { result: 'recorded' };
  }

  private async read(token: string, language: string | undefined): Promise<CustomerNotice | null> {
    const { publicUrl } = this.config.api;
    const tokenHash = hashToken(token);
    const notice = await readNotice(this.source, this.library, { tokenHash }, urlOf(publicUrl, token));
    return notice && shownAs(notice, language, { copyUrl: copyUrlOf(publicUrl, copyCode(notice.recipientId, tokenHash)) });
  }

  /** Reads the notice behind a copy. Its view holds nothing that the recipient's own link could be made from. */
  private async readCopy(code: string, language: string | undefined): Promise<CustomerNotice | null> {
    const tokenHash = await copiedLink(this.source, code);
    if (tokenHash === null) return null;
    const notice = await readNotice(this.source, this.library, { tokenHash }, copyUrlOf(this.config.api.publicUrl, code));
    return notice && shownAs(notice, language, { isCopy: true });
  }

  private async render(notice: ConsentNotice, token: string, fault?: FormFault, entered?: SentForm): Promise<string> {
    const options = { formToken: formTokenOf(token), ...(fault && { fault }), ...(entered && { entered }) };
    const { latest, earlier } = await readReceipts(this.source, notice);
    return latest === null ? renderNoticePage(notice.view, options, earlier) : renderReceiptPage(notice.view, latest, options);
  }

  private async refuse(notice: ConsentNotice, lines: number[], { reason, isBlocking }: SentForm): Promise<void> {
    const { noticeId, recipientId } = notice;
    const blocking = isBlocking ? { blockPartner: true } : {};
    // A second click on the same lines is the same command.
    const key = `optOut ${lines.join()}${isBlocking ? ' block' : ''}`;
    await this.store(notice, 'optOut', key, { recipientId, lines, ...blocking }, reason, (textId) => ({
      lines,
      noticeId,
      recipientId,
      textId,
      ...blocking,
    }));
  }

  /** Stores an acceptance. The holder of a link is not known to be an administrator, so it does not close the window (domain.md 8, rule 3). */
  private async accept(notice: ConsentNotice, lines: number[]): Promise<void> {
    const { noticeId, recipientId } = notice;
    const body = { lines, noticeId, recipientId, isTenantAdmin: false };
    await this.store(notice, 'acceptClaim', `acceptClaim ${lines.join()}`, { recipientId, lines }, '', () => body);
  }

  private async store<Type extends CommandType>(
    { claimId, recipientId, state }: CustomerNotice,
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

function renderChoice({ view }: ChoiceNotice, token: string, fault?: ChoiceFault, entered?: SentForm): string {
  return renderChoicePage(view, { formToken: formTokenOf(token), ...(fault && { fault }), ...(entered && { entered }) });
}

/** The notice in the reader's language, for the link itself or for its copy, which offers no files. */
function shownAs(notice: CustomerNotice, language: string | undefined, as: { copyUrl: string } | { isCopy: true }): CustomerNotice {
  const changes = { ...(language !== undefined && { language: languageOf(language) }), ...('copyUrl' in as && as) };
  if (notice.kind === 'choice') return { ...notice, view: { ...notice.view, ...changes } };
  const evidence = 'copyUrl' in as ? notice.view.evidence : notice.view.evidence.map((file) => ({ ...file, url: null }));
  return { ...notice, view: { ...notice.view, ...changes, evidence } };
}

export const unknownPage = (language: string | undefined): string => renderUnknownLinkPage(languageOf(language) satisfies Language);
