import { isMap, isNode, isScalar, LineCounter, parseDocument, stringify } from 'yaml';
import { type Fields, isFields, type Path, withValueAt } from './json.js';

export type TextForm = 'yaml' | 'json';

/** Where and why a text cannot be read; lines count from 1. */
export interface TextFault {
  line: number;
  message: string;
}

export type ReadText = { ok: true; value: Fields } | { ok: false; fault: TextFault };

/** Reads YAML 1.2, and so JSON too. */
export function readText(text: string): ReadText {
  const document = parseDocument(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) {
    const line = error.linePos?.[0].line ?? 1;
    return { ok: false, fault: { line, message: error.message.split('\n')[0]!.replace(/:$/, '') } };
  }
  try {
    const value: unknown = isMap(document.contents) ? document.toJS({ maxAliasCount: 100 }) : null;
    if (isFields(value)) return { ok: true, value };
  } catch (fault) {
    return { ok: false, fault: { line: 1, message: (fault as Error).message } };
  }
  return { ok: false, fault: { line: 1, message: 'The document must be fields with values, such as "language: en".' } };
}

export const writeText = (value: Fields, form: TextForm): string =>
  form === 'json' ? `${JSON.stringify(value, null, 2)}\n` : stringify(value, { lineWidth: 120, aliasDuplicateObjects: false });

/** Changes one value of a readable text. Comments of a YAML text stay. */
export function textWith(text: string, form: TextForm, path: Path, next: unknown): string {
  if (form === 'json') {
    const read = readText(text);
    return read.ok ? writeText(withValueAt(read.value, path, next) as Fields, 'json') : text;
  }
  const document = parseDocument(text);
  if (next === undefined) document.deleteIn(path);
  else document.setIn(path, typeof next === 'object' && next !== null ? document.createNode(next, { aliasDuplicateObjects: false }) : next);
  return document.toString({ lineWidth: 120 });
}

/** Finds the line of a path, or of the nearest thing around it that the text has. */
export function linesOf(text: string, paths: Path[]): number[] {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter });
  const lineOf = (path: Path): number => {
    for (let depth = path.length; depth > 0; depth--) {
      const parent = document.getIn(path.slice(0, depth - 1), true);
      const step = path[depth - 1]!;
      const pair = isMap(parent) ? parent.items.find(({ key }) => isScalar(key) && key.value === step) : undefined;
      const node = pair === undefined ? document.getIn(path.slice(0, depth), true) : pair.key;
      if (isNode(node) && node.range) return counter.linePos(node.range[0]).line;
    }
    return 1;
  };
  return paths.map(lineOf);
}
