import { setTimeout as sleep } from 'node:timers/promises';
import { heartbeat } from '@temporalio/activity';

/** With a round of mails and its last one still within the activity's time-out. */
const limitMs = 20_000;
const pauseMs = 500;

/** Repeats a write for a while: the relay's answer is worth some patience with a database that is away, for what is not written down is sent again. */
export async function writeDown<Result>(write: () => Promise<Result>): Promise<Result> {
  const givesUpAt = Date.now() + limitMs;
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (Date.now() > givesUpAt) throw error;
      heartbeat();
      await sleep(pauseMs);
    }
  }
}
