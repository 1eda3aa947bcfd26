import { useId, useState } from 'react';
import { Button, TextField } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useForm, useValue } from '../publications/index.js';
import { daysIn } from './days.js';
import { texts } from './texts.js';

interface Props {
  list: 'holidays' | 'workingDays';
  year: number;
  title: string;
  hint?: string;
  /** The button that adds a day. */
  add: string;
}

/** The named days of a year, which can be added, renamed, moved and removed. */
export function DayList({ list, year, title, hint, add }: Props) {
  const t = useTexts(texts);
  const { value, change, errors } = useForm();
  const titleId = useId();
  const all = daysIn(value[list]);
  const days = all.map((day, index) => ({ ...day, index })).filter(({ on }) => on.startsWith(`${year}`) || on === '');
  return (
    <section className="stack-tight" aria-labelledby={titleId}>
      <h3 id={titleId}>{title}</h3>
      {hint !== undefined && <p className="small muted">{hint}</p>}
      {errors[`/${list}`] !== undefined && <p className="field-error">{errors[`/${list}`]}</p>}
      {days.length === 0 ? (
        <p className="muted">{t('noDays')}</p>
      ) : (
        <ul className="day-list">
          {days.map(({ index, name, on }) => (
            <li key={index}>
              <DayRow list={list} index={index} on={on} name={name} onRemove={() => change([list, index], undefined)} />
            </li>
          ))}
        </ul>
      )}
      <NewDay
        list={list}
        year={year}
        add={add}
        onAdd={(day) =>
          change(
            [list],
            [...all, day].sort((a, b) => (a.on < b.on ? -1 : 1)),
          )
        }
      />
    </section>
  );
}

function DayRow({ list, index, on, name, onRemove }: { list: Props['list']; index: number; on: string; name: string; onRemove(): void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const date = useValue([list, index, 'on']);
  const label = useValue([list, index, 'name']);
  const whole = useValue([list, index]);
  const error = date.error ?? label.error ?? whole.error;
  const day = /^\d{4}-\d\d-\d\d$/.test(on) ? format.date(on) : on;
  return (
    <>
      <div className="day-row">
        <input
          type="date"
          className="input"
          name={date.name}
          aria-label={t('dateOf', { name })}
          aria-invalid={error !== undefined || undefined}
          value={on}
          onChange={({ target }) => date.set(target.value)}
        />
        <input
          type="text"
          className="input"
          name={label.name}
          aria-label={t('nameOf', { day })}
          aria-invalid={error !== undefined || undefined}
          autoComplete="off"
          value={name}
          onChange={({ target }) => label.set(target.value)}
        />
        <Button kind="quiet" aria-label={t('removeDay', { name, day })} onClick={onRemove}>
          {t('remove')}
        </Button>
      </div>
      {error !== undefined && <p className="field-error">{error}</p>}
    </>
  );
}

function NewDay({ list, year, add, onAdd }: { list: string; year: number; add: string; onAdd(day: { on: string; name: string }): void }) {
  const t = useTexts(texts);
  const [on, setOn] = useState('');
  const [name, setName] = useState('');
  const [isMissing, setMissing] = useState(false);
  const submit = () => {
    const isComplete = on !== '' && name.trim() !== '';
    setMissing(!isComplete);
    if (!isComplete) return;
    onAdd({ on, name: name.trim() });
    setOn('');
    setName('');
  };
  return (
    <div className="day-new">
      <TextField
        type="date"
        name={`new-${list}-on`}
        label={t('date')}
        error={isMissing && on === '' ? t('dateMissing') : undefined}
        min={`${year}-01-01`}
        max={`${year}-12-31`}
        value={on}
        onChange={({ target }) => setOn(target.value)}
      />
      <TextField
        name={`new-${list}-name`}
        label={t('dayName')}
        error={isMissing && name.trim() === '' ? t('nameMissing') : undefined}
        maxLength={100}
        autoComplete="off"
        value={name}
        onChange={({ target }) => setName(target.value)}
        onKeyDown={(event) => event.key === 'Enter' && submit()}
      />
      <Button onClick={submit}>{add}</Button>
    </div>
  );
}
