import { Context } from '@temporalio/activity';

const heartbeatMs = 10_000;

/** Sends heartbeats while work runs whose parts have time limits of their own. */
export async function heartbeating<Result>(work: () => Promise<Result>): Promise<Result> {
  const context = Context.current();
  const timer = setInterval(() => context.heartbeat(), heartbeatMs);
  return work().finally(() => clearInterval(timer));
}
