import { type Command, commonOptions } from './command.js';

/** What can follow each beginning of a command line: names of commands, or options. */
function words(tree: Record<string, Command | Record<string, Command>>, others: string[]): [path: string, words: string[]][] {
  const optionsOf = ({ options }: Command) => Object.keys({ ...options, ...commonOptions }).map((name) => `--${name}`);
  const lines: [string, string[]][] = [['cpor', [...Object.keys(tree), ...others].sort()]];
  for (const [name, entry] of Object.entries(tree)) {
    if (isCommand(entry)) lines.push([`cpor ${name}`, optionsOf(entry)]);
    else {
      lines.push([`cpor ${name}`, Object.keys(entry)]);
      for (const [verb, command] of Object.entries(entry)) lines.push([`cpor ${name} ${verb}`, optionsOf(command)]);
    }
  }
  return lines;
}

export const isCommand = (entry: Command | Record<string, Command>): entry is Command => typeof entry['run'] === 'function';

export const shells = ['bash', 'zsh'] as const;

/** A script for the shell to read at its start. */
export function completionScript(
  shell: (typeof shells)[number],
  tree: Record<string, Command | Record<string, Command>>,
  others: string[],
): string {
  const cases = words(tree, others).map(([path, list]) => `    '${path}') words='${list.join(' ')}' ;;`);
  const script = [
    '_cpor() {',
    '  local current="${COMP_WORDS[COMP_CWORD]}" path=cpor word words=',
    '  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do',
    '    case "$word" in -*) break ;; *) [ "$path" = "${path#* * }" ] && path="$path $word" ;; esac',
    '  done',
    '  while :; do',
    '    case "$path" in',
    ...cases.map((line) => `  ${line}`),
    '    esac',
    '    [ -n "$words" ] || [ "$path" = cpor ] && break',
    '    path="${path% *}"',
    '  done',
    '  COMPREPLY=($(compgen -W "$words" -- "$current"))',
    '  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))',
    '}',
    'complete -F _cpor cpor',
  ];
  return `${[...(shell === 'zsh' ? ['autoload -U +X bashcompinit && bashcompinit'] : []), ...script].join('\n')}\n`;
}
