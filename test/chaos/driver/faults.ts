import type { Dice } from './dice.js';
import type { Stage } from './stage.js';

/** What can be done to a running product. */
export const faultNames = [] as const;
export type FaultName = (typeof faultNames)[number];

/** Injects faults one after the other, and sometimes two at once, as a seed says, until it is stopped. */
export class FaultSchedule {
  readonly counts: Record<string, number> = {};

  constructor(
    readonly stage: Stage,
    readonly dice: Dice,
    readonly names: FaultName[],
  ) {}

  start(): void {}

  async stop(): Promise<void> {}
}
