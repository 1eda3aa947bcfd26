import { z } from 'zod';

export const limit = z.coerce.number().int().min(1).max(100).default(20).describe('Maximum number of items per page.');

const invalid = 'Must be a cursor returned by this list';

/** Reads an opaque cursor. */
export const cursor = <Place extends z.ZodType>(place: Place) =>
  z
    .string()
    .max(3_000)
    .transform((text, context): z.output<Place> => {
      const parsed = place.safeParse(decode(text));
      if (parsed.success) return parsed.data;
      context.addIssue({ code: 'custom', message: invalid, params: { code: 'cursor_invalid' } });
      return z.NEVER;
    })
    .describe('`next` of the previous page.');

export const encodeCursor = (place: unknown): string => Buffer.from(JSON.stringify(place)).toString('base64url');

function decode(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as unknown;
  } catch {
    return undefined;
  }
}

/** Cuts a page from rows read with one more than the page size; the extra row shows that a next page exists. */
export function page<Item>(items: Item[], size: number, placeOf: (item: Item) => unknown): { items: Item[]; next: string | null } {
  const shown = items.slice(0, size);
  const last = shown.at(-1);
  return { items: shown, next: items.length > size && last !== undefined ? encodeCursor(placeOf(last)) : null };
}
