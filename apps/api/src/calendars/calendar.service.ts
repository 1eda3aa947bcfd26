import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { calendarReference, type CalendarVersion, parseCalendarVersion } from '#libs/calendar/index.js';
import { canonicalJson } from '#libs/event-store/index.js';
import { Problem } from '#libs/problems/index.js';
import type { NewCalendar } from './calendars.controller.js';

type Published = CalendarVersion & { effectiveFrom: string };

/** Published versions of calendars. */
@Injectable()
export class CalendarService {
  constructor(private readonly source: DataSource) {}

  async list() {
    const rows = await this.source.query<{ body: Published }[]>('SELECT body FROM calendars ORDER BY name, version DESC');
    return { items: rows.map(({ body }) => body), next: null };
  }

  /** Publishes a version once; the same content again changes nothing, other content under the same version is refused. */
  async publish({ effectiveFrom, ...rest }: NewCalendar): Promise<Published> {
    const parsed = parseCalendarVersion(rest);
    if ('faults' in parsed) throw malformed(parsed.faults);
    const published = { ...parsed.calendar, effectiveFrom };
    const { name, version } = published;
    await this.source.query('INSERT INTO calendars (name, version, effective_from, body) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      name,
      version,
      effectiveFrom,
      published,
    ]);
    const [stored] = await this.source.query<{ body: Published }[]>('SELECT body FROM calendars WHERE name = $1 AND version = $2', [
      name,
      version,
    ]);
    if (canonicalJson(stored?.body) === canonicalJson(published)) return published;
    throw new Problem('calendar_version_exists', { detail: `${calendarReference(published)} is published with other content.` });
  }
}

function malformed(faults: { field: string; code: string; message: string }[]): Problem {
  const errors = faults.map(({ field, code, message }) => ({
    field,
    pointer: field === '' ? '' : `/${field.replaceAll('.', '/')}`,
    code,
    message,
  }));
  return new Problem('invalid_request', { detail: `${faults[0]?.field || 'The body'}: ${faults[0]?.message}`, errors });
}
