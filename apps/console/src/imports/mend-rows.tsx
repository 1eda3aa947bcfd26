import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/index.js';
import { download } from '../charts/csv.js';
import { type Import, importsColumns, importsCsv } from '../client/index.js';
import { Banner, Button, LinkButton } from '../design/index.js';
import { ProblemNotice } from '../feedback/index.js';
import { tableToSend, takenFor } from './check-table.js';
import { FileButton, useImportTexts } from './file-zone.js';
import { type ClaimFile, readClaimFile, UnreadableFile } from './read-file.js';
import { refusedRows, rowErrorsOf } from './refused-rows.js';
import { rememberFile, sentFile } from './sent-files.js';

/** Gives the refused rows back as they were sent, with what is wrong. The API has erased them, so the file itself must be at hand. */
export function MendRows({ found: { importId, rows } }: { found: Import }) {
  const t = useImportTexts();
  const [fault, setFault] = useState<string | null>(null);
  const [isKnown, setKnown] = useState(sentFile(importId) !== undefined);
  const save = useMutation({
    mutationFn: async () => {
      const sent = sentFile(importId);
      if (sent === undefined) return;
      const csv = await call(() => importsCsv({ path: { importId }, query: { outcome: 'refused' }, parseAs: 'text' }));
      const text = refusedRows(sent.file, sent.table, rowErrorsOf(csv));
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
    rememberFile(importId, { file, table: await tableOf(file) });
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
        <LinkButton to="/imports">{t('mendSend')}</LinkButton>
      </div>
    </Banner>
  );
}

/** The columns as they would be sent; what is not known keeps its name, to be decided in the next import. */
async function tableOf(file: ClaimFile): Promise<string[][] | null> {
  if (file.format !== 'csv') return null;
  const known = await call(() => importsColumns());
  return tableToSend(
    file,
    takenFor(file.heading, known).map((name, index) => name ?? file.heading[index]!),
  );
}
