import { defineCommand } from '../shell/command.js';
import { UsageError } from '../shell/faults.js';

export const clockAdvanceCommand = defineCommand({
  about: "moves a sandbox's clock forward, never back",
  args: [{ name: 'DURATION', about: 'how far: 14d, 36h, 90m, 2w, or ISO 8601 such as P1DT12H', isOptional: true }],
  options: {
    to: { type: 'string', value: 'TIME', about: 'move it to this instant instead, such as 2026-12-24T09:00:00Z' },
    next: { type: 'boolean', about: 'move it to the next deadline of any claim instead' },
  },
  examples: ['cpor clock advance 14d', 'cpor clock advance --next'],
  async run({ values, args: [duration], terminal, session }) {
    const ways = [duration, values.to, values.next || undefined].filter((way) => way !== undefined);
    if (ways.length !== 1) throw new UsageError('Say how far in one way: a DURATION, --to or --next.');
    const by = duration === undefined ? undefined : iso(duration);
    const cpor = await session.connect();
    const to = values.next ? (await cpor.sandbox.clock()).nextDeadlineAt : values.to;
    if (by === undefined && (to === undefined || to === null)) throw new Error('No claim has a deadline.');
    const moved = await cpor.sandbox.advance(by === undefined ? { to: to! } : { by });
    terminal.print(moved, () => `It is ${moved.now} now. ${moved.movedClaims} claims had a deadline on the way.`);
  },
});

/** @throws UsageError */
function iso(duration: string): string {
  if (/^P/i.test(duration)) return duration.toUpperCase();
  const [, count, unit] = /^(\d{1,5})([wdhm])$/i.exec(duration) ?? [];
  if (count === undefined) throw new UsageError(`"${duration}" is not a duration such as 14d, 36h or P1DT12H.`);
  const letter = unit!.toUpperCase();
  return letter === 'W' || letter === 'D' ? `P${count}${letter}` : `PT${count}${letter}`;
}
