export { browserName } from './browser-name.js';
export { endByLogoutToken, verifyLogoutToken } from './logout-token.js';
export type { IssuerTokens, Session, SessionLimits, SessionView } from './session.js';
export { endSessionsOf, type SessionEnd } from './session-ends.js';
export { SessionKeys } from './session-keys.js';
export { SessionStore } from './session-store.js';
export { isSessionToken, newSessionToken } from './session-token.js';
