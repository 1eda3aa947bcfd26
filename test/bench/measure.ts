import { cpuMs } from './process-cpu.js';

/** Milliseconds that callers waited, by request. */
export interface Timings {
  submit: number[];
  approve: number[];
}

export interface Measured {
  seconds: number;
  /** CPU milliseconds by process. */
  cpu: Record<string, number>;
  timings: Timings;
}

/** Runs the work and reports how long it took, and how much CPU each process used. */
export async function measure(pids: Record<string, number>, timings: Timings, work: () => Promise<void>): Promise<Measured> {
  const before = Object.entries(pids).map(([name, pid]) => [name, cpuMs(pid)] as const);
  const own = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(own);
  const others = before.map(([name, ms]) => [name, cpuMs(pids[name]!) - ms]);
  // Our children are the processes above, so only this process's own CPU time counts as the client's.
  const cpu = { ...(Object.fromEntries(others) as Record<string, number>), client: (user + system) / 1000 };
  return { seconds, cpu, timings };
}

/** Calls `work` for 0 to count - 1, `concurrency` at a time. */
export async function inParallel(count: number, concurrency: number, work: (index: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, lane));
}

export function percentile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}
