import { call } from '../api/index.js';
import { type Claim, type Evidence, evidenceContent } from '../client/index.js';
import { Badge } from '../design/index.js';
import { EvidenceUpload, inMebibytes, useUploads } from '../evidence-upload/index.js';
import { ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import type { useProgramme } from '../programme-labels/index.js';
import { useSession } from '../session/index.js';
import { coverOf } from './cover-of.js';
import { texts } from './texts.js';
import { useSave } from './use-save.js';

type Programme = ReturnType<typeof useProgramme>['programme'];

/** The claim's evidence, superseded files last, and where it is allowed a place to add more. */
export function EvidenceSection({ claim, programme }: { claim: Claim; programme: Programme }) {
  const t = useTexts(texts);
  const { claimId } = claim;
  const { save, busy, problem } = useSave();
  const download = ({ evidenceId, fileName }: Evidence) =>
    save(evidenceId, fileName ?? evidenceId, () => call(() => evidenceContent({ path: { claimId, evidenceId }, parseAs: 'blob' })));
  const counting = claim.evidence.filter(({ supersededBy }) => supersededBy === null);
  const replaced = claim.evidence.filter(({ supersededBy }) => supersededBy !== null);
  const mayAdd = claim.allowedActions.includes('addEvidence') && programme !== undefined;
  return (
    <section className="stack-tight" aria-labelledby="evidence">
      <h2 id="evidence">{t('evidence')}</h2>
      {claim.evidence.length === 0 ? (
        <p className="muted">{t('noEvidence')}</p>
      ) : (
        <ul className="files">
          {[...counting, ...replaced].map((file) => (
            <File key={file.evidenceId} file={file} isBusy={busy === file.evidenceId} onDownload={() => void download(file)} />
          ))}
        </ul>
      )}
      {problem !== null && <ProblemNotice error={problem} />}
      {mayAdd && <AddEvidence claim={claim} programme={programme} />}
    </section>
  );
}

function File({ file, isBusy, onDownload }: { file: Evidence; isBusy: boolean; onDownload: () => void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const session = useSession();
  const { evidenceId, fileName, mediaType, sizeBytes, signedOn, uploadedAt, erasedAt, scan, supersededBy, isSignedHere } = file;
  const name = isSignedHere ? t('signedHere') : (fileName ?? (erasedAt === null ? evidenceId : t('erasedFile')));
  return (
    <li className="file" data-superseded={supersededBy !== null || undefined}>
      <div className="row-between">
        {session.can('evidence.read') && erasedAt === null && !isSignedHere && !isQuarantined(file) ? (
          <button type="button" className="link" aria-busy={isBusy || undefined} onClick={onDownload}>
            {name}
          </button>
        ) : (
          <span>{name}</span>
        )}
        <span className="row">
          {supersededBy !== null && <Badge>{t('superseded')}</Badge>}
          {erasedAt !== null && <Badge>{t('erased', { day: format.day(erasedAt) })}</Badge>}
          {erasedAt === null && !isSignedHere && scan !== null && <ScanBadge scan={scan} />}
        </span>
      </div>
      <p className="small muted">
        {[
          typeOf(mediaType),
          sizeBytes === null ? null : t('fileSize', { size: inMebibytes(sizeBytes) }),
          signedOn === null ? t('unsigned') : t('signedOn', { day: format.date(signedOn) }),
          uploadedAt === null ? null : t('uploadedAt', { at: format.instant(uploadedAt) }),
        ]
          .filter((part) => part !== null)
          .join(' · ')}
      </p>
    </li>
  );
}

/** Nobody can open a file before it was found clean. */
const isQuarantined = ({ scan }: Evidence): boolean => scan === 'waiting' || scan === 'infected';

const scans = {
  clean: ['success', 'scanClean', undefined],
  unscanned: ['neutral', 'scanNone', 'scanNoneWhat'],
  waiting: ['warning', 'scanWaiting', 'scanWaitingWhat'],
  infected: ['danger', 'scanInfected', 'scanInfectedWhat'],
} as const;

function ScanBadge({ scan }: { scan: keyof typeof scans }) {
  const t = useTexts(texts);
  const [tone, label, what] = scans[scan];
  return (
    <Badge tone={tone} {...(what && { title: t(what) })}>
      {t(label)}
    </Badge>
  );
}

const names: Record<string, string> = {
  'application/pdf': 'PDF',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'DOCX',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'XLSX',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'PPTX',
  'image/png': 'PNG',
  'image/jpeg': 'JPEG',
  'text/csv': 'CSV',
};

const typeOf = (mediaType: string | null): string | null => (mediaType === null ? null : (names[mediaType] ?? mediaType));

function AddEvidence({ claim, programme }: { claim: Claim; programme: NonNullable<Programme> }) {
  const t = useTexts(texts);
  const uploads = useUploads({ claimId: claim.claimId, evidence: claim.evidence, rules: programme.evidence, cover: coverOf(claim) });
  return (
    <details open={uploads.queue.length > 0 || undefined}>
      <summary>{t('addEvidence')}</summary>
      <div className="stack-tight">
        <p className="small muted">{t('addEvidenceWhat')}</p>
        <EvidenceUpload uploads={uploads} rules={programme.evidence} templates={programme.statementTemplates} showsUploaded={false} />
      </div>
    </details>
  );
}
