import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkoutRoot } from '#libs/embedded/index.js';

/** Returns the command blocks of a page in order, as a reader would copy them. */
export function commandsOf(page: string): string[] {
  const text = readFileSync(join(checkoutRoot, page), 'utf8');
  return [...text.matchAll(/^```sh\n([^]*?)^```$/gm)].map(([, block = '']) => block);
}

/** Use it to run a page's commands as a reader would: a shell that keeps its variables between blocks. */
export class Terminal {
  private output = '';
  /** Called after every output. */
  private look = (): void => undefined;
  private readonly shell;

  constructor(env: NodeJS.ProcessEnv) {
    this.shell = spawn('bash', ['--noprofile', '--norc'], { cwd: checkoutRoot, env, stdio: ['pipe', 'pipe', 'pipe'] });
    for (const stream of [this.shell.stdout, this.shell.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        this.output += text;
        this.look();
      });
    }
    this.shell.on('exit', () => this.look());
  }

  /** Runs a block to its end and returns its output. */
  async run(block: string): Promise<string> {
    const mark = `end-of-block-${randomUUID()}`;
    this.output = '';
    const ended = new Promise<void>((resolve, reject) => {
      this.look = () => {
        if (this.output.includes(`\n${mark}\n`)) resolve();
        else if (this.shell.exitCode !== null) reject(new Error(`The shell has ended: ${this.output}`));
      };
    });
    this.shell.stdin.write(`${block}\nprintf '\\n%s\\n' ${mark}\n`);
    await ended;
    return this.output.replace(`\n${mark}\n`, '');
  }

  async close(): Promise<void> {
    if (this.shell.exitCode !== null) return;
    const ended = once(this.shell, 'exit');
    this.shell.stdin.end('exit\n');
    await ended;
  }
}
