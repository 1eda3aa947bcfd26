import { useMemo } from 'react';
import { useQueries, useQuery } from '@tanstack/react-query';
import { call } from '../api/index.js';
import { type Programme, type ProgrammeDocument, programmesGet, programmesList } from '../client/index.js';
import { useLanguage } from '../i18n/index.js';
import { type ProgrammeWords, programmeWords } from '../programme-labels/index.js';

export interface Labels {
  codes: ProgrammeWords;
  /** Codes that a filter can have, each once. */
  areas: string[];
  activities: string[];
  products: string[];
  reasons: string[];
}

const inForceForMs = 300_000;

/** Labels of every programme in force: a list may hold claims of several. Until they are read, or if they may not be, codes stand for themselves. */
export function useLabels(): Labels {
  const { language } = useLanguage();
  const programmes = useQuery({ queryKey: ['programmes'], queryFn: () => call(() => programmesList()), staleTime: inForceForMs });
  const names = programmes.data?.items.map(({ name }) => name) ?? [];
  const documents = useQueries({
    queries: names.map((name) => ({
      queryKey: ['programme', name, 'in-force'],
      queryFn: () => call(() => programmesGet({ path: { name } })),
      staleTime: inForceForMs,
    })),
    combine: documentsOf,
  });
  return useMemo(() => labelsOf(documents, language), [documents, language]);
}

/** A stable function, so that the same answers give the same list. */
const documentsOf = (answers: { data: Programme | undefined }[]) =>
  answers.flatMap(({ data }) => (data as ProgrammeDocument | undefined) ?? []);

function labelsOf(programmes: ProgrammeDocument[], language: 'en' | 'ru'): Labels {
  const [first] = programmes;
  const all = <Part extends { code: string }>(of: (programme: ProgrammeDocument) => Part[]) => programmes.flatMap(of);
  const joined = first && {
    ...first,
    areas: all(({ areas }) => areas),
    activities: all(({ activities }) => activities),
    products: all(({ products }) => products),
    requestReasons: all(({ requestReasons }) => requestReasons),
    rejectionReasons: all(({ rejectionReasons }) => rejectionReasons),
  };
  const codesOf = (parts: { code: string }[] | undefined) => [...new Set(parts?.map(({ code }) => code))];
  return {
    codes: programmeWords(joined, language),
    areas: codesOf(joined?.areas),
    activities: codesOf(joined?.activities),
    products: codesOf(joined?.products),
    reasons: [...new Set([...codesOf(joined?.rejectionReasons), ...codesOf(joined?.requestReasons)])],
  };
}
