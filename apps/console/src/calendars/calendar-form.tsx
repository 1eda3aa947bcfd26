import { useState } from 'react';
import { useTexts } from '../i18n/index.js';
import { ChoicesControl, DateControl, TextControl, useForm } from '../publications/index.js';
import { calendarIn } from './days.js';
import { DayList } from './day-list.js';
import { texts } from './texts.js';
import { YearChoice } from './year-choice.js';
import { YearView } from './year-view.js';

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/** A calendar's fields, and the year that they make. */
export function CalendarForm({ today }: { today: string }) {
  const t = useTexts(texts);
  const { value } = useForm();
  const [year, setYear] = useState(Number(today.slice(0, 4)));
  return (
    <>
      <div className="publication-pair">
        <DateControl path={['effectiveFrom']} label={t('effectiveFrom')} hint={t('effectiveFromHint')} min={today} />
        <TextControl path={['zone']} label={t('zone')} hint={t('zoneHint')} />
        <DateControl path={['coversFrom']} label={t('coversFrom')} />
        <DateControl path={['coversThrough']} label={t('coversThrough')} />
      </div>
      <ChoicesControl
        path={['weekend']}
        label={t('weekend')}
        isNumbers
        options={weekdays.map((day, index) => ({ value: String(index + 1), label: t(day) }))}
      />
      <TextControl path={['source']} label={t('source')} hint={t('sourceHint')} />
      <YearChoice year={year} onChange={setYear} />
      <YearView year={year} calendar={calendarIn(value)} />
      <DayList list="holidays" year={year} title={t('holidaysOf', { year })} add={t('addHoliday')} />
      <DayList list="workingDays" year={year} title={t('workingDaysOf', { year })} add={t('addWorkingDay')} hint={t('workingDaysHint')} />
    </>
  );
}
