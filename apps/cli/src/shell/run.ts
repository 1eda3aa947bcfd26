import type { Retry } from '@cpor/client';
import { commands } from '../commands.js';
import { Session } from '../sign-in/session.js';
import { type Command, parse } from './command.js';
import { isCommand } from './completion.js';
import { explain } from './exit-codes.js';
import { UsageError } from './faults.js';
import { helpOf, section } from './help.js';
import { type Streams, Terminal } from './terminal.js';

export const isOverHttp = (name: string): boolean => name in commands;

/** Runs a command over HTTP and returns its exit code. */
export async function runOverHttp(words: string[], streams: Streams): Promise<number> {
  const [name = '', ...rest] = words;
  const entry = commands[name]!;
  if (isCommand(entry)) return runCommand(name, entry, rest, streams);
  const [verb = '', ...args] = rest;
  const command = Object.hasOwn(entry, verb) ? entry[verb] : undefined;
  if (command !== undefined) return runCommand(`${name} ${verb}`, command, args, streams);
  const isHelp = ['--help', '-h', 'help'].includes(verb);
  const lines = Object.entries(entry).map(([one, { about }]) => [`${name} ${one}`, about] as const);
  const usage = `Usage: cpor ${name} COMMAND [options]\n\n${section('Commands', lines)}\n\nRun "cpor ${name} COMMAND --help" for details.\n`;
  const fault = isHelp ? '' : `${verb === '' ? 'A command is missing.' : `There is no command "${name} ${verb}".`}\n\n`;
  (isHelp ? streams.stdout : streams.stderr).write(`${fault}${usage}`);
  return isHelp ? 0 : 2;
}

async function runCommand(path: string, command: Command, words: string[], streams: Streams): Promise<number> {
  const interrupted = new AbortController();
  const stop = () => interrupted.abort(new Error('Interrupted.'));
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const { values, args } = parse(command, words);
    if (values['help'] === true) {
      streams.stdout.write(helpOf(path, command));
      return 0;
    }
    const text = (option: string) => values[option] as string | undefined;
    const terminal = new Terminal(streams, {
      json: values['json'] === true,
      noInput: values['no-input'] === true,
      noColor: values['no-color'] === true,
    });
    const onRetry = ({ status, pauseMs }: Retry) =>
      terminal.say(`${status === undefined ? 'No answer' : `The answer was ${status}`}; trying again in ${Math.ceil(pauseMs / 1000)} s.`);
    const chosen = { profile: text('profile'), url: text('url'), token: text('token') };
    await command.run({ values, args, terminal, session: new Session(chosen, streams.env, onRetry, interrupted.signal) });
    return 0;
  } catch (error) {
    if (interrupted.signal.aborted) return 130;
    const { code, words: said } = explain(error);
    streams.stderr.write(`${said}\n${error instanceof UsageError ? `See: cpor ${path} --help\n` : ''}`);
    return code;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
  }
}
