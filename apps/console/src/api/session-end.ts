/** Runs when the API says that nobody is signed in; resolves when the person has signed in again and the request may be repeated. */
type SignInAgain = () => Promise<void>;

let signInAgain: SignInAgain = () => Promise.reject(new Error('No session provider is mounted.'));
let pending: Promise<void> | undefined;

export function onSessionEnd(handler: SignInAgain): void {
  signInAgain = handler;
}

/** Many requests may fail at once; the person is asked only once. */
export function waitForSession(): Promise<void> {
  pending ??= signInAgain().finally(() => {
    pending = undefined;
  });
  return pending;
}
