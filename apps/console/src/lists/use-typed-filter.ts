import { type FormEvent, useEffect, useRef, useState } from 'react';
import type { Filters } from './use-filters.js';

const pauseMs = 300;

interface TypedFilter {
  value: string;
  onChange(event: FormEvent<HTMLInputElement>): void;
  /** For Enter: searches at once. */
  commit(): void;
}

/**
 * A filter that is typed. It reaches the address after a pause; until then the input alone knows it. An address that changes otherwise (back, a link,
 * "clear") changes the input; one that only catches up with the typing does not.
 */
export function useTypedFilter(filters: Filters, name: string): TypedFilter {
  const committed = filters.get(name);
  const [value, setValue] = useState(committed);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  /** What was written to the address and has not been seen there yet. */
  const written = useRef<string[]>([]);

  const latest = useRef(filters);
  useEffect(() => {
    latest.current = filters;
  }, [filters]);

  useEffect(() => {
    const seen = written.current.indexOf(committed);
    if (seen >= 0) {
      written.current.splice(0, seen + 1);
      return;
    }
    clearTimeout(timer.current);
    setValue(committed);
  }, [committed]);

  useEffect(() => () => clearTimeout(timer.current), []);

  const write = (text: string) => {
    clearTimeout(timer.current);
    if (text === (written.current.at(-1) ?? latest.current.get(name))) return;
    written.current.push(text);
    latest.current.set({ [name]: text });
  };
  return {
    value,
    onChange(event) {
      const text = event.currentTarget.value;
      setValue(text);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => write(text), pauseMs);
    },
    commit: () => write(value),
  };
}
