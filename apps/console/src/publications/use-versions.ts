import { useQuery } from '@tanstack/react-query';
import { type ApiProblem, isProblem } from '../api/index.js';
import type { PublishedVersion } from '../client/index.js';
import type { PublicationKind } from './publication-kind.js';

interface Versions {
  /** Newest first; empty if there is none, undefined while they load. */
  items: PublishedVersion[] | undefined;
  /** The API's words for there being none. */
  missing: ApiProblem | undefined;
  /** The latest that was not taken back. */
  latest: PublishedVersion | undefined;
  inForce: PublishedVersion | undefined;
  error: unknown;
  refetch(): Promise<unknown>;
}

interface Found {
  items: PublishedVersion[];
  missing?: ApiProblem;
}

/** All versions of a programme or calendar. That there are none is an answer too: somebody may be writing the first. */
export function useVersions(kind: PublicationKind, name: string): Versions {
  const { data, error, refetch } = useQuery({
    queryKey: [kind.key, name, 'versions'],
    queryFn: async (): Promise<Found> => {
      try {
        return { items: (await kind.versions(name)).data.items };
      } catch (problem) {
        if (isProblem(problem) && problem.status === 404) return { items: [], missing: problem };
        throw problem;
      }
    },
  });
  return {
    items: data?.items,
    missing: data?.missing,
    latest: data?.items.find(({ state }) => state !== 'withdrawn'),
    inForce: data?.items.find(({ state }) => state === 'in_force'),
    error,
    refetch,
  };
}

/** One published version as a document. It never changes. */
export function useVersion(kind: PublicationKind, name: string, version: number | undefined) {
  return useQuery({
    queryKey: [kind.key, name, 'document', version],
    queryFn: () => kind.version(name, version!),
    enabled: version !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
}
