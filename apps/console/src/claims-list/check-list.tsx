import type { Option } from '../design/index.js';
import type { Filters } from '../lists/index.js';

interface Props {
  name: string;
  label: string;
  options: Option[];
  filters: Filters;
}

/** A filter with several values. A long list scrolls in itself. */
export function CheckList({ name, label, options, filters }: Props) {
  const chosen = filters.all(name);
  // A shared address may hold a value that is not offered here; it can still be taken away.
  const others = chosen.filter((value) => !options.some((option) => option.value === value));
  const all = [...options, ...others.map((value) => ({ value, label: value }))];
  if (all.length === 0) return null;
  return (
    <fieldset className="check-list">
      <legend className="field-label">{label}</legend>
      <div className="check-list-options">
        {all.map((option) => (
          <label key={option.value} className="choice">
            <input
              type="checkbox"
              name={name}
              value={option.value}
              checked={chosen.includes(option.value)}
              onChange={(event) =>
                filters.set({ [name]: event.target.checked ? [...chosen, option.value] : chosen.filter((value) => value !== option.value) })
              }
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}
