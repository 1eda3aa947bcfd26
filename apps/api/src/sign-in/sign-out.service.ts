import { Logger } from '@nestjs/common';
import { z } from 'zod';
import type { Session, SessionKeys, SessionStore } from '#libs/sessions/index.js';
import type { IssuerClient } from './issuer-client.js';
import { toFailure } from './sign-in-failure.js';

const ticketMs = 120_000;
const content = z.object({ idToken: z.string(), until: z.number() });

/** Ends sessions here, and leads to the issuer's own log-out. */
export class SignOutService {
  private readonly logger = new Logger('SignIn');

  constructor(
    private readonly store: SessionStore,
    private readonly keys: SessionKeys,
    private readonly issuer: IssuerClient | null,
  ) {}

  async end(
    { token, session }: { token: string; session: Session },
    scope: 'here' | 'everywhere',
  ): Promise<{ endedSessions: number; issuerSignOut: string | null }> {
    const { issuer, subject, tokens } = session;
    const endedSessions = scope === 'here' ? await this.store.end(token) : await this.store.endAll(issuer, subject);
    const isPossible = (await this.endSessionUrl(tokens.id)) !== null;
    return { endedSessions, issuerSignOut: isPossible ? `/sign-out/issuer?ticket=${this.ticketFor(tokens.id)}` : null };
  }

  /** Returns the issuer's log-out address for a ticket; the start page for one that is too old. */
  async issuerAddress(ticket: string): Promise<string> {
    const text = this.keys.open('sign-out', '', Buffer.from(ticket, 'base64url'));
    const { idToken, until } = text === null ? { idToken: '', until: 0 } : content.parse(JSON.parse(text));
    const address = Date.now() > until ? null : await this.endSessionUrl(idToken);
    return address?.href ?? '/';
  }

  private ticketFor(idToken: string): string {
    return this.keys.seal('sign-out', '', JSON.stringify({ idToken, until: Date.now() + ticketMs })).toString('base64url');
  }

  /** An issuer that is away must not keep anybody from signing out here. */
  private async endSessionUrl(idToken: string): Promise<URL | null> {
    try {
      return (await this.issuer?.endSessionUrl(idToken)) ?? null;
    } catch (error) {
      const { code, note } = toFailure(error);
      this.logger.warn(`The issuer's log-out address is not known: ${code}, ${note}.`);
      return null;
    }
  }
}
