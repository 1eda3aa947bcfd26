import { canonicalJson } from '#libs/event-store/index.js';

/** A difference between two versions of a document. */
export interface Change {
  /** Where it is; entries of lists are named by their code or date, such as `products[teams].state`. */
  path: string;
  /** Null where there is nothing yet, or nothing any more. */
  from: unknown;
  to: unknown;
}

type Fields = Record<string, unknown>;

/** Lists what differs between two JSON values, as deep down as names lead. */
export function changesBetween(from: unknown, to: unknown, path = ''): Change[] {
  if (canonicalJson(from ?? null) === canonicalJson(to ?? null)) return [];
  if (isFields(from) && isFields(to)) return fieldChanges(from, to, (name) => (path === '' ? name : `${path}.${name}`));
  const before = byKey(from);
  const after = byKey(to);
  if (before === undefined || after === undefined) return [{ path, from: from ?? null, to: to ?? null }];
  return [...fieldChanges(before, after, (key) => `${path}[${key}]`), ...orderChanges(before, after, path)];
}

function fieldChanges(from: Fields, to: Fields, pathOf: (name: string) => string): Change[] {
  const names = new Set([...Object.keys(to), ...Object.keys(from)]);
  return [...names].flatMap((name) => changesBetween(member(from, name), member(to, name), pathOf(name)));
}

/** What a document from outside calls `constructor` is not what every object has. */
const member = (fields: Fields, name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);

/** A list whose entries all have a code or a date of their own, by it; an activity may be described once for each of its areas. */
function byKey(value: unknown): Fields | undefined {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isFields)) return undefined;
  const codes = value.map((entry) => entry['code'] ?? entry['on']);
  const keys = codes.map((code, index) =>
    codes.indexOf(code) === codes.lastIndexOf(code) ? code : `${String(code)} in ${String(value[index]?.['areas'])}`,
  );
  if (keys.some((key) => typeof key !== 'string') || new Set(keys).size < keys.length) return undefined;
  return Object.fromEntries(value.map((entry, index) => [String(keys[index]), entry]));
}

function orderChanges(before: Fields, after: Fields, path: string): Change[] {
  const from = Object.keys(before).filter((key) => key in after);
  const to = Object.keys(after).filter((key) => key in before);
  return from.every((key, index) => key === to[index]) ? [] : [{ path: `${path} (order)`, from, to }];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
