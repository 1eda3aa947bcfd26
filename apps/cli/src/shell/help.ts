import { type Command, commonOptions, type OptionSpec } from './command.js';

/** The first line of a command's help. */
export function synopsis(path: string, { args, options }: Command): string {
  const shown = args.map(({ name, isOptional }) => (isOptional ? `[${name}]` : name));
  return ['cpor', path, ...shown, ...(Object.keys(options).length > 0 ? ['[options]'] : [])].join(' ');
}

export function helpOf(path: string, command: Command): string {
  const { about, details, args, options, examples } = command;
  const common = Object.entries(commonOptions).map(lineOf);
  const sections = [
    `Usage: ${synopsis(path, command)}`,
    `${capital(about)}.${details === undefined ? '' : `\n\n${details}`}`,
    section(
      'Arguments',
      args.map(({ name, about }) => [name, about] as const),
    ),
    section('Options', Object.entries(options).map(lineOf)),
    section('Common options', common),
    examples.length === 0 ? '' : `Examples:\n${examples.map((example) => `  ${example}`).join('\n')}`,
  ];
  return `${sections.filter(Boolean).join('\n\n')}\n`;
}

/** The option as it is typed, and what it does. */
export function lineOf([name, { value, choices, multiple, about }]: [string, OptionSpec]): readonly [string, string] {
  const shown = `--${name}${value === undefined ? '' : ` ${value}`}`;
  return [shown, `${about}${choices === undefined ? '' : `: ${choices.join(', ')}`}${multiple ? '; may be repeated' : ''}`];
}

export function section(title: string, lines: readonly (readonly [string, string])[]): string {
  const width = Math.max(0, ...lines.map(([left]) => left.length));
  return lines.length === 0 ? '' : `${title}:\n${lines.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`).join('\n')}`;
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
