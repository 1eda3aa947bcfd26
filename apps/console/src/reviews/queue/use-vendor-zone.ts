import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/index.js';
import { calendarsList, programmesList } from '../../client/index.js';

const staleTime = 300_000;

/**
 * The time zone in which the programmes' deadlines end. Undefined while it loads, and if programmes count in different zones: then the reader's own
 * zone is the only one that suits the whole list.
 */
export function useVendorZone(): string | undefined {
  const programmes = useQuery({ queryKey: ['programmes'], queryFn: () => call(() => programmesList()), staleTime });
  const calendars = useQuery({ queryKey: ['calendars'], queryFn: () => call(() => calendarsList()), staleTime });
  const used = new Set(programmes.data?.items.map(({ calendar }) => calendar));
  const zones = new Set(calendars.data?.items.filter(({ name }) => used.has(name)).map(({ zone }) => zone));
  return zones.size === 1 ? [...zones][0] : undefined;
}
