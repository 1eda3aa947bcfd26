import { call } from '../api/index.js';
import { sessionSignOut } from '../client/index.js';
import { announceSession } from './other-tabs.js';

/** Ends this session or all sessions of the person, and leaves the console by way of the issuer, if it can be left too. */
export async function signOut(scope: 'here' | 'everywhere'): Promise<void> {
  const { issuerSignOut } = await call(() => sessionSignOut({ body: { scope } }));
  announceSession();
  window.location.assign(issuerSignOut ?? '/');
}
