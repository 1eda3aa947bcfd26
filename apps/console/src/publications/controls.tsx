import { type ReactNode, useState } from 'react';
import { Checkbox, ChoiceGroup, type Option, SelectField, TextArea, TextField } from '../design/index.js';
import { useValue } from './form-context.js';
import { isSame, type Path } from './json.js';

interface Props {
  path: Path;
  label: string;
  hint?: ReactNode;
}

const shown = (value: unknown): string => (typeof value === 'string' || typeof value === 'number' ? String(value) : '');

/** A text. `isOptional`: nothing is null. */
export function TextControl({ path, isLong = false, isOptional = false, ...rest }: Props & { isLong?: boolean; isOptional?: boolean }) {
  const { name, value, error, set } = useValue(path);
  const Control = isLong ? TextArea : TextField;
  return (
    <Control
      {...rest}
      name={name}
      error={error}
      value={shown(value)}
      autoComplete="off"
      onChange={(event: { target: { value: string } }) => set(event.target.value === '' && isOptional ? null : event.target.value)}
    />
  );
}

/** A whole number; what is no number stays as it was typed, and the API says so. Nothing is null. */
export function NumberControl({ path, ...rest }: Props) {
  const { name, value, error, set } = useValue(path);
  return (
    <div className="publication-number">
      <TextField
        {...rest}
        name={name}
        error={error}
        inputMode="numeric"
        autoComplete="off"
        value={shown(value)}
        onChange={({ target }) => set(/^-?\d{1,15}$/.test(target.value) ? Number(target.value) : target.value || null)}
      />
    </div>
  );
}

export function DateControl({ path, min, ...rest }: Props & { min?: string | undefined }) {
  const { name, value, error, set } = useValue(path);
  return (
    <div className="publication-number">
      <TextField
        {...rest}
        type="date"
        name={name}
        error={error}
        min={min}
        value={shown(value)}
        onChange={({ target }) => set(target.value)}
      />
    </div>
  );
}

export function FlagControl({ path, ...rest }: Props) {
  const { name, value, error, set } = useValue(path);
  return <Checkbox {...rest} name={name} error={error} checked={value === true} onChange={({ target }) => set(target.checked)} />;
}

export function ChoiceControl({ path, options, ...rest }: Props & { options: Option[] }) {
  const { name, value, error, set } = useValue(path);
  // A value that the document has and the list lacks is shown as it is, not silently replaced by the first of the list.
  const all =
    typeof value === 'string' && !options.some((option) => option.value === value) ? [...options, { value, label: value }] : options;
  return (
    <SelectField {...rest} name={name} error={error} options={all} value={shown(value)} onChange={({ target }) => set(target.value)} />
  );
}

/** Several of a few. */
export function ChoicesControl({ path, options, isNumbers = false, ...rest }: Props & { options: Option[]; isNumbers?: boolean }) {
  const { name, value, error, set } = useValue(path);
  const chosen: unknown[] = Array.isArray(value) ? value : [];
  const choose = (code: string, isChosen: boolean) => {
    const item = isNumbers ? Number(code) : code;
    set(isChosen ? [...chosen, item] : chosen.filter((each) => each !== item));
  };
  return (
    <ChoiceGroup {...rest} error={error}>
      <div className="row">
        {options.map((option) => (
          <Checkbox
            key={option.value}
            name={name}
            label={option.label}
            checked={chosen.map(String).includes(option.value)}
            onChange={({ target }) => choose(option.value, target.checked)}
          />
        ))}
      </div>
    </ChoiceGroup>
  );
}

/** A list that is written with commas. `isOptional`: nothing is null instead of an empty list. */
export function ListControl({
  path,
  isNumbers = false,
  isOptional = false,
  ...rest
}: Props & { isNumbers?: boolean; isOptional?: boolean }) {
  const { name, value, error, set } = useValue(path);
  const [typed, setTyped] = useState('');
  const read = (text: string): unknown => {
    const items = text.split(',').flatMap((item) => (item.trim() === '' ? [] : [item.trim()]));
    if (items.length === 0 && isOptional) return null;
    return isNumbers ? items.map((item) => (/^\d{1,9}$/.test(item) ? Number(item) : item)) : items;
  };
  // While somebody types "30, ", the value is [30]: their text stays as long as it means what the document says.
  const text = isSame(read(typed), value) ? typed : Array.isArray(value) ? value.join(', ') : '';
  return (
    <TextField
      {...rest}
      name={name}
      error={error}
      autoComplete="off"
      value={text}
      onChange={({ target }) => {
        setTyped(target.value);
        set(read(target.value));
      }}
    />
  );
}
