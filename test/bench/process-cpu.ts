import { readdirSync, readFileSync } from 'node:fs';

/** Length of a tick of /proc, in milliseconds: 100 ticks a second on every Linux that runs Node. */
const tickMs = 10;

interface ProcessStat {
  pid: number;
  parent: number;
  ticks: number;
}

/** CPU milliseconds that a process and its children, living and ended, have used so far. Linux only. */
export function cpuMs(pid: number): number {
  const stats = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => readStat(Number(name)) ?? []);
  const family = new Set([pid]);
  // Parents have smaller pids than their children but for wrap-around, so go round until nothing is added.
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
    // The process ended meanwhile.
    return undefined;
  }
}

/**
 * Milliseconds that this process and the children of another have spent on a CPU so far, exact to the microsecond. Unlike the time that
 * passed, it says the same on a machine that is busy with other things. Linux only.
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
    // It has ended meanwhile.
    return 0;
  }
}
