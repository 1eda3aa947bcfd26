import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ProgrammeLibrary } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import {
  type Document,
  type Fault,
  type Kind,
  publish,
  type Published,
  publishedVersions,
  type PublicationOutcome,
  toYaml,
  type Versioned,
} from '#libs/publications/index.js';
import { readClock } from '#libs/sandbox/index.js';
import { Answer } from '../http/answer.js';
import { entityTag } from '../http/request-headers.js';
import { type Form, yamlType } from '../http/yaml.js';

interface Sent {
  name: string;
  document: Document;
  seen: number | undefined;
  isDryRun: boolean;
  by: string;
}

/** Versions of programmes and calendars: what is published, and how the next one comes about. */
@Injectable()
export class PublicationService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async publish<Body extends Versioned>(kind: Kind<Body>, sent: Sent): Promise<Answer> {
    const outcome = reported(await publish(this.source, kind, sent));
    if (outcome.result === 'published') this.library.forget();
    const { name } = sent;
    return new Answer(outcome.result === 'published' ? 201 : 200, { name, ...outcome }, { ETag: entityTag(outcome.version) });
  }

  /** Every version, the newest first, whose number is the list's ETag. */
  async versions<Body extends Versioned>(kind: Kind<Body>, name: string, options: { showsPublisher: boolean }): Promise<Answer> {
    const published = await this.published(kind, name);
    const today = (await readClock(this.source)).slice(0, 10);
    const inForce = published.find(({ effectiveFrom }) => effectiveFrom <= today);
    const items = published.map(({ version, effectiveFrom, publishedAt, publishedBy }) => ({
      version,
      effectiveFrom,
      state: effectiveFrom > today ? 'scheduled' : version === inForce?.version ? 'in_force' : 'past',
      publishedAt,
      publishedBy: options.showsPublisher ? publishedBy : null,
    }));
    return new Answer(200, { items, next: null }, { ETag: entityTag(published[0]!.version) });
  }

  /** One version as the document that it was published from, its fields in the order of the schema. */
  async version<Body extends Versioned>(kind: Kind<Body>, name: string, version: number, form: Form): Promise<Answer> {
    const found = (await this.published(kind, name)).find((one) => one.version === version);
    if (found === undefined) throw new Problem('not_found');
    const reading = kind.read(Object.fromEntries(Object.entries(found.body)));
    const document = reading.ok ? reading.body : found.body;
    const headers = { ETag: entityTag(version), Vary: 'Accept' };
    if (form === 'json') return new Answer(200, document, headers);
    return new Answer(200, toYaml(document), { ...headers, 'Content-Type': `${yamlType}; charset=utf-8` });
  }

  private async published<Body extends Versioned>(kind: Kind<Body>, name: string): Promise<Published<Body>[]> {
    const published = await publishedVersions<Body>(this.source, kind.table, name);
    if (published.length === 0) throw new Problem('not_found');
    return published;
  }
}

function reported(outcome: PublicationOutcome) {
  switch (outcome.result) {
    case 'refused':
      throw refused(outcome.faults);
    case 'moved_on':
      throw new Problem('version_conflict', {
        detail: `The latest version is ${outcome.latest} by now, and the request is based on another.`,
      });
    case 'unseen':
      throw new Problem('precondition_required', {
        detail: `Version ${outcome.latest} is published. Send If-Match: ${entityTag(outcome.latest)}, or name version ${outcome.latest + 1} in the document.`,
      });
    default:
      return outcome;
  }
}

function refused(faults: Fault[]): Problem {
  const errors = faults.map(({ path, code, message }) => ({
    field: path,
    pointer: path === '' ? '' : `/${path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('.', '/')}`,
    code,
    message,
  }));
  const more = errors.length > 1 ? ` And ${errors.length - 1} more.` : '';
  return new Problem('invalid_request', { detail: `${faults[0]?.path || 'The document'}: ${faults[0]?.message}.${more}`, errors });
}
