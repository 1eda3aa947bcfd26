import { useQuery } from '@tanstack/react-query';
import type { PublishedVersion } from '../client/index.js';
import type { PublicationKind } from './publication-kind.js';

interface Versions {
  /** Newest first; undefined while they load. */
  items: PublishedVersion[] | undefined;
  /** The latest that was not taken back. */
  latest: PublishedVersion | undefined;
  inForce: PublishedVersion | undefined;
  error: unknown;
  refetch(): Promise<unknown>;
}

/** All versions of a programme or calendar. */
export function useVersions(kind: PublicationKind, name: string): Versions {
  const { data, error, refetch } = useQuery({
    queryKey: [kind.key, name, 'versions'],
    queryFn: async () => (await kind.versions(name)).data.items,
    retry: false,
  });
  return {
    items: data,
    latest: data?.find(({ state }) => state !== 'withdrawn'),
    inForce: data?.find(({ state }) => state === 'in_force'),
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
