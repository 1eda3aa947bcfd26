import { TextField } from '../design/index.js';
import type { Filters } from '../lists/index.js';

/** A day in the address, which the API takes as the instant at which it begins in UTC. */
export function DayFilter({ name, label, filters }: { name: string; label: string; filters: Filters }) {
  return (
    <TextField
      type="date"
      name={name}
      label={label}
      value={filters.get(name)}
      onChange={({ target }) => filters.set({ [name]: target.value })}
    />
  );
}

/** The instants of `from` and of the day after `to`; what is no day is left to the API to refuse. */
export function instantsOf(filters: Filters): { from?: string; to?: string } {
  const [from, to] = [filters.get('from'), filters.get('to')];
  return { ...(from !== '' && { from: startOf(from, 0) }), ...(to !== '' && { to: startOf(to, 1) }) };
}

function startOf(day: string, later: number): string {
  const at = new Date(`${day}T00:00:00.000Z`);
  if (Number.isNaN(at.getTime())) return day;
  at.setUTCDate(at.getUTCDate() + later);
  return at.toISOString();
}
