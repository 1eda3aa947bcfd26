import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { patient } from '#libs/event-store/index.js';
import { exportContact, type ExportedPerson } from '#libs/retention/index.js';

/** Streams everything that is stored about a person, and records who exported it. */
@Injectable()
export class ContactExportService {
  constructor(private readonly source: DataSource) {}

  open(person: ExportedPerson, by: string): Readable {
    return Readable.from(exportContact(patient(this.source), person, by), { objectMode: false });
  }
}
