import { isMap, parseDocument, stringify } from 'yaml';

export type ParsedText = { ok: true; value: unknown } | { ok: false; message: string };

/** Reads a document in YAML 1.2, of which JSON is a part. The message of a fault tells the place and repeats nothing of the text. */
export function parseYaml(text: string): ParsedText {
  try {
    return read(text);
  } catch {
    return { ok: false, message: 'The YAML is nested too deeply, or refers to an anchor that is not there, or to anchors too often.' };
  }
}

function read(text: string): ParsedText {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const { line, col } = error.linePos?.[0] ?? { line: 1, col: 1 };
    return { ok: false, message: `The YAML cannot be read at line ${line}, column ${col} (${error.code}).` };
  }
  if (!isMap(document.contents)) return { ok: false, message: 'The YAML must be one mapping, such as "name: sample".' };
  // Aliases are bounded, so that a few lines cannot grow into gigabytes.
  return { ok: true, value: document.toJS({ maxAliasCount: 100 }) as unknown };
}

/** Writes a JSON value so that reading it gives the same value again. */
export const toYaml = (value: unknown): string => stringify(value, { lineWidth: 120, aliasDuplicateObjects: false });
