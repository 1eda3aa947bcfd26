import { useState } from 'react';
import { readText, type TextFault, type TextForm, textWith, writeText } from './document-text.js';
import type { Fields, Path } from './json.js';

/** A document that is being written, as text and as values, which are kept in step. */
export interface Draft {
  text: string;
  form: TextForm;
  /** The values of the text, or of the last text that could be read. */
  value: Fields;
  /** Why the text cannot be read now; null if it can. */
  fault: TextFault | null;
  setText(text: string): void;
  setForm(form: TextForm): void;
  change(path: Path, next: unknown): void;
  replace(value: Fields): void;
}

export function useDraft(start: Fields): Draft {
  const [state, setState] = useState(() => ({
    form: 'yaml' as TextForm,
    text: writeText(start, 'yaml'),
    value: start,
    fault: null as TextFault | null,
  }));
  const read = (text: string) =>
    setState(({ form, value }) => {
      const found = readText(text);
      return found.ok ? { form, text, value: found.value, fault: null } : { form, text, value, fault: found.fault };
    });
  return {
    ...state,
    setText: read,
    setForm: (form) => setState(({ value, fault, text }) => ({ form, value, fault, text: fault === null ? writeText(value, form) : text })),
    change: (path, next) =>
      setState((before) => {
        if (before.fault !== null) return before;
        const text = textWith(before.text, before.form, path, next);
        const found = readText(text);
        return { ...before, text, value: found.ok ? found.value : before.value };
      }),
    replace: (value) => setState(({ form }) => ({ form, value, fault: null, text: writeText(value, form) })),
  };
}
