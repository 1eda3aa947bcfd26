/** A problem that the user can fix. They see the message and nothing else. */
export class SetupFault extends Error {
  /** @override */
  name = 'SetupFault';
}
