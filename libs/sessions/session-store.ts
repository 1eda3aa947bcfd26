import type { DataSource, EntityManager } from 'typeorm';
import { v7 as uuidV7 } from 'uuid';
import type { IssuerTokens, NewSession, Session, SessionLimits, SessionView } from './session.js';
import type { SessionKeys } from './session-keys.js';
import { digestOf, newSessionToken } from './session-token.js';

type Queryable = Pick<EntityManager, 'query'>;

interface SessionRow {
  sessionId: string;
  issuer: string;
  subject: string;
  sealedTokens: Buffer;
  accessExpiresAt: Date;
  idleUntil: Date;
  endsAt: Date;
  isUseDue: boolean;
}

type Instants = 'signedInAt' | 'usedAt' | 'idleUntil' | 'endsAt';
type ViewRow = Omit<SessionView, Instants> & Record<Instants, Date>;

/** What the issuer calls its session and the person. At least one is given. */
export interface IssuerNames {
  sid?: string | undefined;
  sub?: string | undefined;
}

/** How often the use of a session is stored. */
const useSeconds = 60;

const limitColumns = `LEAST(used_at + $1 * interval '1 minute', signed_in_at + $2 * interval '1 hour') AS "idleUntil",
  signed_in_at + $2 * interval '1 hour' AS "endsAt"`;
const isAlive = `used_at > clock_timestamp() - $1 * interval '1 minute' AND signed_in_at > clock_timestamp() - $2 * interval '1 hour'`;

const rowSql = `SELECT session_id AS "sessionId", issuer, subject, sealed_tokens AS "sealedTokens", access_expires_at AS "accessExpiresAt",
  ${limitColumns}, used_at < clock_timestamp() - interval '${useSeconds} seconds' AS "isUseDue"
  FROM sessions WHERE ${isAlive}`;

const viewSql = `SELECT session_id AS "sessionId", subject, browser, signed_in_at AS "signedInAt", used_at AS "usedAt", ${limitColumns}
  FROM sessions WHERE ${isAlive}`;

/** Most sessions that one list shows. */
export const listedSessions = 200;

/**
 * Stores sessions of browsers. A session that was ended is gone, so that the next look-up does not find it; one that has reached a limit is
 * not found either, and deleted at somebody's next sign-in.
 */
export class SessionStore {
  constructor(
    private readonly source: DataSource,
    private readonly keys: SessionKeys,
    private readonly limits: SessionLimits,
  ) {}

  /** Starts a session in place of the browser's earlier one, and returns its secret, which is stored nowhere. */
  async begin(session: NewSession, earlierToken: string | null): Promise<string> {
    const token = newSessionToken();
    const sessionId = uuidV7();
    const { issuer, subject, issuerSubject, issuerSession, tokens, accessExpiresAt, browser } = session;
    await this.source.transaction(async (manager) => {
      await this.deleteEnded(manager);
      if (earlierToken !== null) await manager.query('DELETE FROM sessions WHERE token_hash = $1', [digestOf(earlierToken)]);
      await manager.query(
        `INSERT INTO sessions (session_id, token_hash, issuer, subject, issuer_subject, issuer_session, sealed_tokens, access_expires_at, browser,
           signed_in_at, used_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, clock_timestamp(), clock_timestamp())`,
        [
          sessionId,
          digestOf(token),
          issuer,
          subject,
          issuerSubject,
          issuerSession,
          this.sealed(sessionId, tokens),
          accessExpiresAt,
          browser,
        ],
      );
    });
    return token;
  }

  /** Returns the session of a cookie, or null if it has ended, reached a limit or never existed. */
  async find(token: string): Promise<Session | null> {
    const [row] = await this.source.query<SessionRow[]>(`${rowSql} AND token_hash = $3`, [...this.bounds(), digestOf(token)]);
    return row === undefined ? null : this.opened(row);
  }

  /** Stores that a session was used now. Other requests of the same minute change nothing. */
  async noteUse(sessionId: string): Promise<void> {
    await this.source.query(
      `UPDATE sessions SET used_at = clock_timestamp()
       WHERE session_id = $1 AND used_at < clock_timestamp() - interval '${useSeconds} seconds'`,
      [sessionId],
    );
  }

  /**
   * Replaces the tokens of a session while no other process can. `renew` gets the session as it is once it is locked, and returns its new
   * tokens, `keep` to leave it as it is, or `end`. Returns the session afterwards, null if it has ended.
   */
  async renew(
    sessionId: string,
    renew: (session: Session) => Promise<{ tokens: IssuerTokens; accessExpiresAt: Date } | 'keep' | 'end'>,
  ): Promise<Session | null> {
    return this.source.transaction(async (manager) => {
      const [row] = await manager.query<SessionRow[]>(`${rowSql} AND session_id = $3 FOR UPDATE`, [...this.bounds(), sessionId]);
      const session = row === undefined ? null : this.opened(row);
      if (session === null) return null;
      const renewed = await renew(session);
      if (renewed === 'keep') return session;
      if (renewed === 'end') {
        await manager.query('DELETE FROM sessions WHERE session_id = $1', [sessionId]);
        return null;
      }
      const { tokens, accessExpiresAt } = renewed;
      await manager.query('UPDATE sessions SET sealed_tokens = $2, access_expires_at = $3 WHERE session_id = $1', [
        sessionId,
        this.sealed(sessionId, tokens),
        accessExpiresAt,
      ]);
      return { ...session, tokens, accessExpiresAt };
    });
  }

  /** Lists a person's sessions, the latest sign-in first. */
  async list(subject: string): Promise<SessionView[]> {
    const rows = await this.source.query<ViewRow[]>(
      `${viewSql} AND subject = $3 ORDER BY signed_in_at DESC, session_id LIMIT ${listedSessions}`,
      [...this.bounds(), subject],
    );
    return rows.map(toView);
  }

  /** Returns one session, whoever it belongs to. */
  async view(sessionId: string): Promise<SessionView | null> {
    const [row] = await this.source.query<ViewRow[]>(`${viewSql} AND session_id = $3`, [...this.bounds(), sessionId]);
    return row === undefined ? null : toView(row);
  }

  /** Ends the session of a cookie. */
  async end(token: string): Promise<number> {
    return deleted(this.source, 'token_hash = $1', [digestOf(token)]);
  }

  async endById(sessionId: string): Promise<number> {
    return deleted(this.source, 'session_id = $1', [sessionId]);
  }

  /** Ends every session of a person. */
  async endAll(issuer: string, subject: string): Promise<number> {
    return deleted(this.source, 'issuer = $1 AND subject = $2', [issuer, subject]);
  }

  /** Ends the sessions of a session at the issuer, of a person there, or of both if both are given. */
  async endAtIssuer(issuer: string, { sid, sub }: IssuerNames, manager: Queryable = this.source): Promise<number> {
    if (sid === undefined) return deleted(manager, 'issuer = $1 AND issuer_subject = $2', [issuer, sub]);
    return deleted(manager, 'issuer = $1 AND issuer_session = $2 AND ($3::text IS NULL OR issuer_subject = $3)', [issuer, sid, sub]);
  }

  /** Does the same for a message that counts once. Returns null if it was used before; it is remembered for as long as given. */
  async endAtIssuerOnce(messageId: string, rememberedSeconds: number, issuer: string, names: IssuerNames): Promise<number | null> {
    return this.source.transaction(async (manager) => {
      await manager.query('DELETE FROM used_logout_tokens WHERE forget_at < clock_timestamp()');
      const first = await manager.query<unknown[]>(
        `WITH used AS (
           INSERT INTO used_logout_tokens (token_id, forget_at) VALUES ($1, clock_timestamp() + $2 * interval '1 second')
           ON CONFLICT DO NOTHING RETURNING token_id
         ) SELECT token_id FROM used`,
        [digestOf(messageId), rememberedSeconds],
      );
      return first.length === 0 ? null : this.endAtIssuer(issuer, names, manager);
    });
  }

  private async deleteEnded(manager: Queryable): Promise<void> {
    await manager.query(`DELETE FROM sessions WHERE NOT (${isAlive})`, this.bounds());
  }

  private bounds(): [number, number] {
    return [this.limits.idleMinutes, this.limits.maximumHours];
  }

  private sealed(sessionId: string, tokens: IssuerTokens): Buffer {
    return this.keys.seal('session tokens', sessionId, JSON.stringify(tokens));
  }

  /** Returns null if the tokens cannot be opened, because the key was changed since: such a session has ended. */
  private opened({ sealedTokens, ...row }: SessionRow): Session | null {
    const text = this.keys.open('session tokens', row.sessionId, sealedTokens);
    return text === null ? null : { ...row, tokens: JSON.parse(text) as IssuerTokens };
  }
}

async function deleted(database: Queryable, where: string, parameters: unknown[]): Promise<number> {
  const rows = await database.query<unknown[]>(
    `WITH ended AS (DELETE FROM sessions WHERE ${where} RETURNING session_id) SELECT FROM ended`,
    parameters,
  );
  return rows.length;
}

const toView = (row: ViewRow): SessionView => ({
  ...row,
  signedInAt: row.signedInAt.toISOString(),
  usedAt: row.usedAt.toISOString(),
  idleUntil: row.idleUntil.toISOString(),
  endsAt: row.endsAt.toISOString(),
});
