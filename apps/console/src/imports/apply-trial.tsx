import { isProblem } from '../api/index.js';
import { Button, LinkButton } from '../design/index.js';
import { ErrorSummary, ProblemNotice } from '../feedback/index.js';
import type { FileKind, SentBatch } from './file-kinds.js';
import { useImportTexts } from './file-zone.js';
import { sentFile } from './sent-files.js';
import { useSend } from './use-send.js';

/** Sends the file of a dry run once more, this time to change the claims. Without the file at hand, the person chooses it again. */
export function ApplyTrial({ kind, found: { id, rows } }: { kind: FileKind; found: SentBatch }) {
  const t = useImportTexts();
  const { sending } = useSend(kind);
  const sent = sentFile(id);
  const { changed = 0 } = rows;
  if (changed === 0) return null;
  if (sent === undefined)
    return (
      <>
        <p>{t('applyAgain')}</p>
        <LinkButton to={kind.path}>{t('sendFile')}</LinkButton>
      </>
    );
  return (
    <>
      <p>{t('applyWhat', { changed, refused: rows.refused })}</p>
      {sending.error && (isProblem(sending.error) ? <ErrorSummary problem={sending.error} /> : <ProblemNotice error={sending.error} />)}
      <div>
        <Button kind="primary" isPending={sending.isPending} onClick={() => sending.mutate({ ...sent, choice: 1, taken: [] })}>
          {t('applyNow', { rows: changed })}
        </Button>
      </div>
    </>
  );
}
