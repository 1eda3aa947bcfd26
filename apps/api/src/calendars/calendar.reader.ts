import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { PublishedCalendar } from '#libs/publications/index.js';

/** Reads published versions of calendars. */
@Injectable()
export class CalendarReader {
  constructor(private readonly source: DataSource) {}

  async list() {
    const rows = await this.source.query<{ body: PublishedCalendar }[]>('SELECT body FROM calendars ORDER BY name, version DESC');
    return { items: rows.map(({ body }) => body), next: null };
  }
}
