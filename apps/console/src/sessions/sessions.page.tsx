import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { sessionsEnd, sessionsList } from '../client/index.js';
import { Badge, Button } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Where the person is signed in, and a way to end it. */
export function Component() {
  const t = useTexts(texts);
  const format = useFormat();
  const client = useQueryClient();
  const sessions = useQuery({ queryKey: ['sessions'], queryFn: () => call(() => sessionsList()) });
  const end = useMutation({
    mutationFn: (sessionId: string) => call(() => sessionsEnd({ path: { sessionId } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['sessions'] }),
  });
  const error = sessions.error ?? end.error;
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="muted">{t('what')}</p>
      {error && <ProblemNotice error={error} onRetry={() => void sessions.refetch()} />}
      {sessions.data === undefined ? (
        !error && <Loading />
      ) : (
        <div className="table-frame" tabIndex={0} role="region" aria-label={t('title')}>
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('browser')}</th>
                <th scope="col">{t('signedIn')}</th>
                <th scope="col">{t('used')}</th>
                <th scope="col">{t('until')}</th>
                <td />
              </tr>
            </thead>
            <tbody>
              {sessions.data.items.map((session) => (
                <tr key={session.sessionId}>
                  <th scope="row">
                    <span className="row">
                      {session.browser} {session.isCurrent && <Badge tone="info">{t('current')}</Badge>}
                    </span>
                  </th>
                  <td>{format.instant(session.signedInAt)}</td>
                  <td>{format.instant(session.usedAt)}</td>
                  <td>{format.instant(session.endsAt)}</td>
                  <td>
                    {!session.isCurrent && (
                      <Button
                        kind="quiet"
                        aria-label={t('endOf', { browser: session.browser, at: format.instant(session.signedInAt) })}
                        onClick={() => end.mutate(session.sessionId)}
                      >
                        {t('end')}
                      </Button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </>
  );
}
