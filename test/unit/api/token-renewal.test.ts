import { expect } from 'chai';
import type { IssuerTokens, Session } from '#libs/sessions/index.js';
import { TokenRenewal } from '../../../apps/api/src/sign-in/token-renewal.js';

const tokens = { access: 'old', refresh: 'refresh', id: 'id', name: null };

const sessionOf = (number: number, secondsLeft: number): Session => ({
  sessionId: String(number),
  issuer: 'https://issuer.example',
  subject: 'robin',
  tokens,
  accessExpiresAt: new Date(Date.now() + secondsLeft * 1_000),
  idleUntil: new Date(),
  endsAt: new Date(),
  isUseDue: false,
});

describe('the renewal of tokens while the issuer hangs', () => {
  it('holds five connections at most, and keeps nobody waiting whose token is still good', async () => {
    let held = 0;
    let most = 0;
    const failures: ((error: Error) => void)[] = [];
    const store = {
      endById: () => Promise.resolve(0),
      renew: async (id: string, renew: (session: Session) => Promise<unknown>) => {
        most = Math.max(most, ++held);
        try {
          await renew(sessionOf(Number(id), 10));
          return null;
        } finally {
          held--;
        }
      },
    };
    const issuer = { refresh: () => new Promise<IssuerTokens>((_, fail) => failures.push(fail)) };
    const renewal = new TokenRenewal(store, issuer);
    const good = Array.from({ length: 20 }, (_, number) => renewal.freshened(sessionOf(number, 10)));
    const expired = Array.from({ length: 20 }, (_, number) =>
      renewal.freshened(sessionOf(100 + number, -10)).catch((error: Error) => error),
    );
    // The first five are being renewed.
    expect((await Promise.all(good.slice(5))).map((session) => session?.sessionId)).to.include('19');
    expect(most).to.equal(5);

    for (const fail of failures) fail(new TypeError('fetch failed'));
    expect((await Promise.all(good)).every((session) => session?.tokens.access === 'old')).to.equal(true);
    for (const outcome of await Promise.all(expired)) expect(outcome).to.include({ code: 'service_unavailable' });
    expect([most, failures.length], 'nobody asks an issuer that is away').to.deep.equal([5, 5]);
  });
});
