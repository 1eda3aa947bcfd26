import { useQuery } from '@tanstack/react-query';
import { call } from '../../api/index.js';
import { calendarsList } from '../../client/index.js';

/** The time zone of the vendor's calendars. Undefined while it loads, and if they differ: then the reader's own zone is the only one to show. */
export function useVendorZone(): string | undefined {
  const { data } = useQuery({ queryKey: ['calendars'], queryFn: () => call(() => calendarsList()), staleTime: 300_000 });
  const zones = new Set(data?.items.map(({ zone }) => zone));
  return zones.size === 1 ? [...zones][0] : undefined;
}
