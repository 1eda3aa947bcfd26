import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { calendarsVersion } from '../client/index.js';

/** Reads the calendar version with which a deadline was computed (`us@2`). A version never changes. Undefined while it loads or if it cannot be read. */
export function useCalendar(reference: string) {
  const [name = '', version = ''] = reference.split('@');
  const { data } = useQuery({
    queryKey: ['calendar', name, version],
    queryFn: () => call(() => calendarsVersion({ path: { name, version: Number(version) } })),
    staleTime: Number.POSITIVE_INFINITY,
  });
  return data;
}
