import { type ReactNode, useState } from 'react';
import { Badge, Button, TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { useForm } from './form-context.js';
import { type Fields, isFields, type Path, pointerOf, valueAt } from './json.js';
import { texts } from './texts.js';

interface Props {
  path: Path;
  title: string;
  hint?: string;
  /** What an entry is called in the closed list. */
  summary(entry: Fields): ReactNode;
  /** What a new entry starts with. */
  blank(): Fields;
  children(path: Path, entry: Fields): ReactNode;
}

const mostShown = 40;

/** The entries of a list of objects; each opens to its fields. */
export function ListSection({ path, title, hint, summary, blank, children }: Props) {
  const t = useTexts(texts);
  const { value, errors, change } = useForm();
  const [search, setSearch] = useState('');
  const found = valueAt(value, path);
  const entries = Array.isArray(found) ? found.filter(isFields) : [];
  const words = search.trim().toLowerCase();
  const matching = entries
    .map((entry, index) => ({ entry, index }))
    .filter(({ entry }) => words === '' || JSON.stringify(entry).toLowerCase().includes(words));
  const name = pointerOf(path);
  return (
    <details className="publication-section">
      <summary>
        <h3>{title}</h3> <span className="muted">{entries.length}</span> <ErrorCount errors={errors} name={name} />
      </summary>
      <div className="stack-tight">
        {hint !== undefined && <p className="small muted">{hint}</p>}
        {errors[name] !== undefined && <p className="field-error">{errors[name]}</p>}
        {entries.length > mostShown && (
          <TextField
            name={`${name}?search`}
            type="search"
            label={t('find')}
            value={search}
            onChange={({ target }) => setSearch(target.value)}
          />
        )}
        <ul className="publication-entries">
          {matching.slice(0, mostShown).map(({ entry, index }) => (
            <li key={index}>
              <Entry path={[...path, index]} summary={summary(entry)} onRemove={() => change([...path, index], undefined)}>
                {() => children([...path, index], entry)}
              </Entry>
            </li>
          ))}
        </ul>
        {matching.length > mostShown && <p className="small muted">{t('moreEntries', { count: matching.length - mostShown })}</p>}
        <div>
          <Button onClick={() => change([...path, entries.length], blank())}>{t('addTo', { title })}</Button>
        </div>
      </div>
    </details>
  );
}

/** The fields are drawn only while the entry is open: a catalogue may have thousands. */
function Entry({ path, summary, onRemove, children }: { path: Path; summary: ReactNode; onRemove(): void; children(): ReactNode }) {
  const t = useTexts(texts);
  const { errors } = useForm();
  const [isOpen, setOpen] = useState(false);
  const name = pointerOf(path);
  return (
    <details data-pointer={name} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        {summary} <ErrorCount errors={errors} name={name} />
      </summary>
      {isOpen && (
        <div className="stack publication-entry">
          {errors[name] !== undefined && <p className="field-error">{errors[name]}</p>}
          {children()}
          <div>
            <Button kind="danger" onClick={onRemove}>
              {t('removeEntry')}
            </Button>
          </div>
        </div>
      )}
    </details>
  );
}

function ErrorCount({ errors, name }: { errors: Record<string, string>; name: string }) {
  const t = useTexts(texts);
  const count = Object.keys(errors).filter((pointer) => pointer === name || pointer.startsWith(`${name}/`)).length;
  return count === 0 ? null : <Badge tone="danger">{t('faultCount', { count })}</Badge>;
}
