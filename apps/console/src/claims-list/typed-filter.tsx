import { TextField } from '../design/index.js';
import { type Filters, useTypedFilter } from '../lists/index.js';

interface Props {
  name: string;
  label: string;
  filters: Filters;
  type?: 'text' | 'search';
  placeholder?: string;
}

/** A filter in words; Enter does not wait for the pause. */
export function TypedFilter({ name, label, filters, type = 'text', placeholder }: Props) {
  const { value, onChange, commit } = useTypedFilter(filters, name);
  return (
    <TextField
      name={name}
      type={type}
      label={label}
      placeholder={placeholder}
      maxLength={100}
      autoComplete="off"
      value={value}
      onChange={onChange}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}
