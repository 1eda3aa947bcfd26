import { type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes, useId } from 'react';

interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** What the API refused here; undefined if nothing. */
  error?: string | undefined;
}

/** Label, hint and error of one control, connected so that assistive technology reads them together. */
function Field({
  label,
  hint,
  error,
  children,
}: FieldProps & {
  children: (wiring: { id: string; 'aria-describedby': string | undefined; 'aria-invalid': boolean | undefined }) => ReactNode;
}) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      {hint !== undefined && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error !== undefined && (
        <div className="field-error" id={`${id}-error`}>
          {error}
        </div>
      )}
      {children({ id, 'aria-describedby': described || undefined, 'aria-invalid': error !== undefined || undefined })}
    </div>
  );
}

type Named = { name: string };

export function TextField({ label, hint, error, ...rest }: FieldProps & Named & InputHTMLAttributes<HTMLInputElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <input type="text" className="input" {...rest} {...wiring} />}
    </Field>
  );
}

export function TextArea({ label, hint, error, ...rest }: FieldProps & Named & TextareaHTMLAttributes<HTMLTextAreaElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => <textarea className="input" {...rest} {...wiring} />}
    </Field>
  );
}

export interface Option {
  value: string;
  label: string;
}

/** The browser's own list: works with every keyboard and screen reader. For more than about thirty options use a `ComboBox`. */
export function SelectField({
  label,
  hint,
  error,
  options,
  emptyLabel,
  ...rest
}: FieldProps & Named & { options: Option[]; emptyLabel?: string } & SelectHTMLAttributes<HTMLSelectElement>) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(wiring) => (
        <select className="input" {...rest} {...wiring}>
          {emptyLabel !== undefined && <option value="">{emptyLabel}</option>}
          {options.map(({ value, label: text }) => (
            <option key={value} value={value}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

/** A yes or no, with its error above it. */
export function Checkbox({ label, hint, error, ...rest }: FieldProps & Named & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div className="field">
      {error !== undefined && (
        <div className="field-error" id={`${id}-error`}>
          {error}
        </div>
      )}
      <div className="choice">
        <input
          type="checkbox"
          {...rest}
          id={id}
          aria-describedby={described || undefined}
          aria-invalid={error !== undefined || undefined}
        />
        <label htmlFor={id}>{label}</label>
      </div>
      {hint !== undefined && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}

/** A group of choices under one question. Children are `Checkbox`es or `Radio`s. */
export function ChoiceGroup({ label, hint, error, children }: FieldProps & { children: ReactNode }) {
  const id = useId();
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ');
  return (
    <fieldset className="stack-tight" aria-describedby={described || undefined}>
      <legend className="field-label">{label}</legend>
      {hint !== undefined && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
      {error !== undefined && (
        <div className="field-error" id={`${id}-error`}>
          {error}
        </div>
      )}
      {children}
    </fieldset>
  );
}

export function Radio({ label, hint, ...rest }: { label: ReactNode; hint?: ReactNode } & Named & InputHTMLAttributes<HTMLInputElement>) {
  const id = useId();
  return (
    <div>
      <div className="choice">
        <input type="radio" {...rest} id={id} aria-describedby={hint === undefined ? undefined : `${id}-hint`} />
        <label htmlFor={id}>{label}</label>
      </div>
      {hint !== undefined && (
        <div className="field-hint" id={`${id}-hint`}>
          {hint}
        </div>
      )}
    </div>
  );
}
