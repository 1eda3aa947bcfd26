import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from 'react';
import { call, onSessionEnd, setCsrfToken } from '../api/index.js';
import { type Me, meGet, sessionRead, type SessionState } from '../client/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { announceSession, onOtherTab } from './other-tabs.js';
import { SessionEnded } from './session-ended.js';
import { SignedOutPage } from './signed-out.page.js';
import { SomebodyElse } from './somebody-else.js';

/** A permission of the API, such as `claims.create`. */
export type Permission = Me['permissions'][number];

interface SignedIn {
  me: Me;
  /** Whether the person's roles grant a permission, within their scope. */
  can(permission: Permission): boolean;
}

const SessionContext = createContext<SignedIn | null>(null);

/** The person who is signed in. Everything below a `SessionProvider` has one. */
export function useSession(): SignedIn {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('SessionProvider is missing.');
  return session;
}

const readSession = () => call(() => sessionRead());
const sessionKey = ['session'];

/** Asks who is signed in before anything else is shown, and asks again when the person comes back to this tab or signs in in another. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const session = useQuery({ queryKey: sessionKey, queryFn: readSession, refetchOnWindowFocus: 'always', staleTime: 60_000 });
  if (session.data !== undefined) return <WithSession session={session.data}>{children}</WithSession>;
  if (session.error) return <ProblemNotice error={session.error} onRetry={() => void session.refetch()} />;
  return <Loading />;
}

function WithSession({ session, children }: { session: SessionState; children: ReactNode }) {
  const client = useQueryClient();
  /** Whom this page was opened by. Another tab may sign another person in: the browser has one cookie for both. */
  const [owner] = useState({ subject: session.subject, name: session.name ?? session.subject ?? '' });
  /** The token of a session that the API refuses although it has not ended, such as when the issuer does not renew it. */
  const [refusedToken, setRefusedToken] = useState<string | null>(null);
  const isOwn = session.subject === owner.subject;
  const isRefused = isOwn && session.csrfToken === refusedToken;
  if (isOwn) setCsrfToken(session.csrfToken);

  const check = useCallback(() => client.fetchQuery({ queryKey: sessionKey, queryFn: readSession, staleTime: 0, retry: false }), [client]);

  const waiting = useRef<(() => void)[]>([]);
  useEffect(() => {
    if (!isOwn || isRefused) return;
    for (const goOn of waiting.current.splice(0)) goOn();
  }, [isOwn, isRefused, session]);

  useEffect(() => {
    onSessionEnd(async ({ token, reason }) => {
      const now = await check();
      if (now.subject === owner.subject) {
        setCsrfToken(now.csrfToken);
        if (now.csrfToken !== token) return true;
        // A token that fits and is refused all the same will be refused again.
        if (reason === 'foreign') return false;
        setRefusedToken(token);
      }
      return new Promise((resolve) => waiting.current.push(() => resolve(true)));
    });
  }, [check, owner]);

  // Telling them at once stops what they show of somebody else; before the next click, they ask themselves.
  useEffect(() => announceSession(), []);
  useEffect(() => onOtherTab(() => void check().catch(() => undefined)), [check]);

  if (owner.subject === null) return session.subject === null ? <SignedOutPage canSignIn={session.canSignIn} /> : <Reload />;
  return (
    <>
      <WithPerson name={owner.name}>{children}</WithPerson>
      <SomebodyElse isOpen={!isOwn && session.subject !== null} name={session.name ?? session.subject ?? ''} own={owner.name} />
      <SessionEnded isOpen={session.subject === null || isRefused} name={owner.name} onCheck={async () => void (await check())} />
    </>
  );
}

/** A page that was opened before anybody had signed in begins anew. */
function Reload() {
  useEffect(() => window.location.reload(), []);
  return <Loading />;
}

function WithPerson({ name, children }: { name: string; children: ReactNode }) {
  const me = useQuery({ queryKey: ['me'], queryFn: () => call(() => meGet()), staleTime: 300_000 });
  // What was typed below must survive a failure to read this again.
  if (me.data === undefined) return me.error ? <ProblemNotice error={me.error} onRetry={() => void me.refetch()} /> : <Loading />;
  // An access token often lacks the name, which the issuer tells at sign-in.
  const person = { ...me.data, name: me.data.name ?? name };
  return <SessionContext value={{ me: person, can: (permission) => person.permissions.includes(permission) }}>{children}</SessionContext>;
}
