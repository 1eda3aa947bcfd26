import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { call, isProblem, newKey } from '../api/index.js';
import { download } from '../charts/csv.js';
import { type ImportColumns, importsCreate } from '../client/index.js';
import { Banner, Button, ChoiceGroup, Radio } from '../design/index.js';
import { sendWithProgress } from '../evidence-upload/send-with-progress.js';
import { ErrorSummary } from '../feedback/index.js';
import { useFormat } from '../i18n/index.js';
import { checkTable, type Taken, tableToSend, takenFor } from './check-table.js';
import { FileZone, useImportTexts } from './file-zone.js';
import { LinesCheck } from './lines-check.js';
import { type ClaimFile, readClaimFile, UnreadableFile, writeTable } from './read-file.js';
import { rememberFile } from './sent-files.js';
import { TableCheckView } from './table-check.js';

const mebibyte = 1024 * 1024;
const types = { csv: 'text/csv; charset=utf-8', ndjson: 'application/x-ndjson' };

type Chosen = { state: 'none' } | { state: 'reading' } | { state: 'unreadable' } | { state: 'read'; file: ClaimFile; taken: Taken[] };

/** Takes a file, shows what it contains and what is wrong, and sends it. */
export function NewImport({ known }: { known: ImportColumns }) {
  const t = useImportTexts();
  const [chosen, setChosen] = useState<Chosen>({ state: 'none' });
  const limits = { rows: known.maximumRows, megabytes: known.maximumBytes / mebibyte };
  const take = async (sent: File) => {
    setChosen({ state: 'reading' });
    try {
      const file = await readClaimFile(sent);
      setChosen({ state: 'read', file, taken: file.format === 'csv' ? takenFor(file.heading, known) : [] });
    } catch (error) {
      if (!(error instanceof UnreadableFile)) throw error;
      setChosen({ state: 'unreadable' });
    }
  };
  if (chosen.state === 'read')
    return (
      <CheckedFile
        file={chosen.file}
        taken={chosen.taken}
        known={known}
        onTaken={(taken) => setChosen({ ...chosen, taken })}
        onOther={() => setChosen({ state: 'none' })}
      />
    );
  return (
    <section className="stack">
      <FileZone label={t('drop')} choose={t('choose')} onFile={(file) => void take(file)} />
      {chosen.state === 'reading' && <p role="status">{t('reading')}</p>}
      {chosen.state === 'unreadable' && <Banner tone="danger" isAlert title={t('unreadable')} />}
      <div className="row">
        <span className="small muted">{t('limits', limits)}</span>
        <Button kind="quiet" onClick={() => download('claims.csv', sampleOf(known))}>
          {t('sample')}
        </Button>
      </div>
    </section>
  );
}

function sampleOf({ columns }: ImportColumns): string {
  const shown = columns.filter(({ example }) => example !== null);
  return writeTable([shown.map(({ name }) => name), shown.map(({ example }) => example ?? '')]);
}

interface CheckedFileProps {
  file: ClaimFile;
  taken: Taken[];
  known: ImportColumns;
  onTaken(taken: Taken[]): void;
  onOther(): void;
}

function CheckedFile({ file, taken, known, onTaken, onOther }: CheckedFileProps) {
  const t = useImportTexts();
  const format = useFormat();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [submits, setSubmits] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  // The same content under the same key is the same import, however often the button is pressed.
  const keys = useRef(new Map<string, string>());
  const check = useMemo(() => (file.format === 'csv' ? checkTable(file, taken, known) : null), [file, taken, known]);
  const table = useMemo(() => (file.format === 'csv' ? tableToSend(file, taken) : null), [file, taken]);
  const start = useMutation({
    mutationFn: () => {
      const content = file.format === 'csv' ? writeTable(table ?? []) : file.rows.join('\n');
      const named = `${submits} ${taken.join()}`;
      const key = keys.current.get(named) ?? newKey();
      keys.current.set(named, key);
      return call(() =>
        importsCreate({
          body: content,
          bodySerializer: null,
          query: { submit: submits },
          headers: { 'Idempotency-Key': key, 'Content-Type': types[file.format] },
          fetch: sendWithProgress(setSent),
        }),
      );
    },
    onSuccess: async ({ importId }) => {
      rememberFile(importId, { file, table });
      await client.invalidateQueries({ queryKey: ['imports'] });
      await navigate(`/imports/${importId}`);
    },
    onError: () => setSent(null),
  });
  const problem = isProblem(start.error) ? start.error : null;
  const count = file.rows.length;
  const size = file.format === 'csv' ? 0 : file.rows.reduce((sum, line) => sum + line.length, 0);
  const isBlocked = check !== null && check.missing.length + check.repeated.length + check.undecided > 0;
  const fault =
    count === 0
      ? t('noRows')
      : count > known.maximumRows
        ? t('tooManyRows', { rows: count, limit: known.maximumRows })
        : size > known.maximumBytes
          ? t('tooLarge', { megabytes: known.maximumBytes / mebibyte })
          : null;
  return (
    <section className="stack">
      <div className="row-between">
        <h2>{t('checked', { file: file.fileName, rows: count })}</h2>
        <Button onClick={onOther}>{t('otherFile')}</Button>
      </div>
      {fault !== null && <Banner tone="danger" isAlert title={fault} />}
      {file.format === 'csv' && check !== null ? (
        <TableCheckView file={file} taken={taken} known={known} check={check} onTaken={onTaken} />
      ) : (
        file.format === 'ndjson' && <LinesCheck rows={file.rows} />
      )}
      {fault === null && !isBlocked && (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (!start.isPending) start.mutate();
          }}
        >
          <ErrorSummary problem={problem} />
          <ChoiceGroup label={t('afterwards')}>
            <Radio name="submit" label={t('draft')} hint={t('draftHint')} checked={!submits} onChange={() => setSubmits(false)} />
            <Radio name="submit" label={t('submit')} hint={t('submitHint')} checked={submits} onChange={() => setSubmits(true)} />
          </ChoiceGroup>
          {sent !== null && start.isPending && <progress value={sent} aria-label={t('sending', { percent: format.percent(sent) })} />}
          <div>
            <Button type="submit" kind="primary" isPending={start.isPending}>
              {t('start', { rows: count })}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
