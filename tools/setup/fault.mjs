/** Something that stops set-up and that the reader can mend. The message is all they see. */
export class SetupFault extends Error {
  /** @override */
  name = 'SetupFault';
}
