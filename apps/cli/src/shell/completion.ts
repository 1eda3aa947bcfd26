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

/** How a shell hands over the words before the cursor, and what it does with those that may follow. */
const dialects = {
  bash: {
    before: [],
    typed: '"${COMP_WORDS[@]:1:COMP_CWORD-1}"',
    offer: [
      '  local current="${COMP_WORDS[COMP_CWORD]}"',
      '  COMPREPLY=($(compgen -W "$offered" -- "$current"))',
      '  [ ${#COMPREPLY[@]} -gt 0 ] || COMPREPLY=($(compgen -f -- "$current"))',
    ],
    after: 'complete -F _cpor cpor',
  },
  zsh: {
    before: ['(( $+functions[compdef] )) || { autoload -Uz compinit && compinit }'],
    typed: '"${(@)words[2,CURRENT-1]}"',
    offer: ['  compadd -- ${=offered} || _files'],
    after: 'compdef _cpor cpor',
  },
};

/** A script for the shell to read at its start. No variable is called `path` or `words`: zsh has its own. */
export function completionScript(
  shell: (typeof shells)[number],
  tree: Record<string, Command | Record<string, Command>>,
  others: string[],
): string {
  const { before, typed, offer, after } = dialects[shell];
  const cases = words(tree, others).map(([path, list]) => `      '${path}') offered='${list.join(' ')}' ;;`);
  const script = [
    ...before,
    '_cpor() {',
    '  local command=cpor word offered=',
    `  for word in ${typed}; do`,
    '    case "$word" in -*) break ;; *) [ "$command" = "${command#* * }" ] && command="$command $word" ;; esac',
    '  done',
    '  while :; do',
    '    case "$command" in',
    ...cases,
    '    esac',
    '    [ -n "$offered" ] || [ "$command" = cpor ] && break',
    '    command="${command% *}"',
    '  done',
    ...offer,
    '}',
    after,
  ];
  return `${script.join('\n')}\n`;
}
