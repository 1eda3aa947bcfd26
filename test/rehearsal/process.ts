import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { waitFor } from '../support/wait.js';

/** A process that the rehearsal started. */
export interface Running {
  /** Waits for a condition while the process runs. @throws when it ends first */
  until(what: string, condition: () => Promise<boolean>): Promise<void>;
  /** Asks it to end, as any orchestrator does, and waits until it has. Returns its exit code, or the signal that killed it. */
  stop(): Promise<number | string>;
}

export async function startProcess(
  name: string,
  file: string,
  { env, cwd, logFile }: { env: NodeJS.ProcessEnv; cwd: string; logFile: string },
): Promise<Running> {
  const log = openSync(logFile, 'a');
  const child = spawn(process.execPath, [file], { env, cwd, stdio: ['ignore', log, log] });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  // What a failed test leaves behind ends with it.
  process.once('exit', () => child.kill('SIGKILL'));
  await once(child, 'spawn');
  return {
    async until(what, condition) {
      await waitFor(
        `${what}: ${name}, see ${logFile}`,
        async () => {
          if (child.exitCode !== null) throw new Error(`${name} ended with ${child.exitCode}: see ${logFile}.`);
          return condition().catch(() => false);
        },
        120_000,
      );
    },
    async stop() {
      child.kill('SIGTERM');
      const [code, signal] = await ended;
      return code ?? signal!;
    },
  };
}
