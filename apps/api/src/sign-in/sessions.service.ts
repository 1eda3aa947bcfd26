import { DataSource } from 'typeorm';
import { can } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { endSessionsOf, type SessionEnd, type SessionStore, type SessionView } from '#libs/sessions/index.js';
import { type Caller, requestIdOf } from '../auth/caller.js';

export type EndedSessions = Omit<SessionEnd, 'endId'>;

/** Lists and ends sessions. What an operator does to somebody else's sessions is recorded. */
export class SessionsService {
  constructor(
    private readonly source: DataSource,
    private readonly store: SessionStore,
  ) {}

  list(subject: string): Promise<SessionView[]> {
    return this.store.list(subject);
  }

  /** Ends one session. Somebody else's is unknown to anyone but operators. */
  async end(caller: Caller, sessionId: string): Promise<EndedSessions> {
    const session = await this.store.view(sessionId);
    const { subject: by } = caller.principal;
    if (session === null) throw new Problem('not_found');
    if (session.subject === by) {
      await this.store.endById(sessionId);
      return { subject: by, sessionIds: [sessionId], endedBy: by, endedAt: new Date().toISOString() };
    }
    if (!can(caller.principal, 'sessions.end')) throw new Problem('not_found');
    return this.endRecorded(caller, session.subject, sessionId);
  }

  /** Ends all sessions of a person. @throws Problem `idempotency_conflict` when the key ended those of another. */
  endAll(caller: Caller, subject: string): Promise<EndedSessions> {
    return this.endRecorded(caller, subject, null);
  }

  private async endRecorded(caller: Caller, subject: string, sessionId: string | null): Promise<EndedSessions> {
    const by = caller.principal.subject;
    const { endId: _, ...ended } = await endSessionsOf(this.source, { endId: requestIdOf(caller), subject, sessionId, by });
    if (ended.subject !== subject) throw new Problem('idempotency_conflict');
    return ended;
  }
}
