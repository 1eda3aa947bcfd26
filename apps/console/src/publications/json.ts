/** A step into a document: a field's name or a position in a list. */
export type Path = readonly (string | number)[];
export type Fields = Record<string, unknown>;

export const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Compares by content; the order of fields does not matter. */
export const isSame = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

const canonical = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, each: unknown) =>
    isFields(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  );

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((at, step) => (typeof at === 'object' && at !== null ? (at as Fields)[step] : undefined), value);
}

/** Returns a copy with another value at a path; undefined removes the field or entry. */
export function withValueAt(value: unknown, path: Path, next: unknown): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return next;
  if (Array.isArray(value)) {
    const changed = value.map((each: unknown, index) => (index === step ? withValueAt(each, rest, next) : each));
    return rest.length === 0 && next === undefined ? value.filter((_, index) => index !== step) : changed;
  }
  const fields = isFields(value) ? value : {};
  const changed = { ...fields, [step]: withValueAt(fields[step], rest, next) };
  if (rest.length === 0 && next === undefined) delete changed[step];
  return changed;
}

/** The JSON Pointer of a path; it names the path's control in the form. */
export const pointerOf = (path: Path): string => path.map((step) => `/${step}`).join('');

export const pathOf = (pointer: string): Path =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
