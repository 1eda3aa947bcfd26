export interface RefusedSession {
  /** The session's token that the refused request was sent with; null if it had none. */
  token: string | null;
  /** `ended`: the API knows no session. `foreign`: the browser's session is not the one that the token belongs to. */
  reason: 'ended' | 'foreign';
}

/**
 * Runs when the API refuses a session. Resolves to true when the person of this page is signed in and the request may be repeated, to false if
 * signing in would not help.
 */
type SignInAgain = (refused: RefusedSession) => Promise<boolean>;

let signInAgain: SignInAgain = () => Promise.reject(new Error('No session provider is mounted.'));
let pending: Promise<boolean> | undefined;

export function onSessionEnd(handler: SignInAgain): void {
  signInAgain = handler;
}

/** Many requests may fail at once; the person is asked only once. */
export function waitForSession(refused: RefusedSession): Promise<boolean> {
  pending ??= signInAgain(refused).finally(() => {
    pending = undefined;
  });
  return pending;
}
