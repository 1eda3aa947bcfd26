import { Inject, Injectable } from '@nestjs/common';
import { DataSource, type EntityManager } from 'typeorm';
import type { Actor } from '#libs/claims/index.js';
import { type EvidenceScanner, EvidenceStore } from '#libs/evidence/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { readClock } from '#libs/event-store/index.js';
import { screen, type ScreenedEvidence, type SentEvidence } from '#libs/new-claims/index.js';

export const EVIDENCE_SCANNER = Symbol('EvidenceScanner');

/** Screens, stores and serves evidence files. */
@Injectable()
export class EvidenceService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
    @Inject(EVIDENCE_SCANNER) private readonly scanner: EvidenceScanner,
  ) {}

  /** Screens a file. Throws a problem if its programme does not accept it. */
  async screen(programme: string, sent: SentEvidence, commandId: string): Promise<ScreenedEvidence> {
    const at = await readClock(this.source);
    return screen(this.library, this.scanner, { programme, at }, sent, commandId);
  }

  async insert(manager: EntityManager, claimId: string, { subject }: Actor, file: ScreenedEvidence['file']): Promise<void> {
    await new EvidenceStore(manager).insert({ ...file, claimId, uploadedBy: subject });
  }

  list(claimId: string) {
    return new EvidenceStore(this.source).list(claimId);
  }

  /**
   * Returns a file with its content, or null if the claim has no file with that id.
   * @throws Problem `evidence_erased`, `evidence_not_scanned` or `evidence_quarantined`
   */
  async open(claimId: string, evidenceId: string) {
    const store = new EvidenceStore(this.source);
    const file = await store.find(claimId, evidenceId);
    if (file === null) return null;
    if (file.erasedAt === null && file.scanResult === 'waiting') throw new Problem('evidence_not_scanned');
    if (file.erasedAt === null && file.scanResult === 'infected') throw new Problem('evidence_quarantined');
    const content = await store.open(claimId, evidenceId);
    if (content === null || file.fileName === null) throw new Problem('evidence_erased');
    return { fileName: file.fileName, mediaType: file.mediaType, sizeBytes: file.sizeBytes, content };
  }
}
