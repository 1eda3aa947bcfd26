import { canonicalJson } from '#libs/event-store/index.js';

/** A difference between two versions of a document. */
export interface Change {
  /** Path; list entries are named by their code or date, such as `products[teams].state`. */
  path: string;
  /** Null if the value was added; likewise `to` if it was removed. */
  from: unknown;
  to: unknown;
}

type Fields = Record<string, unknown>;

/** Returns the differences between two JSON values, at the deepest path that has a name. */
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

/** A field named `constructor` must not read the inherited property. */
const member = (fields: Fields, name: string): unknown => (Object.hasOwn(fields, name) ? fields[name] : undefined);

/** Indexes a list by the unique code or date of its entries, or returns undefined. Activities, which may occur once per area, also use the area. */
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
