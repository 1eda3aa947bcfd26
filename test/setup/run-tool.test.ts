import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { expect } from 'chai';
import { checkoutRoot } from '#libs/embedded/index.js';

describe('a tool of the project', () => {
  it('exits only after a slow reader has read all its output', async () => {
    const module = pathToFileURL(join(checkoutRoot, 'tools/setup.mjs')).href;
    const characters = 1_000_000;
    const script = `import { runTool } from '${module}'; await runTool(async () => { process.stdout.write('x'.repeat(${characters})); return 0; });`;
    const tool = spawn(execPath, ['--input-type=module', '--eval', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await sleep(1_000);
    let read = 0;
    for await (const chunk of tool.stdout) read += (chunk as Buffer).length;
    expect(read).to.equal(characters);
  });
});
