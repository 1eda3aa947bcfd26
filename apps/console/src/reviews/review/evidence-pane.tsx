import { useState } from 'react';
import type { Claim, Evidence } from '../../client/index.js';
import { Badge } from '../../design/index.js';
import { EvidenceViewer } from '../../evidence-viewer/index.js';
import { useFormat, useTexts } from '../../i18n/index.js';
import { SignedStatement } from '../../signatures/index.js';
import { texts } from '../texts.js';

/** The evidence beside the claim: its files, the newest that counts first, and what the chosen one contains. */
export function EvidencePane({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const files = [...claim.evidence].reverse().sort((a, b) => Number(a.supersededBy !== null) - Number(b.supersededBy !== null));
  const [chosen, choose] = useState<string | null>(null);
  const file = files.find(({ evidenceId }) => evidenceId === chosen) ?? files[0];
  return (
    <section className="review-evidence" aria-labelledby="evidence">
      <h2 id="evidence">{t('evidence')}</h2>
      {file === undefined ? (
        <p className="muted">{t('noEvidence')}</p>
      ) : (
        <>
          {files.length > 1 && (
            <ul className="review-files">
              {files.map((one) => (
                <li key={one.evidenceId}>
                  <button type="button" className="review-file" aria-pressed={one === file} onClick={() => choose(one.evidenceId)}>
                    <FileName file={one} />
                  </button>
                </li>
              ))}
            </ul>
          )}
          <FileFacts claimId={claim.claimId} file={file} />
          {file.isSignedHere ? (
            <SignedStatement claimId={claim.claimId} signatureId={file.evidenceId} />
          ) : (
            <EvidenceViewer claimId={claim.claimId} file={file} />
          )}
        </>
      )}
    </section>
  );
}

function FileName({ file: { fileName, supersededBy, isSignedHere } }: { file: Evidence }) {
  const t = useTexts(texts);
  return (
    <>
      {isSignedHere ? t('signedHere') : (fileName ?? t('erasedFile'))} {supersededBy !== null && <Badge>{t('superseded')}</Badge>}
    </>
  );
}

const hashShown = 12;

function FileFacts({ claimId, file }: { claimId: string; file: Evidence }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { evidenceId, mediaType, sizeBytes, sha256, signedOn, uploadedAt, erasedAt, scan } = file;
  return (
    <div className="review-file-facts">
      <p className="small">
        <strong>
          <FileName file={file} />
        </strong>
        <br />
        <span className="muted">
          {[
            signedOn === null ? t('unsigned') : t('signedOn', { day: format.date(signedOn) }),
            uploadedAt && t('uploadedAt', { at: format.instant(uploadedAt) }),
            mediaType,
            sizeBytes === null ? null : t('size', { size: format.number(Math.max(1, Math.round(sizeBytes / 1024))) }),
            scan === null ? null : t(`scan_${scan}`),
          ]
            .filter(Boolean)
            .join(' · ')}
          <br />
          SHA-256 <code title={sha256}>{sha256.slice(0, hashShown)}…</code>
        </span>
      </p>
      {erasedAt === null && !file.isSignedHere && (
        <a className="button" href={`/v1/claims/${claimId}/evidence/${evidenceId}/content`} download={file.fileName ?? true}>
          {t('download')}
        </a>
      )}
    </div>
  );
}
