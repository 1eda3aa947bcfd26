import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import { v5 as uuidV5 } from 'uuid';
import type { Actor, EvidenceReference } from '#libs/claims/index.js';
import { normaliseDomain } from '#libs/directory/index.js';
import { type EvidenceScanner, EvidenceStore, type NewEvidence, screenEvidence } from '#libs/evidence/index.js';
import { acceptCommand, fingerprintOf, ProgrammeLibrary } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import { maximumInlineEvidenceBytes, type NewClaim } from '../claims/claim.body.js';
import { storedOrThrow } from '../commands/command.service.js';

export const EVIDENCE_SCANNER = Symbol('EvidenceScanner');

export interface SentEvidence {
  fileName: string;
  content: Uint8Array;
  signedOn?: string | null | undefined;
  cover?: { tenantId?: string | null | undefined; domain?: string | null | undefined } | null | undefined;
}

/** A file that was looked into and may be stored. */
export interface ScreenedEvidence {
  /** Id of the command that adds it. */
  commandId: string;
  reference: EvidenceReference;
  file: Omit<NewEvidence, 'claimId' | 'uploadedBy'>;
}

/** Looks into evidence files and stores them together with the command that adds them. */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    @Inject(EVIDENCE_SCANNER) private readonly scanner: EvidenceScanner,
  ) {}

  async screenInline(programme: string, files: NewClaim['evidence'], createCommandId: string): Promise<ScreenedEvidence[]> {
    return Promise.all(
      files.map(({ contentBase64, ...rest }, index) => {
        const content = Buffer.from(contentBase64, 'base64');
        return this.screen(programme, { ...rest, content }, uuidV5(`evidence/${index}`, createCommandId), maximumInlineEvidenceBytes);
      }),
    );
  }

  /** Refuses a file that its programme does not take, with what is wrong with it. */
  async screen(programme: string, sent: SentEvidence, commandId: string, limitBytes = Number.POSITIVE_INFINITY): Promise<ScreenedEvidence> {
    const policy = await this.library.policyInForce(programme, new Date().toISOString());
    if (policy === null) throw new Problem('programme_unknown', { detail: `Use one of: ${(await this.library.programmes()).join(', ')}.` });
    const { types, maximumBytes } = policy.evidence;
    const rules = { types, maximumBytes: Math.min(maximumBytes, limitBytes) };
    const screened = await screenEvidence(sent.content, sent.fileName, rules, this.scanner);
    if (!screened.ok)
      throw new Problem(screened.code, {
        detail: screened.message,
        errors: [{ field: 'file', code: screened.code, message: screened.message }],
      });
    const { sha256, mediaType, fileName, scanResult } = screened;
    const signedOn = sent.signedOn ?? null;
    const id = uuidV5('file', commandId);
    return {
      commandId,
      reference: { evidenceId: id, sha256, signedOn, cover: coverOf(sent.cover) },
      file: { id, sha256, mediaType, fileName, content: sent.content, signedOn, scanResult },
    };
  }

  /** Stores a file and the command that adds it, in the caller's transaction. */
  async accept(manager: EntityManager, claimId: string, actor: Actor, { commandId, reference, file }: ScreenedEvidence): Promise<void> {
    const command = { type: 'addEvidence' as const, actor, body: { evidence: reference } };
    storedOrThrow(await acceptCommand(manager, { commandId, claimId, command, fingerprint: fingerprintOf({ sha256: file.sha256 }) }));
    await this.insert(manager, claimId, actor, file);
  }

  async insert(manager: EntityManager, claimId: string, { subject }: Actor, file: ScreenedEvidence['file']): Promise<void> {
    await new EvidenceStore(manager).insert({ ...file, claimId, uploadedBy: subject });
  }

  list(claimId: string) {
    return new EvidenceStore(this.source).list(claimId);
  }

  /** A file with its content, or null when the claim has none of that id. Refuses one that was erased. */
  async open(claimId: string, evidenceId: string) {
    const store = new EvidenceStore(this.source);
    const file = await store.find(claimId, evidenceId);
    if (file === null) return null;
    const content = await store.content(claimId, evidenceId);
    if (content === null || file.fileName === null) throw new Problem('evidence_erased');
    return { fileName: file.fileName, mediaType: file.mediaType, content };
  }
}

function coverOf(cover: SentEvidence['cover']): EvidenceReference['cover'] {
  if (!cover) return null;
  const domain = cover.domain?.trim() || null;
  return {
    tenantId: cover.tenantId?.trim().toLowerCase() || null,
    domain: domain === null ? null : (normaliseDomain(domain) ?? domain.toLowerCase()),
  };
}
