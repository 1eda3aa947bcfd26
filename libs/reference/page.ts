export const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const cell = (text: string): string => (text === '' ? '-' : text.replaceAll('|', '\\|').replaceAll('\n', ' '));

export const code = (text: string): string => `\`${text}\``;

export const codes = (texts: readonly string[]): string => texts.map(code).join(', ');

export const page = (title: string, ...parts: string[]): string =>
  `# ${title}\n\n_Generated from the code; do not edit._\n\n${parts.join('\n\n')}\n`;
