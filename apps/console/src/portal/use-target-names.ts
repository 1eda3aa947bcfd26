import { useQueries, useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { type Association, associationsListOfTenant, type ProgrammeDocument, programmesVersion } from '../client/index.js';
import { useLanguage } from '../i18n/index.js';
import { programmeWords } from '../programme-labels/index.js';
import { portalKey } from './use-answer.js';

const mostAssociations = 100;

/** The associations of a tenant, live and ended, the newest hundred: whom and what the filters of the log can name. */
export function useKnownAssociations(tenantId: string): Association[] {
  const { data } = useQuery({
    queryKey: [...portalKey, 'associations', 'known'],
    queryFn: () => call(() => associationsListOfTenant({ path: { tenantId }, query: { limit: mostAssociations } })),
  });
  return data?.items ?? [];
}

/** Returns a function that names what an association is about: the product as its programme calls it, and the subscription if it is one. */
export function useTargetNames(associations: Association[]): (association: Association) => string {
  const { language } = useLanguage();
  const policies = [...new Set(associations.map(({ policy }) => policy))];
  const programmes = useQueries({
    queries: policies.map((reference) => {
      const [name = '', version] = reference.split('@');
      return {
        queryKey: ['programme', name, version],
        queryFn: () => call(() => programmesVersion({ path: { name, version: Number(version) } })),
        staleTime: Number.POSITIVE_INFINITY,
      };
    }),
  });
  const words = new Map(
    policies.map((policy, index) => [policy, programmeWords(programmes[index]?.data as ProgrammeDocument | undefined, language)]),
  );
  return ({ policy, product, target }) => {
    const label = words.get(policy)?.product(product) ?? product;
    const subscription = /^subscription:([^#]+)/.exec(target)?.[1];
    return subscription === undefined ? label : `${label} (${subscription})`;
  };
}
