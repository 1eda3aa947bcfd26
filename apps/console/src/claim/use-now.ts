import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { call } from '../api/index.js';
import { sandboxClock } from '../client/index.js';
import { useSession } from '../session/index.js';

const stepMs = 30_000;

/** The product's present instant, about to the half minute. A sandbox has a clock of its own, which people move forward. */
export function useNow(): string {
  const isSandbox = useSession().me.mode === 'sandbox';
  const clock = useQuery({
    queryKey: ['sandbox-clock'],
    queryFn: () => call(() => sandboxClock()),
    enabled: isSandbox,
    refetchInterval: stepMs,
  });
  const [now, setNow] = useState(() => new Date().toISOString());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date().toISOString()), stepMs);
    return () => clearInterval(timer);
  }, []);
  return clock.data?.now ?? now;
}
