import { readdirSync, readFileSync } from 'node:fs';

/** The length of a /proc tick in milliseconds: every Linux that runs Node has 100 ticks per second. */
const tickMs = 10;

interface ProcessStat {
  pid: number;
  parent: number;
  ticks: number;
}

/** Returns the CPU milliseconds that a process and its children, running and ended, have used so far. Linux only. */
export function cpuMs(pid: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const family = new Set([pid]);
  // Parents usually have smaller pids than their children, but pids wrap around: repeat until nothing is added.
  for (let before = 0; before !== family.size; ) {
    before = family.size;
    for (const stat of stats) if (family.has(stat.parent)) family.add(stat.pid);
  }
  return stats.filter((stat) => family.has(stat.pid)).reduce((sum, stat) => sum + stat.ticks, 0) * tickMs;
}

function readStat(pid: number): ProcessStat | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [parent = 0, user = 0, system = 0, childUser = 0, childSystem = 0] = [1, 11, 12, 13, 14].map((index) => Number(fields[index]));
    return { pid, parent, ticks: user + system + childUser + childSystem };
  } catch {
    // The process has ended.
    return undefined;
  }
}

/**
 * Returns the CPU milliseconds that this process and the children of another have used so far, exact to the microsecond. Unlike elapsed time,
 * it does not depend on what else the machine does. Linux only.
 */
export function onCpuMs(parent: number): number {
  const children = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ');
  const { user, system } = process.cpuUsage();
  return children.reduce((sum, pid) => sum + onCpuOf(pid), (user + system) / 1_000);
}

function onCpuOf(pid: string): number {
  try {
    return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]) / 1e6;
  } catch {
    // It has ended.
    return 0;
  }
}
