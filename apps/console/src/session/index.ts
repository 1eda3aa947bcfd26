export { type Permission, SessionProvider, useSession } from './session.js';
export { SignedInPage } from './signed-in.page.js';
export { signOut } from './sign-out.js';
