import { createContext, useContext } from 'react';
import { type Fields, type Path, pointerOf, valueAt } from './json.js';

interface FormState {
  value: Fields;
  /** What is wrong, by JSON Pointer. */
  errors: Record<string, string>;
  change(path: Path, next: unknown): void;
}

const FormContext = createContext<FormState | null>(null);
export const FormProvider = FormContext;

export function useForm(): FormState {
  const form = useContext(FormContext);
  if (form === null) throw new Error('FormProvider is missing.');
  return form;
}

/** One value of the document, with what a control of it needs. */
export function useValue(path: Path) {
  const { value, errors, change } = useForm();
  const name = pointerOf(path);
  return { name, value: valueAt(value, path), error: errors[name] ?? deepError(errors, name), set: (next: unknown) => change(path, next) };
}

/** A list that one control shows as a whole also shows what is wrong with an entry. */
function deepError(errors: Record<string, string>, name: string): string | undefined {
  const inside = Object.keys(errors).find((pointer) => pointer.startsWith(`${name}/`) && /^\d+$/.test(pointer.slice(name.length + 1)));
  return inside === undefined ? undefined : errors[inside];
}
