/** A command of operators, which parses its own arguments. */
export interface OperatorCommand {
  does: string;
  /** Loaded when it is used, so that the others start without it. */
  load: () => Promise<{ usage: string; run: (args: string[]) => Promise<number> }>;
}
