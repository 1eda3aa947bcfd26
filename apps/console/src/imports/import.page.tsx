import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useParams } from 'react-router';
import { call } from '../api/index.js';
import { type Import, importsCancel, importsGet, importsPause, importsResume } from '../client/index.js';
import { Button, Dialog } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat } from '../i18n/index.js';
import { useImportTexts } from './file-zone.js';
import { ImportState } from './import-state.js';
import './imports.css';
import { MendRows } from './mend-rows.js';
import { RowsTable } from './rows-table.js';

const pollMs = 2_000;

/** Rows whose outcome is still to come, though a paused import does not move. */
const isMoving = ({ state, rows }: Import): boolean => state === 'running' || rows.accepted > 0;

/** One import: how far it is, what became of each row, and the refused rows to mend. */
export function Component() {
  const t = useImportTexts();
  const format = useFormat();
  const { importId = '' } = useParams();
  const found = useQuery({
    queryKey: ['imports', importId],
    queryFn: () => call(() => importsGet({ path: { importId } })),
    refetchInterval: ({ state: { data } }) => (data !== undefined && isMoving(data) ? pollMs : false),
  });
  if (found.data === undefined)
    return found.error ? <ProblemNotice error={found.error} onRetry={() => void found.refetch()} /> : <Loading />;
  const { createdAt, sentBy, state, rows } = found.data;
  const done = rows.total - rows.waiting - rows.accepted;
  return (
    <>
      <div className="row">
        <h1>{t('of', { at: format.instant(createdAt) })}</h1>
        <ImportState state={state} />
      </div>
      <p className="muted">
        {t('sentBy')}: {sentBy}
      </p>
      {found.error && <ProblemNotice error={found.error} onRetry={() => void found.refetch()} />}
      <section className="stack-tight" aria-busy={isMoving(found.data)}>
        <progress value={done} max={rows.total} aria-label={t('progress', { done, total: rows.total })} />
        <p>{t('progress', { done, total: rows.total })}</p>
        <Controls found={found.data} />
      </section>
      {rows.refused > 0 && !isMoving(found.data) && <MendRows found={found.data} />}
      <RowsTable found={found.data} />
    </>
  );
}

const moves = { pause: importsPause, resume: importsResume, cancel: importsCancel };

function Controls({ found: { importId, state, rows } }: { found: Import }) {
  const t = useImportTexts();
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const move = useMutation({
    mutationFn: (to: keyof typeof moves) =>
      call(() => moves[to]({ path: { importId }, headers: { 'Idempotency-Key': crypto.randomUUID() } })),
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
          {t('cancel')}
        </Button>
      </div>
      <Dialog title={t('cancelTitle')} role="alertdialog" isOpen={isAsking} onClose={() => setAsking(false)}>
        <p>{t('cancelWhat', { waiting: rows.waiting })}</p>
        <div className="row">
          <Button
            kind="danger"
            onClick={() => {
              setAsking(false);
              move.mutate('cancel');
            }}
          >
            {t('cancel')}
          </Button>
          <Button onClick={() => setAsking(false)}>{t('keep')}</Button>
        </div>
      </Dialog>
    </>
  );
}
