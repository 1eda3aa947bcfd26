// Direction marks can make one name look like another.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** Cleans an external name for storage and display on one line: replaces lone surrogates and control characters, and trims it. */
export const storableName = (text: string): string => text.toWellFormed().replace(unprintable, ' ').trim();

/** Replaces what PostgreSQL's jsonb cannot hold in external text: NUL and lone surrogates. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

/** Truncates a text to at most `maximum` UTF-16 units, with an ellipsis and without splitting a character. */
export const cutTo = (text: string, maximum: number): string =>
  text.length <= maximum ? text : `${text.slice(0, maximum - 1).replace(/[\ud800-\udbff]$/, '')}…`;
