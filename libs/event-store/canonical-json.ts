/** Writes JSON with sorted keys and no spaces, so that equal values have equal texts, however the database stored them. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item ?? null)).join(',')}]`;
  if (value !== null && typeof value === 'object') {
    const members = value as Record<string, unknown>;
    const keys = Object.keys(members)
      .filter((key) => members[key] !== undefined)
      .sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonicalJson(members[key])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
