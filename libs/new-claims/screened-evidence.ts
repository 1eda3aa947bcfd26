import { v5 as uuidV5 } from 'uuid';
import type { EvidenceReference } from '#libs/claims/index.js';
import { normaliseDomain, pasted, pastedInLowerCase } from '#libs/identifiers/index.js';
import { type EvidenceScanner, type NewEvidence, screenEvidence } from '#libs/evidence/index.js';
import type { ProgrammeLibrary } from '#libs/programmes/index.js';
import { placeOfField, Problem } from '#libs/problems/index.js';
import type { SentEvidence } from './sent-claim.js';

/** A file that was screened and may be stored. */
export interface ScreenedEvidence {
  /** Id of the command that adds it. */
  commandId: string;
  reference: EvidenceReference;
  file: Omit<NewEvidence, 'claimId' | 'uploadedBy'>;
}

/** Screens an uploaded file, or one within a JSON body. Throws the problem of a file that its programme does not accept. */
export async function screen(
  library: ProgrammeLibrary,
  scanner: EvidenceScanner,
  /** The programme, and the instant that selects its version. */
  { programme, at }: { programme: string; at: string },
  sent: SentEvidence,
  commandId: string,
  /** Where a problem points to, and a size limit below the programme's. */
  { field, limitBytes }: { field: string; limitBytes: number } = { field: 'file', limitBytes: Number.POSITIVE_INFINITY },
): Promise<ScreenedEvidence> {
  const policy = await library.policyInForce(programme, at);
  if (policy === null) throw new Problem('programme_unknown', { detail: `Use one of: ${(await library.programmes()).join(', ')}.` });
  const { types, maximumBytes } = policy.evidence;
  const rules = { types, maximumBytes: Math.min(maximumBytes, limitBytes) };
  const screened = await screenEvidence(sent.content, sent.fileName, rules, scanner);
  if (!screened.ok)
    throw new Problem(screened.code, {
      detail: screened.message,
      errors: [{ ...placeOfField(field), code: screened.code, message: screened.message }],
    });
  const { sha256, mediaType, fileName, scanResult } = screened;
  const signedOn = sent.signedOn ?? null;
  const id = evidenceIdOf(commandId);
  return {
    commandId,
    reference: {
      evidenceId: id,
      sha256,
      signedOn,
      cover: coverOf(sent.cover),
      ...(scanResult === 'waiting' && { quarantine: 'waiting' as const }),
      ...(sent.supersedes && { supersedes: sent.supersedes }),
    },
    file: { id, sha256, mediaType, fileName, content: sent.content, signedOn, scanResult },
  };
}

/** Makes the id of a file from that of the command that adds it. */
export const evidenceIdOf = (commandId: string): string => uuidV5('file', commandId);

/** What the sender of a claim asked for with one of its files. */
export const evidenceRequest = ({ sha256 }: EvidenceReference): { sha256: string } => ({ sha256 });

function coverOf(cover: SentEvidence['cover']): EvidenceReference['cover'] {
  if (!cover) return null;
  const domain = pasted(cover.domain ?? '') || null;
  return {
    tenantId: pastedInLowerCase(cover.tenantId ?? '') || null,
    domain: domain === null ? null : (normaliseDomain(domain) ?? domain.toLowerCase()),
    ...(cover.templateSha256 && { templateSha256: cover.templateSha256 }),
    ...(cover.products && { products: cover.products }),
    ...(cover.activities && { activities: cover.activities }),
  };
}
