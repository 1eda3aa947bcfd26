import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { call } from '../api/index.js';
import { type ProgrammeDocument, programmesGet, programmesVersion } from '../client/index.js';
import { useLanguage } from '../i18n/index.js';
import { type ProgrammeWords, programmeWords } from './programme-words.js';

interface ProgrammeState {
  /** Undefined while it loads, or if it could not be read; `words` then gives the codes. */
  programme: ProgrammeDocument | undefined;
  words: ProgrammeWords;
  error: unknown;
}

const inForceForMs = 300_000;

/**
 * Reads a programme: the version in force, or the one that a claim's `policy` (`osu@2`) names, which never changes.
 * Nothing is read while `reference` is undefined.
 */
export function useProgramme(reference: string | undefined): ProgrammeState {
  const { language } = useLanguage();
  const [name = '', version] = reference?.split('@') ?? [];
  const { data, error } = useQuery({
    queryKey: ['programme', name, version ?? 'in-force'],
    queryFn: () => call(() => read(name, version)),
    enabled: reference !== undefined,
    staleTime: version === undefined ? inForceForMs : Number.POSITIVE_INFINITY,
  });
  // The contract describes the answer loosely, so that a programme may gain fields; it is the published document.
  const programme = data as ProgrammeDocument | undefined;
  const words = useMemo(() => programmeWords(programme, language), [programme, language]);
  return { programme, words, error };
}

const read = (name: string, version: string | undefined) =>
  version === undefined ? programmesGet({ path: { name } }) : programmesVersion({ path: { name, version: Number(version) } });
