// Marks of direction can make a name read as another one.
const unprintable = /[\p{Cc}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]+/gu;

/** A name from outside as it can be stored and shown in one line: half characters and control characters replaced, spaces around it gone. */
export const storableName = (text: string): string => text.toWellFormed().replace(unprintable, ' ').trim();

/** Words from outside, of which PostgreSQL's jsonb takes all but NUL and half characters. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');

/** At most so many UTF-16 units, with a mark where it was cut and no character cut in half. */
export const cutTo = (text: string, maximum: number): string =>
  text.length <= maximum ? text : `${text.slice(0, maximum - 1).replace(/[\ud800-\udbff]$/, '')}…`;
