import { isMap, parseDocument, stringify } from 'yaml';

export type ParsedText = { ok: true; value: unknown } | { ok: false; message: string };

/** Parses a YAML 1.2 document, and so JSON too. An error message gives the position but never quotes the text. */
export function parseYaml(text: string): ParsedText {
  try {
    return read(text);
  } catch {
    return { ok: false, message: 'The YAML is nested too deeply, uses an undefined anchor, or uses anchors too often.' };
  }
}

function read(text: string): ParsedText {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    return { ok: false, message: `The YAML cannot be read at line ${line}, column ${col} (${error.code}).` };
  }
  if (!isMap(document.contents)) return { ok: false, message: 'The YAML must be a single mapping, such as "name: sample".' };
  // Limited, because a few lines of nested aliases can expand to gigabytes.
  return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as unknown };
}

/** Serialises a JSON value so that `parseYaml` returns the same value. */
export const toYaml = (value: unknown): string => stringify(value, { lineWidth: 120, aliasDuplicateObjects: false });
