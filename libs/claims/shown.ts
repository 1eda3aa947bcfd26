const longestShown = 60;

/** Quotes a text for a message; invisible or misleading characters appear as code points. */
export function shown(text: string): string {
  const characters = [...text];
  const words = characters
    .slice(0, longestShown)
    .map((character) =>
      /[\p{L}\p{N}]|[ -~]/u.test(character) ? character : `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`,
    );
  return `"${words.join('')}${characters.length > longestShown ? '…' : ''}"`;
}
