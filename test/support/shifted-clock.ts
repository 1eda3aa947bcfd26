/**
 * Shifts this process's clock when tests run as of another day (`CPOR_TEST_NOW`). It is loaded before everything else, leaves timers
 * unchanged, and the test database follows it (database.ts).
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

// It may be loaded twice, by a parent's options and by a test, but shifts only once.
if (clockAheadMs !== 0 && Date.name === 'Date') globalThis.Date = ShiftedDate as DateConstructor;
