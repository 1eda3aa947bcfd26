import { styleText } from 'node:util';

const width = 100;

/** Prints the story: chapters, what happened and when, and what a person would have seen. */
export const narrator = {
  chapter(title: string): void {
    process.stdout.write(`\n${styleText('bold', title)}\n${'─'.repeat(Math.min(width, title.length))}\n`);
  },

  say(line: string): void {
    process.stdout.write(`${wrap(line, '')}\n`);
  },

  /** Prints what a person or a system did, and when by the product's clock. */
  happened(at: string, line: string): void {
    process.stdout.write(`${styleText('cyan', at)}  ${wrap(line, ' '.repeat(at.length + 2))}\n`);
  },

  quote(text: string): void {
    const lines = text.trimEnd().split('\n');
    process.stdout.write(`${lines.map((line) => styleText('dim', `    │ ${line}`)).join('\n')}\n`);
  },

  list(rows: [string, string][]): void {
    const longest = Math.max(...rows.map(([name]) => name.length));
    process.stdout.write(`${rows.map(([name, value]) => `  ${name.padEnd(longest)}  ${value}`).join('\n')}\n`);
  },
};

function wrap(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}
