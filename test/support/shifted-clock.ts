/**
 * Moves the clock of this process when tests run as of another day (`CPOR_TEST_NOW`); loaded before everything else. Timers are unchanged.
 * The test database moves with it (database.ts).
 */
export const clockAheadMs = Number(process.env['CPOR_TEST_CLOCK_AHEAD_MS'] ?? 0);

const ActualDate = Date;

class ShiftedDate extends ActualDate {
  constructor(...args: unknown[]) {
    if (args.length === 0) super(ShiftedDate.now());
    else super(...(args as [string]));
  }

  static override now(): number {
    return ActualDate.now() + clockAheadMs;
  }
}

// Loaded twice, by a parent's options and by a test, it moves once.
if (clockAheadMs !== 0 && Date.name === 'Date') globalThis.Date = ShiftedDate as DateConstructor;
