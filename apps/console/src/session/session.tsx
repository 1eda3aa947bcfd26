import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react';
import { ApiProblem, call, onSessionEnd, setCsrfToken } from '../api/index.js';
import { type Me, meGet, sessionRead, type SessionState } from '../client/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
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

/** Asks who is signed in before anything else is shown, and asks again when the person comes back to this tab. */
export function SessionProvider({ children }: { children: ReactNode }) {
  const session = useQuery({ queryKey: ['session'], queryFn: readSession, refetchOnWindowFocus: 'always', staleTime: 60_000 });
  if (session.error) return <ProblemNotice error={session.error} onRetry={() => void session.refetch()} />;
  if (session.data === undefined) return <Loading />;
  return <WithSession session={session.data}>{children}</WithSession>;
}

function WithSession({ session, children }: { session: SessionState; children: ReactNode }) {
  const client = useQueryClient();
  /** Whom this page was opened by. Another tab may sign another person in: the browser has one cookie for both. */
  const [subject] = useState(session.subject);
  const [resume, setResume] = useState<(() => void) | null>(null);
  if (session.subject === subject) setCsrfToken(session.csrfToken);

  useEffect(() => {
    onSessionEnd(() => new Promise((resolve) => setResume(() => resolve)));
  }, []);

  if (subject === null) return <SignedOutPage />;
  const isSomebodyElse = session.subject !== null && session.subject !== subject;
  return (
    <>
      <WithPerson name={session.name}>{children}</WithPerson>
      <SomebodyElse isOpen={isSomebodyElse} name={session.name ?? session.subject ?? ''} />
      <SessionEnded
        isOpen={resume !== null && !isSomebodyElse}
        onSignedIn={async () => {
          const now = await client.fetchQuery({ queryKey: ['session'], queryFn: readSession, staleTime: 0 });
          if (now.subject !== subject) return;
          setCsrfToken(now.csrfToken);
          resume?.();
          setResume(null);
        }}
      />
    </>
  );
}

function WithPerson({ name, children }: { name: string | null; children: ReactNode }) {
  const me = useQuery({ queryKey: ['me'], queryFn: () => call(() => meGet()), staleTime: 300_000 });
  if (me.error instanceof ApiProblem) return <ProblemNotice error={me.error} onRetry={() => void me.refetch()} />;
  if (me.data === undefined) return <Loading />;
  // An access token often lacks the name, which the issuer tells at sign-in.
  const person = { ...me.data, name: me.data.name ?? name };
  return <SessionContext value={{ me: person, can: (permission) => person.permissions.includes(permission) }}>{children}</SessionContext>;
}
