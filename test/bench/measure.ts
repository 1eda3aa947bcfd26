import { setTimeout as pause } from 'node:timers/promises';
import { cpuMs } from './process-cpu.js';
import { machineCpu } from './report.js';

/** Milliseconds that callers waited, by request. */
export interface Timings {
  submit: number[];
  approve: number[];
}

export interface Measured {
  seconds: number;
  /** CPU milliseconds by process, without what the process uses while nothing happens. */
  cpu: Record<string, number>;
  /** CPU milliseconds a second that all processes use while nothing happens: pollers, mostly. */
  idle: number;
  /** How many processors the rest of the machine kept busy meanwhile. */
  otherLoad: number;
  timings: Timings;
}

/** How long idle processes are watched. */
const idleMs = 2_000;

/** Runs the work and reports how long it took, and how much CPU each process used. */
export async function measure(pids: Record<string, number>, timings: Timings, work: () => Promise<void>): Promise<Measured> {
  const idleBefore = cpuOf(pids);
  await pause(idleMs);
  const before = cpuOf(pids);
  const machineBefore = machineCpu();
  const own = process.cpuUsage();
  const started = performance.now();
  await work();
  const seconds = (performance.now() - started) / 1000;
  const machine = machineCpu();
  const after = cpuOf(pids);
  const { user, system } = process.cpuUsage(own);
  // Our children are the processes above, so only this process's own CPU time counts as the client's.
  const cpu: Record<string, number> = { client: (user + system) / 1000 };
  let idle = 0;
  let total = cpu['client']!;
  for (const name of Object.keys(pids)) {
    const idlePerSecond = (before[name]! - idleBefore[name]!) / (idleMs / 1000);
    const used = after[name]! - before[name]!;
    cpu[name] = Math.max(0, used - idlePerSecond * seconds);
    idle += idlePerSecond;
    total += used;
  }
  const otherLoad = Math.max(0, (machine.seconds - machineBefore.seconds - total / 1000) / seconds);
  return { seconds, cpu, idle, otherLoad, timings };
}

const cpuOf = (pids: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuMs(pid)]));

export const totalOf = ({ cpu }: Pick<Measured, 'cpu'>): number => Object.values(cpu).reduce((sum, ms) => sum + ms, 0);

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
