import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Fields } from './json.js';
import type { PublicationKind } from './publication-kind.js';

const pauseMs = 500;

/** What publishing the document would do, asked of the API whenever the typing pauses. Undefined before the first answer. */
export function useDryRun(kind: PublicationKind, name: string, document: Fields, seen: number | undefined) {
  const [asked, setAsked] = useState(document);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(document), pauseMs);
    return () => clearTimeout(timer);
  }, [document]);
  const run = useQuery({
    queryKey: [kind.key, name, 'dry-run', seen, asked],
    queryFn: () => kind.send(name, asked, { seen, isDryRun: true }),
    placeholderData: keepPreviousData,
    gcTime: 60_000,
    retry: false,
  });
  return { ...run, isChecking: run.isFetching || asked !== document };
}
