import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '#libs/problems/index.js';
import type { Session, SessionKeys, SessionStore } from '#libs/sessions/index.js';
import { plainError } from '#libs/log/index.js';
import { sessionTokenOf } from './cookies.js';
import { refuseForeign } from './cross-site.js';
import type { TokenRenewal } from './token-renewal.js';

const sessionIds = new WeakMap<IncomingMessage, string>();

/** Returns the session that a request was made with, null for a bearer token. */
export const sessionIdOf = ({ raw }: FastifyRequest): string | null => sessionIds.get(raw) ?? null;

const repeats = new WeakMap<IncomingMessage, () => Promise<void>>();

/**
 * Finds out again, while a long answer is being sent, whether the session of a request goes on, and renews its token. Does nothing for a bearer
 * token. @throws Problem `session_ended`
 */
export const authorizeAgain = async ({ raw }: FastifyRequest): Promise<void> => repeats.get(raw)?.();

/**
 * Turns the session cookie of a browser into the bearer token of its session, before anything else looks at the request. The rest of the API
 * knows bearer tokens alone.
 */
export class BrowserSessions {
  private readonly logger = new Logger('SignIn');
  private readonly origin: string;

  constructor(
    private readonly store: SessionStore,
    private readonly keys: SessionKeys,
    /** Null when nobody can sign in. */
    private readonly renewal: TokenRenewal | null,
    publicUrl: string,
  ) {
    this.origin = new URL(publicUrl).origin;
  }

  /** Requests with an `Authorization` header are left alone, and pay for nothing. */
  installOn(server: FastifyInstance): void {
    // By now the request has been logged, and its body has not been read.
    server.addHook('preParsing', async (request) => {
      if (request.headers.authorization !== undefined || request.routeOptions.url?.startsWith('/v1/') !== true) return;
      const token = sessionTokenOf(request.headers);
      if (token !== null) await this.authorize(request, token);
    });
  }

  /** Returns the session of a request and its cookie, null if there is none or it has ended. Refuses other sites. */
  async find(request: FastifyRequest): Promise<{ token: string; session: Session } | null> {
    const token = sessionTokenOf(request.headers);
    if (token === null) return null;
    refuseForeign(request, token, this.origin, this.keys);
    const session = await this.store.find(token);
    return session && { token, session };
  }

  csrfToken(sessionToken: string): string {
    return this.keys.csrfToken(sessionToken);
  }

  private async authorize(request: FastifyRequest, token: string): Promise<void> {
    refuseForeign(request, token, this.origin, this.keys);
    const found = await this.store.find(token);
    const session = found && this.renewal && (await this.renewal.freshened(found));
    if (session === null) throw new Problem('session_ended', { headers: { 'WWW-Authenticate': 'Bearer realm="cpor"' } });
    // A page that only listens is no person at work.
    if (session.isUseDue && !isEventStream(request)) await this.noteUse(session);
    sessionIds.set(request.raw, session.sessionId);
    repeats.set(request.raw, () => this.authorize(request, token));
    request.headers.authorization = `Bearer ${session.tokens.access}`;
  }

  /** A database that cannot be written to at the moment must not stop people from reading. */
  private async noteUse({ sessionId }: Session): Promise<void> {
    await this.store
      .noteUse(sessionId)
      .catch((error: Error) => this.logger.warn(`The use of a session was not stored: ${plainError(error).message}`));
  }
}

const isEventStream = ({ headers }: FastifyRequest): boolean => headers.accept?.includes('text/event-stream') === true;
