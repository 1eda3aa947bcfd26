import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call, newKey } from '../api/index.js';
import { sessionsEndAll, sessionsList } from '../client/index.js';
import { Banner, Button, Dialog, TextField } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Where a person is signed in, and an end to all of it. */
export function PersonSessions() {
  const t = useTexts(texts);
  const [subject, setSubject] = useState<string | null>(null);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const given = new FormData(event.currentTarget).get('subject');
    setSubject(typeof given === 'string' && given.trim() !== '' ? given.trim() : null);
  };
  return (
    <section className="card">
      <h2>{t('sessions')}</h2>
      <p className="muted">{t('sessionsWhat')}</p>
      <form className="stack-tight" onSubmit={submit}>
        <TextField name="subject" label={t('subject')} autoComplete="off" required />
        <div>
          <Button type="submit">{t('list')}</Button>
        </div>
      </form>
      {subject !== null && <SessionsOf key={subject} subject={subject} />}
    </section>
  );
}

function SessionsOf({ subject }: { subject: string }) {
  const t = useTexts(texts);
  const format = useFormat();
  const client = useQueryClient();
  /** The key of the request that is being asked about; each question is a new one. */
  const [asked, setAsked] = useState<string | null>(null);
  const queryKey = ['operations', 'sessions', subject];
  const found = useQuery({ queryKey, queryFn: () => call(() => sessionsList({ query: { subject } })), staleTime: 0 });
  const end = useMutation({
    mutationFn: (key: string) => call(() => sessionsEndAll({ body: { subject }, headers: { 'Idempotency-Key': key } })),
    onSuccess: () => client.invalidateQueries({ queryKey }),
  });
  if (found.data === undefined) return found.error ? <ProblemNotice error={found.error} /> : <Loading />;
  const { items } = found.data;
  return (
    <>
      {end.error && <ProblemNotice error={end.error} />}
      {end.data && <Banner tone="success" isAlert title={t('ended', { count: end.data.sessionIds.length })} />}
      {items.length === 0 ? (
        <p>{t('noSessions', { subject })}</p>
      ) : (
        <>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('sessions')}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('browser')}</th>
                  <th scope="col">{t('signedIn')}</th>
                  <th scope="col">{t('used')}</th>
                  <th scope="col">{t('ends')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ sessionId, browser, signedInAt, usedAt, endsAt }) => (
                  <tr key={sessionId}>
                    <th scope="row">{browser}</th>
                    <td>{format.instant(signedInAt)}</td>
                    <td>{format.instant(usedAt)}</td>
                    <td>{format.instant(endsAt)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <div>
            <Button kind="danger" isPending={end.isPending} onClick={() => setAsked(newKey())}>
              {t('endAll', { count: items.length })}
            </Button>
          </div>
        </>
      )}
      <Dialog title={t('endTitle', { subject })} role="alertdialog" isOpen={asked !== null} onClose={() => setAsked(null)}>
        <p>{t('endWhat')}</p>
        <div className="row">
          <Button
            kind="danger"
            onClick={() => {
              if (asked !== null) end.mutate(asked);
              setAsked(null);
            }}
          >
            {t('endAll', { count: items.length })}
          </Button>
          <Button onClick={() => setAsked(null)}>{t('keep')}</Button>
        </div>
      </Dialog>
    </>
  );
}
