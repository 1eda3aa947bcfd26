import { timingSafeEqual } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import type { CommandBodies, CommandType } from '#libs/claims/index.js';
import { isBefore } from '#libs/claims/index.js';
import { readClock } from '#libs/event-store/index.js';
import { readMailAddress } from '#libs/identifiers/index.js';
import { type CommandOutcome, commandIdOf, contentWithText, type PersonalItem, sendAndExecute, sendCommand } from '#libs/inbox/index.js';
import { hashCode, type Language } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import {
  findByLink,
  newSigner,
  receiptContentOf,
  renderPendingPage,
  renderForwardedPage,
  renderReceipt,
  renderSignPage,
  type SignatureRecord,
  signerHash,
  type SignFault,
  takeCodeTry,
} from '#libs/signatures/index.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import { CommandService, storedOrThrow } from '../commands/command.service.js';
import { formTokenOf, isShown } from '../customer-page/answer.form.js';
import { ReceiptFiles } from './receipt-files.service.js';
import { type PostedForm, signFaultOf } from './sign.form.js';

/** How often one code may be tried. */
const maximumTries = 5;

/** Where a person posted from. */
export interface Visit {
  address: string;
  browser: string;
}

export type Acted =
  | { result: 'recorded' }
  /** A page to show at once: with a fault, or because the link is void from now on. */
  | { result: 'shown'; status: number; page: string }
  | { result: 'unknown' };

/** Shows the page behind a link to sign, and executes what is answered there. Needs PostgreSQL only, neither Temporal nor the relay. */
@Injectable()
export class SignPageService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly commands: CommandService,
    private readonly files: ReceiptFiles,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  /** Returns null when the link is unknown or void. `language` is the one asked for; by default the statement's. */
  async show(token: string, language: Language | undefined): Promise<string | null> {
    const record = await findByLink(this.source, this.library, token);
    return record && this.render(record, token, language ?? record.signature.language);
  }

  /** The sealed receipt of the statement behind a link; null if it was not signed, or nothing is sealed here. */
  async receipt(token: string): Promise<Uint8Array | null> {
    const record = this.files.areAvailable ? await findByLink(this.source, this.library, token) : null;
    const content = record && receiptContentOf(record, this.config.api.publicUrl);
    return content ? this.files.print(content) : null;
  }

  async act(token: string, asked: Language | undefined, form: PostedForm, visit: Visit): Promise<Acted> {
    const record = await findByLink(this.source, this.library, token);
    if (record === null) return { result: 'unknown' };
    const language = asked ?? record.signature.language;
    const refused = async (fault: SignFault): Promise<Acted> => ({
      result: 'shown',
      status: 422,
      page: await this.render(record, token, language, fault, form),
    });
    // Posted twice or too late: the page shows what became of the request.
    if (!record.isOpen || record.addressee === null) return { result: 'recorded' };
    if (!isShown(form, token)) return refused('form_expired');
    const fault = signFaultOf(form, record.addressee) ?? (form.action === 'sign' ? await this.codeFault(record, token, form.code) : null);
    if (fault !== null) return refused(fault);
    const outcome = await this.execute(record, form, visit);
    if (outcome?.status === 'refused') {
      const known = faults[outcome.findings[0]?.code ?? ''];
      return known === undefined ? { result: 'recorded' } : refused(known);
    }
    if (outcome === null) return { result: 'shown', status: 202, page: renderPendingPage(record, language) };
    if (form.action === 'forward') return { result: 'shown', status: 200, page: renderForwardedPage(record, language) };
    if (form.action !== 'code') return { result: 'recorded' };
    const after = (await findByLink(this.source, this.library, token)) ?? record;
    return { result: 'shown', status: 200, page: await this.render(after, token, language, undefined, { ...form, code: '' }) };
  }

  private async render(
    record: SignatureRecord,
    token: string,
    language: Language,
    fault?: SignFault,
    entered?: PostedForm,
  ): Promise<string> {
    const receipt = receiptContentOf(record, this.config.api.publicUrl);
    const fileAt = this.files.areAvailable ? `/s/${token}/receipt.pdf` : null;
    if (receipt !== null) return renderReceipt(receipt, { banner: record.policy.vendor.name, fileAt });
    const { code } = record.signature;
    const hasCode = code !== null && !isBefore(code.validUntil, await readClock(this.source));
    const shown = { language, formToken: formTokenOf(token), hasCode };
    return renderSignPage(record, { ...shown, ...(fault && { fault }), ...(entered && { entered }) });
  }

  /** Compares the code with the one that was mailed. Every try counts, whatever its outcome. */
  private async codeFault({ signature }: SignatureRecord, token: string, code: string): Promise<SignFault | null> {
    if (signature.code === null) return 'code_missing';
    const attempt = await takeCodeTry(this.source, signature.signatureId, maximumTries);
    if (attempt === null) return 'code_used_up';
    const { codeId, codeHash, tries } = attempt;
    // The mail with the latest code may not have left yet.
    const isRight = codeHash !== null && codeId === signature.code.codeId && timingSafeEqual(codeHash, hashCode(token, codeId, code));
    if (isRight) return null;
    return tries >= maximumTries ? 'code_used_up' : 'code_wrong';
  }

  private execute(record: SignatureRecord, form: PostedForm, visit: Visit): Promise<CommandOutcome | null> {
    const { signature, addressee } = record;
    const { signatureId, code } = signature;
    switch (form.action) {
      case 'code':
        // A second click orders no second code.
        return this.send(record, 'requestSignatureCode', `after ${code?.codeId ?? 'none'}`, {}, () => ({ body: { signatureId } }));
      case 'sign': {
        const { name, title } = form;
        const signer = newSigner({ name, title, email: addressee!.email, ...visit });
        return this.send(record, 'signStatement', code!.codeId, { name, title }, (commandId) => {
          const signerId = uuidV5('signer', commandId);
          const personal: PersonalItem[] = [{ personId: signerId, kind: 'contact', content: { ...signer } }];
          return { body: { signatureId, codeId: code!.codeId, signerId, signerSha256: signerHash(signer) }, personal };
        });
      }
      case 'decline':
        return this.send(record, 'declineSignature', '', { reason: form.reason }, (commandId) =>
          contentWithText(commandId, form.reason, (textId) => ({ signatureId, textId })),
        );
      default: {
        const { address, domain } = readMailAddress(form.colleagueEmail)!;
        return this.send(record, 'forwardSignature', address, { name: form.colleagueName }, (commandId) => {
          const personId = uuidV5('signatory', commandId);
          const personal: PersonalItem[] = [{ personId, kind: 'contact', content: { name: form.colleagueName, email: address } }];
          return { body: { signatureId, signatory: { personId, emailDomain: domain } }, personal };
        });
      }
    }
  }

  /** Executes a command of the link's holder in this process, as far as it can be; otherwise it is stored and the claim's workflow executes it. */
  private async send<Type extends CommandType>(
    { claimId, partnerAccountId, signature, state }: SignatureRecord,
    type: Type,
    key: string,
    request: object,
    contentOf: (commandId: string) => { body: CommandBodies[Type]; personal?: PersonalItem[] },
  ): Promise<CommandOutcome | null> {
    const subject = `signatory:${signature.personId}`;
    const commandId = commandIdOf(subject, `${type} ${signature.signatureId} ${key}`);
    const actor = { kind: 'customer' as const, subject, actsFor: [] };
    const sent = { commandId, claimId, type, actor, ...contentOf(commandId), request };
    const claim = { claimId, partnerAccountId, isUnanswered: false, isOpen: true };
    const { command } = await this.commands.execute(
      claim,
      { type, isOfDraft: state.submission === 0 },
      { scope: { kind: 'everything' }, prefersAsync: false },
      async (isExecuted) => {
        const { acceptance, execution } = isExecuted
          ? await sendAndExecute(this.source, this.library, sent)
          : { acceptance: await sendCommand(this.source.manager, sent), execution: null };
        return { command: storedOrThrow(acceptance), execution };
      },
    );
    return command.outcome;
  }
}

/** What the page says to each refusal; the others mean that the request is closed, which the page shows by itself. */
const faults: Record<string, SignFault | undefined> = {
  signature_code_expired: 'code_expired',
  signature_code_too_soon: 'code_too_soon',
  signature_codes_used_up: 'codes_used_up',
  signatory_domain_mismatch: 'colleague_domain',
};
