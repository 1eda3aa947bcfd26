/** What nobody sees and no identifier holds: zero-width and joining characters, marks of direction, soft hyphens, byte order marks. */
const invisible = /\p{Default_Ignorable_Code_Point}/gu;

/**
 * An identifier as it was meant: without the spaces around it, invisible characters, braces or `urn:uuid:`, which come along when it is
 * copied from a page, a registry or a document. Anything else stays, for whoever checks the identifier to name.
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

/** The same for identifiers whose case means nothing. */
export const pastedInLowerCase = (text: string): string => pasted(text).toLowerCase();
