import { Logger } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { Problem } from '#libs/problems/index.js';
import type { IssuerTokens, Session, SessionStore } from '#libs/sessions/index.js';
import { expiryOf, type IssuerClient } from './issuer-client.js';
import { isRefusedForGood, toFailure } from './sign-in-failure.js';

/** An access token is renewed this long before it expires. */
const marginMs = 30_000;
/** An issuer that is away is asked again after this long. */
const restMs = 5_000;
/** Each renewal holds a connection to the database while the issuer answers; an issuer that hangs must not use them up. */
const mostAtOnce = 5;

/** Keeps the access tokens of sessions fresh. Requests of one session that come together renew once, in all processes. */
export class TokenRenewal {
  private readonly logger = new Logger('SignIn');
  private readonly running = new Map<string, Promise<Session | null>>();
  private restUntil = 0;

  constructor(
    private readonly store: Pick<SessionStore, 'renew' | 'endById'>,
    private readonly issuer: Pick<IssuerClient, 'refresh'>,
  ) {}

  /**
   * Returns the session with an access token that is good for a while, null if the session has ended.
   * @throws Problem `service_unavailable` when its token has expired and the issuer cannot be asked; the session remains.
   */
  async freshened(session: Session): Promise<Session | null> {
    if (!isDue(session)) return session;
    const isUsable = session.accessExpiresAt.getTime() > Date.now();
    if (session.tokens.refresh === null) return isUsable ? session : this.end(session);
    if (isUsable && (this.isResting() || this.isFull(session))) return session;
    while (this.isFull(session)) await Promise.race(this.running.values()).catch(() => null);
    if (this.isResting()) throw issuerAway();
    return this.renewOnce(session.sessionId).catch((error: unknown) => {
      if (isUsable) return session;
      throw error;
    });
  }

  private isResting(): boolean {
    return performance.now() < this.restUntil;
  }

  private isFull({ sessionId }: Session): boolean {
    return this.running.size >= mostAtOnce && !this.running.has(sessionId);
  }

  private renewOnce(sessionId: string): Promise<Session | null> {
    const running =
      this.running.get(sessionId) ??
      this.store.renew(sessionId, (session) => this.renewed(session)).finally(() => this.running.delete(sessionId));
    this.running.set(sessionId, running);
    return running;
  }

  private async renewed(session: Session): Promise<{ tokens: IssuerTokens; accessExpiresAt: Date } | 'keep' | 'end'> {
    const { refresh } = session.tokens;
    // Another process was first.
    if (!isDue(session) || refresh === null) return 'keep';
    let tokens: IssuerTokens;
    try {
      tokens = await this.issuer.refresh({ ...session.tokens, refresh });
    } catch (error) {
      const { code, note } = toFailure(error);
      this.logger.warn(`The tokens of session ${session.sessionId} were not renewed: ${code}, ${note}.`);
      if (isRefusedForGood(error)) return 'end';
      this.restUntil = performance.now() + restMs;
      throw issuerAway();
    }
    if (subjectOf(tokens.access) === session.subject) return { tokens, accessExpiresAt: expiryOf(tokens.access) };
    this.logger.warn(`Session ${session.sessionId} was ended: the renewed token is not a JWT for the same person.`);
    return 'end';
  }

  private async end({ sessionId }: Session): Promise<null> {
    await this.store.endById(sessionId);
    return null;
  }
}

const issuerAway = (): Problem =>
  new Problem('service_unavailable', { detail: 'The issuer cannot be reached to renew your sign-in.', headers: { 'Retry-After': '5' } });

const isDue = ({ accessExpiresAt }: Session): boolean => accessExpiresAt.getTime() - marginMs < Date.now();

/** Returns the subject of a JWT that expires; null for any other token. */
function subjectOf(accessToken: string): string | null {
  try {
    const { sub, exp } = decodeJwt(accessToken);
    return exp === undefined ? null : (sub ?? null);
  } catch {
    return null;
  }
}
