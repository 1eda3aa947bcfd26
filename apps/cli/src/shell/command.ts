import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Session } from '../sign-in/session.js';
import { UsageError } from './faults.js';
import type { Terminal } from './terminal.js';

export interface OptionSpec {
  type: 'string' | 'boolean';
  multiple?: true;
  /** What stands for the value in the help. */
  value?: string;
  /** The only values. */
  choices?: readonly string[];
  about: string;
}

export interface ArgumentSpec {
  name: string;
  about: string;
  isOptional?: true;
}

type Options = Record<string, OptionSpec>;

type Values<Specs extends Options> = {
  [Name in keyof Specs]: Specs[Name]['type'] extends 'boolean'
    ? boolean
    : Specs[Name] extends { multiple: true }
      ? string[]
      : string | undefined;
};

/** Values of any options. */
type Parsed = Record<string, string | boolean | string[] | undefined>;

/** What a command is run with. */
export interface Call<Specs extends Options> {
  values: Values<Specs>;
  /** As many as the command has arguments; an optional one may be missing. */
  args: string[];
  terminal: Terminal;
  session: Session;
}

/** A command over HTTP. Help, completion and the reference page are made from it. */
export interface Command {
  about: string;
  /** More than a line, shown in the help of this command. */
  details?: string;
  args: readonly ArgumentSpec[];
  options: Options;
  examples: readonly string[];
  run: (call: Omit<Call<Options>, 'values'> & { values: Parsed }) => Promise<void>;
}

export function defineCommand<const Specs extends Options>(
  command: Omit<Command, 'options' | 'run' | 'args'> & {
    args?: readonly ArgumentSpec[];
    options?: Specs;
    run: (call: Call<Specs>) => Promise<void>;
  },
): Command {
  return { ...command, args: command.args ?? [], options: command.options ?? {}, run: command.run as Command['run'] };
}

/** Of every command over HTTP. */
export const commonOptions = {
  profile: { type: 'string', value: 'NAME', about: 'a profile made by "cpor login"; default: CPOR_PROFILE, or the profile in use' },
  url: { type: 'string', value: 'URL', about: 'address of the installation, with a token; default: CPOR_URL' },
  token: { type: 'string', value: 'TOKEN', about: 'an access token; rather set CPOR_TOKEN, which other users of the machine cannot see' },
  json: { type: 'boolean', about: 'print JSON for programs' },
  'no-input': { type: 'boolean', about: 'ask nothing; fail instead' },
  'no-color': { type: 'boolean', about: 'print without colours, as with NO_COLOR' },
  help: { type: 'boolean', about: 'show this help' },
} as const satisfies Options;

/** @throws UsageError */
export function parse(command: Command, args: string[]): { values: Parsed; args: string[] } {
  const specs: Options = { ...command.options, ...commonOptions };
  const options = Object.fromEntries(
    Object.entries(specs).map(([name, { type, multiple }]) => [
      name,
      { type, ...(multiple && { multiple }), ...defaultOf(type, multiple) },
    ]),
  ) as ParseArgsConfig['options'];
  const parsed = tried(() => parseArgs({ args, options: options!, allowPositionals: true }));
  const values = parsed.values as Parsed;
  for (const [name, { choices }] of Object.entries(specs)) {
    const given = [values[name]].flat().filter((value) => typeof value === 'string');
    const wrong = given.find((value) => choices !== undefined && !choices.includes(value));
    if (wrong !== undefined) throw new UsageError(`--${name} is "${wrong}"; it is one of: ${choices!.join(', ')}.`);
  }
  const needed = command.args.filter(({ isOptional }) => !isOptional);
  if (values['help'] !== true && parsed.positionals.length < needed.length)
    throw new UsageError(`${needed[parsed.positionals.length]!.name} is missing: ${needed[parsed.positionals.length]!.about}.`);
  const extra = parsed.positionals[command.args.length];
  if (extra !== undefined) throw new UsageError(`"${extra}" is one argument too many.`);
  return { values, args: parsed.positionals };
}

const defaultOf = (type: OptionSpec['type'], multiple: true | undefined) =>
  type === 'boolean' ? { default: false } : multiple ? { default: [] as string[] } : {};

function tried<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    // Node explains how a value could begin with a dash; the first sentence says what is wrong.
    throw new UsageError(error instanceof Error ? error.message.split(/\. (?=To )/)[0]!.replace(/\.?$/, '.') : String(error));
  }
}

/** Reads a whole number. @throws UsageError */
export function numberOf(value: string, name: string): number {
  if (!/^\d{1,9}$/.test(value)) throw new UsageError(`${name} is "${value}"; it is a whole number.`);
  return Number(value);
}
