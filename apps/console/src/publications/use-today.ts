import { useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { sandboxClock } from '../client/index.js';
import { useSession } from '../session/index.js';

/** Today's date in UTC by the product's clock, which a sandbox may have moved; undefined while it is asked for. */
export function useToday(): string | undefined {
  const isSandbox = useSession().me.mode === 'sandbox';
  const clock = useQuery({ queryKey: ['sandbox-clock'], queryFn: () => call(() => sandboxClock()), enabled: isSandbox });
  if (!isSandbox || clock.error) return new Date().toISOString().slice(0, 10);
  return clock.data?.now.slice(0, 10);
}
