/** The person typed something that cannot be meant. Exit code 2. */
export class UsageError extends Error {}

/** Nobody is signed in. Exit code 3. */
export class NotSignedIn extends Error {}
