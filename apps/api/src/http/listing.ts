import { createHash } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '#libs/event-store/index.js';
import { Problem } from '#libs/problems/index.js';
import type { Order, Place, SortColumn } from '#libs/read-models/index.js';
import { cursor, encodeCursor } from './cursor.js';
import { instant, text } from './text.schema.js';

/** A parameter that may be repeated; an item matches if it has any of the values. */
export const several = <Value extends z.ZodType>(value: Value) =>
  z.preprocess((given) => (typeof given === 'string' ? [given] : given), z.array(value).min(1).max(50));

/** `name` or `-name` for the reverse. */
export function sortBy<Name extends string>(sorts: Record<Name, SortColumn>, usual: Name | `-${Name}`) {
  const names = Object.keys(sorts) as Name[];
  const choices = names.flatMap((name) => [name, `-${name}`] as const);
  return z
    .enum(choices as [Name | `-${Name}`])
    .default(usual as never)
    .transform((sort): Order<Name> => ({ by: (sort as string).replace(/^-/, '') as Name, isDescending: (sort as string).startsWith('-') }))
    .describe('Sort order; `-` sorts descending.');
}

const ListPlace = z.strictObject({
  /** Fingerprint of the list that the cursor belongs to. */
  of: z.string(),
  value: text(1_000),
  id: z.guid(),
  asOf: instant.nullable(),
});
type ListPlace = z.output<typeof ListPlace>;

/** Where a page of a sorted list ended. Valid only with the same filters and sort order. */
export const listCursor = cursor(ListPlace).optional();

export const next = z.string().nullable().describe('Cursor of the next page; null on the last.');

/** Schema of a page of a list, named after its items. */
export const listOf = <Item extends z.ZodObject>(item: Item) =>
  z.object({ items: z.array(item), next }).meta({ id: `${item.meta()!.id!}List` });

const sortedInstant = z.union([instant, z.literal('infinity')]);

/** A list with its filters and sort order. Creates cursors, and accepts only its own. */
export class Listing {
  private readonly fingerprint: string;

  constructor(
    name: string,
    filter: object,
    private readonly column: SortColumn,
    order: Order,
  ) {
    const list = canonicalJson(JSON.parse(JSON.stringify({ name, filter, order })));
    this.fingerprint = createHash('sha256').update(list).digest('base64url').slice(0, 16);
  }

  /** Returns the place in a cursor. @throws Problem `invalid_request` if the cursor belongs to another list or has been altered. */
  after(place: ListPlace | undefined): Place | undefined {
    if (place === undefined) return undefined;
    if (place.of !== this.fingerprint) {
      throw refused(
        'cursor_mismatch',
        'The cursor belongs to a different filter or sort order; repeat the parameters of the first page or start without a cursor',
      );
    }
    if (this.column.kind === 'instant' && !sortedInstant.safeParse(place.value).success) {
      throw refused('cursor_invalid', 'Must be a cursor returned by this list');
    }
    return { value: place.value, id: place.id };
  }

  /** Returns the cursor of the page after a place. */
  next(place: Place | null, asOf: string | null = null): string | null {
    return place === null ? null : encodeCursor({ of: this.fingerprint, ...place, asOf } satisfies ListPlace);
  }
}

function refused(code: string, message: string): Problem {
  return new Problem('invalid_request', { detail: `cursor: ${message}.`, errors: [{ field: 'cursor', code, message }] });
}
