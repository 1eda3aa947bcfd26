import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { waitUntil } from './wait.js';

/** A running process. The command starts and ends with a space, so that ` -D /path ` finds a whole argument. */
export interface RunningProcess {
  pid: number;
  command: string;
}

/** Lists the processes that this account can see, without zombies. */
export async function listProcesses(): Promise<RunningProcess[]> {
  return process.platform === 'linux' ? listFromProc() : listFromPs();
}

async function listFromProc(): Promise<RunningProcess[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const entries = await Promise.all(
    pids.map(async (pid) => {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return { pid: Number(pid), command: ` ${commandLine.split('\0').join(' ').trim()} ` };
    }),
  );
  return entries.filter((entry) => entry.command.trim() !== '');
}

async function listFromPs(): Promise<RunningProcess[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axww', '-o', 'pid=,command=']);
  return stdout.split('\n').flatMap((line) => {
    const found = /^\s*(\d+)\s+(.*)$/.exec(line);
    return found ? [{ pid: Number(found[1]), command: ` ${found[2]} ` }] : [];
  });
}

/** Finds processes by a part of their command line. */
export async function findProcesses(part: string): Promise<RunningProcess[]> {
  return (await listProcesses()).filter((entry) => entry.pid !== process.pid && entry.command.includes(part));
}

/** A signal, and how long to wait for the process to end. */
export interface EndingStep {
  signal: NodeJS.Signals;
  waitMs: number;
}

/** Ends every process whose command line contains the part, which must name one data directory. Returns how many there were. */
export async function endProcesses(part: string, steps: EndingStep[]): Promise<number> {
  const found = await findProcesses(part);
  if (found.length === 0) return 0;
  for (const step of steps) {
    for (const entry of await findProcesses(part)) send(entry.pid, step.signal);
    if (await waitUntil(async () => (await findProcesses(part)).length === 0, step.waitMs)) return found.length;
  }
  throw new Error(`Process ${found.map((entry) => entry.pid).join(', ')} does not stop.`);
}

/** Sends a signal; a process that is already gone is not an error. */
export function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** Identifies a process by its pid and start time, because pids are reused. An ended process has no start time. */
export async function identifyProcess(pid: number): Promise<string> {
  if (!Number.isInteger(pid) || pid <= 0) return '';
  if (process.platform !== 'linux') {
    const asked = await promisify(execFile)('ps', ['-o', 'lstart=', '-p', String(pid)]).catch(() => ({ stdout: '' }));
    return `${pid} ${asked.stdout.trim()}`;
  }
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  // The name in parentheses may contain spaces and parentheses; the start time is the 20th field after it.
  return `${pid} ${status.slice(status.lastIndexOf(')') + 2).split(' ')[19] ?? ''}`;
}

/** Returns whether a process is running; a zombie is not. */
export async function isRunning(pid: number): Promise<boolean> {
  return (await listProcesses()).some((entry) => entry.pid === pid);
}
