import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { download } from '../charts/csv.js';
import { Banner, Button, LinkButton } from '../design/index.js';
import { ProblemNotice } from '../feedback/index.js';
import { tableToSend, takenFor } from './check-table.js';
import type { FileKind, SentBatch } from './file-kinds.js';
import { FileButton, useImportTexts } from './file-zone.js';
import { type ClaimFile, readClaimFile, UnreadableFile } from './read-file.js';
import { refusedRows, rowErrorsOf } from './refused-rows.js';
import { rememberFile, sentFile } from './sent-files.js';

/** Gives the refused rows back as they were sent, with what is wrong. The API has erased them, so the file itself must be at hand. */
export function MendRows({ kind, found: { id, rows } }: { kind: FileKind; found: SentBatch }) {
  const t = useImportTexts();
  const [fault, setFault] = useState<string | null>(null);
  const [isKnown, setKnown] = useState(sentFile(id) !== undefined);
  const save = useMutation({
    mutationFn: async () => {
      const sent = sentFile(id);
      if (sent === undefined) return;
      const text = refusedRows(sent.file, sent.table, rowErrorsOf(await kind.csv(id)));
      if (sent.file.format === 'csv') download('refused-claims.csv', text);
      else download('refused-claims.jsonl', text, 'application/x-ndjson');
    },
  });
  const choose = async (chosen: File) => {
    const file = await readClaimFile(chosen).catch((error: unknown) => {
      if (error instanceof UnreadableFile) return null;
      throw error;
    });
    if (file === null) return setFault(t('unreadable'));
    if (file.rows.length !== rows.total) return setFault(t('mendOther', { rows: file.rows.length, total: rows.total }));
    setFault(null);
    rememberFile(id, { file, table: await tableOf(file, kind) });
    setKnown(true);
    save.mutate();
  };
  return (
    <Banner tone="warning" title={t('mendTitle')}>
      <p>{t(isKnown ? 'mendWhat' : 'mendAgain', { count: rows.refused })}</p>
      {fault !== null && (
        <p className="field-error" role="alert">
          {fault}
        </p>
      )}
      {save.error && <ProblemNotice error={save.error} />}
      <div className="row">
        {isKnown ? (
          <Button kind="primary" isPending={save.isPending} onClick={() => save.mutate()}>
            {t('mendDownload')}
          </Button>
        ) : (
          <FileButton label={t('mendChoose')} onFile={(file) => void choose(file)} />
        )}
        <LinkButton to={kind.path}>{t('mendSend')}</LinkButton>
      </div>
    </Banner>
  );
}

/** The columns as they would be sent; what is not known keeps its name, to be decided in the next import. */
async function tableOf(file: ClaimFile, kind: FileKind): Promise<string[][] | null> {
  if (file.format !== 'csv') return null;
  const known = await kind.columns();
  return tableToSend(
    file,
    takenFor(file.heading, known).map((name, index) => name ?? file.heading[index]!),
  );
}
