import { expect } from 'chai';
import { newSessionToken, SessionKeys } from '#libs/sessions/index.js';

const keys = new SessionKeys(Buffer.alloc(32, 1));
const others = new SessionKeys(Buffer.alloc(32, 2));

describe('the keys of sessions', () => {
  it('open what they sealed, and only for the same purpose and context', () => {
    const sealed = keys.seal('session tokens', 'a session', 'Пароль: 秘密');
    expect(keys.open('session tokens', 'a session', sealed)).to.equal('Пароль: 秘密');
    expect(keys.open('session tokens', 'another session', sealed)).to.equal(null);
    expect(keys.open('sign-in', 'a session', sealed)).to.equal(null);
    expect(others.open('session tokens', 'a session', sealed)).to.equal(null);
  });

  it('open nothing that was altered or cut', () => {
    const sealed = keys.seal('sign-in', '', 'text');
    for (let at = 0; at < sealed.length; at++) {
      const altered = Buffer.from(sealed);
      altered[at]! ^= 1;
      expect(keys.open('sign-in', '', altered), `byte ${at}`).to.equal(null);
      expect(keys.open('sign-in', '', sealed.subarray(0, at)), `${at} bytes`).to.equal(null);
    }
  });

  it('seal the same text differently each time', () => {
    expect(keys.seal('sign-in', '', 'text').equals(keys.seal('sign-in', '', 'text'))).to.equal(false);
  });

  it('give each session a token of its own against forged forms', () => {
    const [one, two] = [newSessionToken(), newSessionToken()];
    expect(keys.isCsrfToken(one, keys.csrfToken(one))).to.equal(true);
    for (const wrong of [keys.csrfToken(two), others.csrfToken(one), '', one, undefined])
      expect(keys.isCsrfToken(one, wrong), String(wrong)).to.equal(false);
    expect(keys.csrfToken(one)).to.not.include(one);
  });
});
