const longestShown = 60;

/** What stood there, for a message about it: what cannot be seen, or looks like something else, by its code point. */
export function shown(text: string): string {
  const characters = [...text];
  const words = characters
    .slice(0, longestShown)
    .map((one) => (/[\p{L}\p{N}]|[ -~]/u.test(one) ? one : `<U+${one.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`));
  return `"${words.join('')}${characters.length > longestShown ? '…' : ''}"`;
}
