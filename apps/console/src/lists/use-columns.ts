import { useMemo, useState } from 'react';

interface Columns<Name extends string> {
  shown: readonly Name[];
  choose(names: Name[]): void;
}

/** Which columns of a list a person wants to see, remembered in this browser. `all` gives their order. */
export function useColumns<Name extends string>(list: string, all: readonly Name[], usual: readonly Name[]): Columns<Name> {
  const key = `cpor.columns.${list}`;
  const [chosen, setChosen] = useState(() => read(key) ?? usual);
  const shown = useMemo(() => all.filter((name) => chosen.includes(name)), [all, chosen]);
  return {
    shown,
    choose(names) {
      localStorage.setItem(key, JSON.stringify(names));
      setChosen(names);
    },
  };
}

/** What an older version of the list stored may name other columns, or be no list at all. */
function read(key: string): readonly string[] | null {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? 'null');
    return Array.isArray(stored) ? stored.map(String) : null;
  } catch {
    return null;
  }
}
