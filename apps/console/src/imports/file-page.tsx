import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { Banner, Button, Dialog } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat } from '../i18n/index.js';
import { ApplyTrial } from './apply-trial.js';
import type { FileKind, SentBatch } from './file-kinds.js';
import { useImportTexts } from './file-zone.js';
import { ImportState } from './import-state.js';
import './imports.css';
import { MendRows } from './mend-rows.js';
import { RowsTable } from './rows-table.js';

const pollMs = 2_000;

/** Rows whose outcome is still to come, though a paused import does not move. */
const isMoving = ({ state, rows: { accepted = 0 } }: SentBatch): boolean => state === 'running' || accepted > 0;

/** One file: how far it is, what became of each row, and the refused rows to mend. */
export function FilePage({ kind, id }: { kind: FileKind; id: string }) {
  const t = useImportTexts();
  const format = useFormat();
  const client = useQueryClient();
  const found = useQuery({
    queryKey: ['imports', kind.name, id],
    queryFn: () => kind.get(id),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isMoving(data) ? pollMs : false),
  });
  const isOver = found.data !== undefined && !isMoving(found.data);
  useEffect(() => {
    if (isOver) void client.invalidateQueries({ queryKey: ['claims'] });
  }, [isOver, client]);
  if (found.data === undefined)
    return found.error ? <ProblemNotice error={found.error} onRetry={() => void found.refetch()} /> : <Loading />;
  const { createdAt, sentBy, state, isTrial, rows } = found.data;
  const done = rows.total - rows.waiting - (rows.accepted ?? 0);
  return (
    <>
      <div className="row">
        <h1>{t(isTrial ? 'ofTrial' : kind.texts.of, { at: format.instant(createdAt) })}</h1>
        <ImportState state={state} />
      </div>
      <p className="muted">
        {t('sentBy')}: {sentBy}
      </p>
      {found.error && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      <section className="stack-tight" aria-busy={isMoving(found.data)}>
        <progress value={done} max={rows.total} aria-label={t('progress', { done, total: rows.total })} />
        <p>{t('progress', { done, total: rows.total })}</p>
        <Controls kind={kind} found={found.data} />
      </section>
      {isTrial && (
        <Banner tone="info" title={t('nothingChanged')}>
          {state === 'done' && <ApplyTrial kind={kind} found={found.data} />}
        </Banner>
      )}
      {rows.refused > 0 && !isMoving(found.data) && <MendRows kind={kind} found={found.data} />}
      <RowsTable kind={kind} found={found.data} />
    </>
  );
}

function Controls({ kind, found: { id, state, rows } }: { kind: FileKind; found: SentBatch }) {
  const t = useImportTexts();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const move = useMutation({
    mutationFn: (to: keyof FileKind['move']) => kind.move[to](id),
    onSettled: () => client.invalidateQueries({ queryKey: ['imports'] }),
  });
  if (state === 'done' || state === 'cancelled') return null;
  return (
    <>
      {move.error && <ProblemNotice error={move.error} />}
      <div className="row">
        <Button isPending={move.isPending} onClick={() => move.mutate(state === 'paused' ? 'resume' : 'pause')}>
          {t(state === 'paused' ? 'resume' : 'pause')}
        </Button>
        <Button kind="danger" onClick={() => setAsking(true)}>
          {t(kind.texts.cancel)}
        </Button>
      </div>
      <Dialog title={t(kind.texts.cancelTitle)} role="alertdialog" isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>{t(kind.texts.cancelWhat, { waiting: rows.waiting })}</p>
        <div className="row">
          <Button
            kind="danger"
            onClick={() => {
              setAsking(false);
              move.mutate('cancel');
            }}
          >
            {t(kind.texts.cancel)}
          </Button>
          <Button onClick={() => setAsking(false)}>{t('keep')}</Button>
        </div>
      </Dialog>
    </>
  );
}
