import { Logger } from '@nestjs/common';
import { decodeJwt } from 'jose';
import { Problem } from '#libs/problems/index.js';
import type { IssuerTokens, Session, SessionStore } from '#libs/sessions/index.js';
import { expiryOf, type IssuerClient } from './issuer-client.js';
import { isRefusedForGood, toFailure } from './sign-in-failure.js';

/** An access token is renewed this long before it expires. */
const marginMs = 30_000;
/** While the issuer is away, a session whose token is still good asks it only this often. */
const restMs = 5_000;
const rememberedRests = 10_000;

/** Keeps the access tokens of sessions fresh. Requests of one session that come together renew once, in all processes. */
export class TokenRenewal {
  private readonly logger = new Logger('SignIn');
  private readonly running = new Map<string, Promise<Session | null>>();
  private readonly restUntil = new Map<string, number>();

  constructor(
    private readonly store: SessionStore,
    private readonly issuer: IssuerClient,
  ) {}

  /**
   * Returns the session with an access token that is good for a while, null if the session has ended.
   * @throws Problem `service_unavailable` when its token has expired and the issuer cannot be asked; the session remains.
   */
  async freshened(session: Session): Promise<Session | null> {
    if (!isDue(session)) return session;
    const isUsable = session.accessExpiresAt.getTime() > Date.now();
    if (session.tokens.refresh === null) return isUsable ? session : this.end(session);
    if (isUsable && (this.restUntil.get(session.sessionId) ?? 0) > performance.now()) return session;
    try {
      const renewed = await this.renewOnce(session.sessionId);
      this.restUntil.delete(session.sessionId);
      return renewed;
    } catch (error) {
      if (!isUsable) throw error;
      if (this.restUntil.size >= rememberedRests) this.restUntil.clear();
      this.restUntil.set(session.sessionId, performance.now() + restMs);
      return session;
    }
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
      throw new Problem('service_unavailable', {
        detail: 'The issuer cannot be reached to renew your sign-in.',
        headers: { 'Retry-After': '5' },
      });
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
