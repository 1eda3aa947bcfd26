import { isMap, isScalar, Lexer, LineCounter, type ParsedNode, parseDocument, stringify } from 'yaml';

export type ParsedText = { ok: true; value: unknown } | { ok: false; message: string };

/** Words, signs and line ends. The parser's time grows faster than their number; the sample programme has a tenth of these. */
const maximumTokens = 50_000;
/** Far deeper than any document. The parser takes seconds to notice that its stack is exhausted. */
const maximumDepth = 64;
/** The parser compares each key with all before it in its mapping. Enough for mappings of about 2,000 keys. */
const maximumComparisons = 2_000_000;

/** Parses a YAML 1.2 document, and so JSON too. An error message gives the position but never quotes the text. */
export function parseYaml(text: string): ParsedText {
  if (isExcessive(text)) return { ok: false, message: 'The YAML is too long or nested too deeply. Send it as JSON.' };
  try {
    return read(text);
  } catch {
    return { ok: false, message: 'The YAML is nested too deeply, uses an undefined anchor, or uses anchors too often.' };
  }
}

function read(text: string): ParsedText {
  const lineCounter = new LineCounter();
  // Only the first error is shown. Making all of them "pretty" would take minutes.
  const document = parseDocument(text, { lineCounter, prettyErrors: false, uniqueKeys: comparesKeys() });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    return { ok: false, message: `The YAML cannot be read at line ${line}, column ${col} (${error.code}).` };
  }
  if (!isMap(document.contents)) return { ok: false, message: 'The YAML must be a single mapping, such as "name: sample".' };
  // Limited, because a few lines of nested aliases can expand to gigabytes.
  return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as unknown };
}

/** Returns whether a text has too many tokens, or nests too deeply by brackets or within a line. Indentation cannot: each level makes a line longer. */
function isExcessive(text: string): boolean {
  let tokens = 0;
  let brackets = 0;
  let indicators = 0;
  let isContent = false; // whether the next token is the text of a scalar
  for (const token of new Lexer().lex(text)) {
    const isScalarText = isContent;
    isContent = token === '\x1f';
    if (isScalarText) continue;
    if (token === '[' || token === '{') brackets++;
    else if (token === ']' || token === '}') brackets--;
    else if (token === '-' || token === '?' || token === ':') indicators++;
    else if (token.endsWith('\n')) indicators = 0;
    const depth = brackets === 0 ? indicators : brackets;
    if (++tokens > maximumTokens || depth > maximumDepth) return true;
  }
  return false;
}

function comparesKeys(): (a: ParsedNode, b: ParsedNode) => boolean {
  let comparisons = 0;
  return (a, b) => {
    if (++comparisons > maximumComparisons) throw new Error('The mapping has too many keys.');
    return a === b || (isScalar(a) && isScalar(b) && a.value === b.value);
  };
}

/** Serialises a JSON value so that `parseYaml` returns the same value. */
export const toYaml = (value: unknown): string => stringify(value, { lineWidth: 120, aliasDuplicateObjects: false });
