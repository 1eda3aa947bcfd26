import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EndingStep } from './processes.js';
import { waitUntil } from './wait.js';

const largestLogBytes = 10 * 1024 * 1024;

export interface ChildOptions {
  /** Its name in messages. */
  name: string;
  file: string;
  args: string[];
  /** Receives the child's output. */
  logFile: string;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  /** The account to run as, when we are root. */
  account?: { uid: number; gid: number } | undefined;
  /** Opens a channel that closes when this process dies. */
  channel?: boolean;
}

/** How a child ended: by an exit code or by a signal. */
export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A child process. It writes to a file, so that it does not depend on this process to read its output. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  readonly logFile: string;
  /** Settles when the child has ended; never rejects. */
  readonly ended: Promise<ChildExit>;
  isRunning(): boolean;
  kill(signal: NodeJS.Signals): void;
  /** Sends one signal after another until the child has ended. */
  end(steps: EndingStep[]): Promise<void>;
}

/** Starts a process in its own session, out of reach of the terminal's Ctrl-C, so that we decide the order of stopping. */
export async function spawnChild(options: ChildOptions): Promise<Child> {
  rotateLog(options.logFile);
  const log = openSync(options.logFile, 'a', 0o600);
  try {
    const started = spawn(options.file, options.args, {
      stdio: options.channel ? ['ignore', log, log, 'ipc'] : ['ignore', log, log],
      detached: true,
      env: options.env ?? process.env,
      ...(options.cwd !== undefined && { cwd: options.cwd }),
      ...options.account,
    });
    await once(started, 'spawn');
    return new SpawnedChild(options.name, options.logFile, started);
  } catch (error) {
    throw new Error(`${options.name} could not be started: ${(error as Error).message}.`, { cause: error });
  } finally {
    closeSync(log);
  }
}

/** Keeps one older log, so that logs do not grow without limit. */
function rotateLog(logFile: string): void {
  mkdirSync(dirname(logFile), { recursive: true });
  const size = statSync(logFile, { throwIfNoEntry: false })?.size ?? 0;
  if (size > largestLogBytes) renameSync(logFile, `${logFile}.1`);
}

class SpawnedChild implements Child {
  readonly pid: number;
  readonly ended: Promise<ChildExit>;

  constructor(
    readonly name: string,
    readonly logFile: string,
    private readonly started: ChildProcess,
  ) {
    this.pid = started.pid ?? 0;
    started.on('error', () => undefined);
    this.ended = new Promise((resolve) => started.once('exit', (code, signal) => resolve({ code, signal })));
  }

  isRunning(): boolean {
    return this.started.exitCode === null && this.started.signalCode === null;
  }

  kill(signal: NodeJS.Signals): void {
    this.started.kill(signal);
  }

  async end(steps: EndingStep[]): Promise<void> {
    for (const step of steps) {
      if (!this.isRunning()) return;
      this.kill(step.signal);
      if (await waitUntil(() => !this.isRunning(), step.waitMs)) return;
    }
    throw new Error(`${this.name} (process ${this.pid}) does not stop.`);
  }
}

/** Describes how a child ended, for use after its name. */
export function describeExit(exit: ChildExit): string {
  return exit.signal ? `was killed by ${exit.signal}` : `exited with code ${exit.code}`;
}

/** Returns the last lines of a log, for messages about its process. */
export async function tailOf(logFile: string, lines = 15): Promise<string> {
  const text = await readFile(logFile, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
