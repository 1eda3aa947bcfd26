import { byKey } from './changes.js';
import { type Fields, isFields, isSame } from './json.js';

/**
 * Joins two people's changes of one document. Where both changed the same value, mine stays; the caller shows which those are.
 * @returns the joined value.
 */
export function merged(base: unknown, mine: unknown, theirs: unknown): unknown {
  if (isSame(mine, base) || isSame(mine, theirs)) return theirs;
  if (isSame(theirs, base)) return mine;
  if (isFields(mine) && isFields(theirs)) return mergedFields(isFields(base) ? base : {}, mine, theirs);
  const [mineByKey, theirsByKey] = [byKey(mine), byKey(theirs)];
  if (mineByKey === undefined || theirsByKey === undefined) return mine;
  return Object.values(mergedFields(byKey(base) ?? {}, mineByKey, theirsByKey));
}

function mergedFields(base: Fields, mine: Fields, theirs: Fields): Fields {
  const names = [...new Set([...Object.keys(theirs), ...Object.keys(mine)])];
  return Object.fromEntries(
    names.map((name) => [name, merged(base[name], mine[name], theirs[name])]).filter(([, value]) => value !== undefined),
  );
}
