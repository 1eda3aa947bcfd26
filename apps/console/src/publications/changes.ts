import { type Fields, isFields, isSame } from './json.js';

/** A difference between two documents; entries of a list are named by their code or date, such as `products[teams].state`. */
export interface Change {
  path: string;
  /** Undefined if it was added; likewise `to` if it was removed. */
  from: unknown;
  to: unknown;
}

/** Returns the differences at the deepest path that has a name. */
export function changesBetween(from: unknown, to: unknown, path = ''): Change[] {
  if (isSame(from, to)) return [];
  if (isFields(from) && isFields(to)) return ofFields(from, to, (name) => (path === '' ? name : `${path}.${name}`));
  const before = byKey(from);
  const after = byKey(to);
  if (before === undefined || after === undefined) return [{ path, from, to }];
  return ofFields(before, after, (key) => `${path}[${key}]`);
}

const ofFields = (from: Fields, to: Fields, pathOf: (name: string) => string): Change[] =>
  [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name) => changesBetween(own(from, name), own(to, name), pathOf(name)));

const own = (fields: Fields, name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);

/** Names the entries of a list by their unique code or date; an activity has one entry per area. Undefined for any other list. */
export function byKey(value: unknown): Fields | undefined {
  if (!Array.isArray(value) || !value.every(isFields)) return undefined;
  const codes = value.map((entry) => entry['code'] ?? entry['on']);
  const keys = codes.map((code, index) =>
    codes.indexOf(code) === codes.lastIndexOf(code) ? code : `${String(code)}: ${String(value[index]?.['areas'])}`,
  );
  if (!keys.every((key) => typeof key === 'string') || new Set(keys).size < keys.length) return undefined;
  return Object.fromEntries(value.map((entry, index) => [keys[index], entry]));
}
