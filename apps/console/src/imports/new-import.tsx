import { useMemo, useState } from 'react';
import { useSearchParams } from 'react-router';
import { isProblem } from '../api/index.js';
import { download } from '../charts/csv.js';
import { Banner, Button, ChoiceGroup, Radio } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useFormat } from '../i18n/index.js';
import { checkTable, isBlocking, type KnownColumns, type Taken, tableToSend, takenFor } from './check-table.js';
import type { FileKind } from './file-kinds.js';
import { FileZone, useImportTexts } from './file-zone.js';
import { LinesCheck } from './lines-check.js';
import { type ClaimFile, readClaimFile, UnreadableFile, writeTable } from './read-file.js';
import { TableCheckView } from './table-check.js';
import { useSend } from './use-send.js';

const mebibyte = 1024 * 1024;

type Chosen = { state: 'none' } | { state: 'reading' } | { state: 'unreadable' } | { state: 'read'; file: ClaimFile; taken: Taken[] };

/** Takes a file, shows what it contains and what is wrong, and sends it. */
export function NewImport({ kind, known }: { kind: FileKind; known: KnownColumns }) {
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
        kind={kind}
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
        {kind.name === 'change' ? (
          <ExportLink />
        ) : (
          <Button kind="quiet" onClick={() => download('claims.csv', sampleOf(known))}>
            {t('sample')}
          </Button>
        )}
      </div>
    </section>
  );
}

/** The claims to change, as a table that can be sent back: those of the list from which the person came, or all. */
function ExportLink() {
  const t = useImportTexts();
  const [filters] = useSearchParams();
  const query = new URLSearchParams([...filters, ['format', 'csv']]);
  return (
    <a className="button" href={`/v1/claims/export?${query}`} download>
      {t(filters.size > 0 ? 'exportListed' : 'exportAll')}
    </a>
  );
}

function sampleOf({ columns }: KnownColumns): string {
  const shown = columns.filter(({ example }) => example !== null);
  return writeTable([shown.map(({ name }) => name), shown.map(({ example }) => example ?? '')]);
}

interface CheckedFileProps {
  kind: FileKind;
  file: ClaimFile;
  taken: Taken[];
  known: KnownColumns;
  onTaken(taken: Taken[]): void;
  onOther(): void;
}

function CheckedFile({ kind, file, taken, known, onTaken, onOther }: CheckedFileProps) {
  const t = useImportTexts();
  const format = useFormat();
  const [choice, setChoice] = useState(0);
  const check = useMemo(() => (file.format === 'csv' ? checkTable(file, taken, known) : null), [file, taken, known]);
  const table = useMemo(() => (file.format === 'csv' ? tableToSend(file, taken) : null), [file, taken]);
  const { sending, progress } = useSend(kind);
  const problem = isProblem(sending.error) ? sending.error : null;
  const count = file.rows.length;
  const size = file.format === 'csv' ? 0 : file.rows.reduce((sum, line) => sum + line.length, 0);
  const isBlocked = check !== null && isBlocking(check);
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
            if (!sending.isPending) sending.mutate({ file, table, choice, taken });
          }}
        >
          <ErrorSummary problem={problem} />
          <ChoiceGroup label={t(kind.texts.choose)}>
            {kind.choices.map(({ text, hint }, index) => (
              <Radio key={text} name="choice" label={t(text)} hint={t(hint)} checked={choice === index} onChange={() => setChoice(index)} />
            ))}
          </ChoiceGroup>
          {progress !== null && sending.isPending && (
            <progress value={progress} aria-label={t('sending', { percent: format.percent(progress) })} />
          )}
          <div>
            <Button type="submit" kind="primary" isPending={sending.isPending}>
              {t(kind.choices[choice]!.start, { rows: count })}
            </Button>
          </div>
        </form>
      )}
    </section>
  );
}
