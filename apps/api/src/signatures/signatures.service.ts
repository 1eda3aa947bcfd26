import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import type { Scope } from '#libs/auth/index.js';
import type { DirectoryFacts } from '#libs/claims/index.js';
import { type ExpectedVersion, readClock } from '#libs/event-store/index.js';
import { readMailAddress } from '#libs/identifiers/index.js';
import { latestFactsSql } from '#libs/notices/index.js';
import { type Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import type { ClaimRow } from '#libs/read-models/index.js';
import { checkRecord, readSignature, receiptContentOf, type SignatureRecord, statementOf } from '#libs/signatures/index.js';
import type { ReceiptContent } from '#libs/receipts/index.js';
import { expectedVersionOf } from '../http/entity-tag.js';
import { API_CONFIG, type ApiConfig } from '../api.config.js';
import type { Caller } from '../auth/caller.js';
import { type CommandContent, CommandService, type Settlement } from '../commands/command.service.js';
import type { MailState } from './signature.view.js';

/** Whom to ask, and in which language. */
export interface SignatureRequest {
  signatory: { name: string; email: string };
  language?: 'en' | 'ru' | undefined;
}

/** Asks for signatures and reads them. */
@Injectable()
export class SignaturesService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    private readonly commands: CommandService,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
  ) {}

  /** Makes the statement from the programme's template and asks the signatory to sign it. */
  async request(caller: Caller, claimId: string, sent: SignatureRequest, ifMatch: ExpectedVersion | undefined): Promise<Settlement> {
    const address = readMailAddress(sent.signatory.email);
    if (address === null) {
      const message = 'This is not an e-mail address that a mail can be sent to.';
      throw new Problem('invalid_request', { detail: message, errors: [{ pointer: '/signatory/email', code: 'email_invalid', message }] });
    }
    const claim = await this.commands.findFor(caller, claimId);
    const now = await readClock(this.source);
    const policy = await this.policyOf(claim, now);
    const facts = (await this.latestFacts(claimId)) ?? (await this.commands.askDirectory(claimId, claim.state.details))?.facts ?? null;
    const language = sent.language ?? facts?.tenant?.language ?? policy.language;
    const { zone } = await this.library.calendarInForce(policy.calendar, now);
    // Without the directory's answer, or a template, the rules refuse; there is no text to make then.
    const statement = facts === null ? null : statementOf(policy, language, { state: claim.state, facts, now, zone });
    const body = (_claim: ClaimRow, commandId: string): CommandContent<'requestSignature'> => {
      const [personId, textId] = [uuidV5('signatory', commandId), uuidV5('statement', commandId)];
      return {
        body: {
          signatory: { personId, emailDomain: address.domain },
          language,
          policy: `${policy.name}@${policy.version}`,
          textId,
          textSha256: statement?.sha256 ?? '',
        },
        personal: [
          { personId, kind: 'contact', content: { name: sent.signatory.name.trim(), email: address.address } },
          ...(statement === null ? [] : [{ personId: textId, kind: 'text' as const, content: { text: statement.text } }]),
        ],
      };
    };
    // The text holds for the version that it was made of.
    const version = expectedVersionOf(ifMatch, claim.version) ?? claim.version;
    return this.commands.handle({ caller, claimId, type: 'requestSignature', body, sent, ifMatch: [version] });
  }

  /** Reads the requests of a claim, oldest first, each with what became of its mail. */
  async list(scope: Scope, claimId: string): Promise<{ record: SignatureRecord; mail: MailState }[]> {
    const { state } = await this.commands.find(scope, claimId);
    const mails = await this.mails(claimId);
    const records: { record: SignatureRecord; mail: MailState }[] = [];
    for (const { signatureId } of state.signatures ?? []) {
      const record = await readSignature(this.source, this.library, claimId, signatureId);
      if (record !== null) records.push({ record, mail: mails.get(signatureId) ?? 'waiting' });
    }
    return records;
  }

  /** Reads what the receipt of a signed statement says. */
  async receipt(scope: Scope, claimId: string, signatureId: string): Promise<{ content: ReceiptContent; vendor: string }> {
    await this.commands.find(scope, claimId);
    const record = await readSignature(this.source, this.library, claimId, signatureId);
    const content = record && receiptContentOf(record, this.config.api.publicUrl);
    if (!record || !content) throw new Problem('not_found');
    return { content, vendor: record.policy.vendor.name };
  }

  /** Says when the statement with this record was signed; null when there is no such record. */
  check(signatureId: string, recordSha256: string): ReturnType<typeof checkRecord> {
    return checkRecord(this.source, signatureId, recordSha256);
  }

  /** A draft follows the policy in force; a submitted claim keeps the version that it was submitted under. */
  private async policyOf({ state }: ClaimRow, now: string): Promise<Policy> {
    const inForce = state.submission === 0 ? await this.library.policyInForce(state.details.programme, now) : null;
    return inForce ?? this.library.policy(state.policy);
  }

  private async latestFacts(claimId: string): Promise<DirectoryFacts | null> {
    const [row] = await this.source.query<{ facts: DirectoryFacts | null }[]>(`SELECT ${latestFactsSql('$1')} AS facts`, [claimId]);
    return row?.facts ?? null;
  }

  /** What became of the latest mail that asks to sign, by request. */
  private async mails(claimId: string): Promise<Map<string, MailState>> {
    const rows = await this.source.query<{ signatureId: string; outcome: 'accepted' | 'failed' | null }[]>(
      `SELECT DISTINCT ON (about ->> 'signatureId') about ->> 'signatureId' AS "signatureId", outcome FROM letters
       WHERE claim_id = $1 AND kind = 'signature_request' ORDER BY about ->> 'signatureId', event_version DESC`,
      [claimId],
    );
    return new Map(rows.map(({ signatureId, outcome }) => [signatureId, outcome ?? 'waiting']));
  }
}
