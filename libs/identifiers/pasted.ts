/** Invisible characters that no identifier contains: zero-width characters, joiners, direction marks, soft hyphens, byte order marks. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * Cleans a pasted identifier of surrounding spaces, invisible characters, braces and `urn:uuid:`, which come along when it is
 * copied from a page, a registry or a document. Anything else stays, so that validation can report it.
 */
export function pasted(text: string): string {
  let bare = text.replace(invisible, '').trim();
  for (let before = ''; before !== bare; ) {
    before = bare;
    bare = bare.replace(/^urn:uuid:/i, '').trim();
    if (bare.startsWith('{') && bare.endsWith('}')) bare = bare.slice(1, -1).trim();
  }
  return bare;
}

/** Same as `pasted`, for case-insensitive identifiers. */
export const pastedInLowerCase = (text: string): string => pasted(text).toLowerCase();
