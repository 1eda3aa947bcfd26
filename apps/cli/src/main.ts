#!/usr/bin/env node
import { commands } from './commands.js';
import { operatorCommands } from './operators.js';
import { completionScript, isCommand, shells } from './shell/completion.js';
import { section } from './shell/help.js';
import { isOverHttp, runOverHttp } from './shell/run.js';

const usage = [
  'Usage: cpor COMMAND [options]',
  section(
    'For partners, reviewers and whoever has a token',
    Object.entries(commands).map(([name, entry]) => [
      name,
      isCommand(entry) ? entry.about : `${Object.keys(entry).join(', ')}: see "cpor ${name} --help"`,
    ]),
  ),
  section(
    'For operators, on the machine of the product',
    Object.entries(operatorCommands).map(([name, { does }]) => [name, does]),
  ),
  section('For your shell', [['completion', `prints a script that completes commands: eval "$(cpor completion bash)", or zsh`]]),
  'Run "cpor COMMAND --help" for details.\n',
].join('\n\n');

// Whoever reads the output may stop early, as "head" does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

const [name = 'help', ...args] = process.argv.slice(2);
process.exitCode = await run();

async function run(): Promise<number> {
  if (isOverHttp(name)) return runOverHttp([name, ...args], process);
  if (Object.hasOwn(operatorCommands, name)) return runOperator();
  const shell = shells.find((one) => one === args[0]);
  if (name === 'completion' && shell !== undefined && args.length === 1) {
    process.stdout.write(completionScript(shell, commands, [...Object.keys(operatorCommands), 'completion']));
    return 0;
  }
  const isHelp = ['help', '--help', '-h'].includes(name);
  const fault = isHelp ? '' : name === 'completion' ? 'Name your shell: bash or zsh.\n\n' : `Unknown command "${name}".\n\n`;
  (isHelp ? process.stdout : process.stderr).write(`${fault}${usage}`);
  return isHelp ? 0 : 2;
}

async function runOperator(): Promise<number> {
  const command = await operatorCommands[name]!.load();
  return command.run(args).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
}
