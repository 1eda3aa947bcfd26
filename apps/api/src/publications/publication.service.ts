import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isBefore } from '#libs/claims/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import {
  type Document,
  type DocumentType,
  type Fault,
  publish,
  type Published,
  publishedVersions,
  type PublicationOutcome,
  type PublicationReport,
  toYaml,
  type Versioned,
  withdrawVersion,
} from '#libs/publications/index.js';
import { type ExpectedVersion, readClock } from '#libs/event-store/index.js';
import { Answer } from '../http/answer.js';
import { yamlType } from '../http/bodies.js';
import { entityTag } from '../http/entity-tag.js';
import type { Form } from '../http/yaml.js';

interface Sent {
  name: string;
  document: Document;
  seen: ExpectedVersion | undefined;
  isDryRun: boolean;
  by: string;
}

/** Publishes, lists and withdraws versions of programmes and calendars. */
@Injectable()
export class PublicationService {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async publish<Body extends Versioned>(type: DocumentType<Body>, sent: Sent): Promise<Answer<PublicationReport & { name: string }>> {
    const outcome = reported(await publish(this.source, type, sent));
    if (outcome.result === 'published') this.library.forget();
    const { name } = sent;
    return new Answer(outcome.result === 'published' ? 201 : 200, { name, ...outcome }, { ETag: entityTag(outcome.version) });
  }

  /** Lists all versions, newest first. The version in the ETag is that of the latest that is not withdrawn. */
  async versions<Body extends Versioned>(type: DocumentType<Body>, name: string, options: { showsPublisher: boolean }): Promise<Answer> {
    const published = await this.published(type, name);
    const today = (await readClock(this.source)).slice(0, 10);
    const current = published.filter(({ withdrawnAt }) => withdrawnAt === null);
    const inForce = current.find(({ effectiveFrom }) => !isBefore(today, effectiveFrom));
    const items = published.map((version) => ({
      version: version.version,
      effectiveFrom: version.effectiveFrom,
      state: stateOf(version, today, inForce?.version),
      publishedAt: version.publishedAt,
      publishedBy: options.showsPublisher ? version.publishedBy : null,
      withdrawnAt: version.withdrawnAt,
      withdrawnBy: options.showsPublisher ? version.withdrawnBy : null,
    }));
    return new Answer(200, { items, next: null }, { ETag: entityTag(current[0]?.version ?? 0, items) });
  }

  /** Withdraws a scheduled version of a programme; repeating it has no effect. Throws `version_in_force` otherwise. */
  async withdraw<Body extends Versioned>(type: DocumentType<Body>, name: string, version: number, by: string): Promise<Answer> {
    const published = await this.published(type, name);
    if (!published.some((item) => item.version === version)) throw new Problem('not_found');
    if (!(await withdrawVersion(this.source, name, version, by))) {
      throw new Problem('version_in_force', {
        detail: `Version ${version} of ${name} is in force or about to be, or claims already refer to it.`,
      });
    }
    this.library.forget();
    return this.versions(type, name, { showsPublisher: true });
  }

  /** Returns a version as the document that was published, with fields in schema order. */
  async version<Body extends Versioned>(type: DocumentType<Body>, name: string, version: number, form: Form): Promise<Answer> {
    const found = (await this.published(type, name)).find((item) => item.version === version);
    if (found === undefined) throw new Problem('not_found');
    const parsed = type.parse(Object.fromEntries(Object.entries(found.body)));
    const document = parsed.ok ? parsed.body : found.body;
    const text = form === 'json' ? document : toYaml(document);
    const headers = { ETag: entityTag(version, text), Vary: 'Accept' };
    if (form === 'json') return new Answer(200, text, headers);
    return new Answer(200, text, { ...headers, 'Content-Type': `${yamlType}; charset=utf-8` });
  }

  private async published<Body extends Versioned>(type: DocumentType<Body>, name: string): Promise<Published<Body>[]> {
    const published = await publishedVersions<Body>(this.source, type.table, name);
    if (published.length === 0) throw new Problem('not_found');
    return published;
  }
}

function stateOf({ version, effectiveFrom, withdrawnAt }: Published, today: string, inForce: number | undefined) {
  if (withdrawnAt !== null) return 'withdrawn';
  if (isBefore(today, effectiveFrom)) return 'scheduled';
  return version === inForce ? 'in_force' : 'past';
}

function reported(outcome: PublicationOutcome): PublicationReport {
  switch (outcome.result) {
    case 'refused':
      throw refused(outcome.faults);
    case 'moved_on':
      throw new Problem('version_conflict', {
        detail: `The latest version is now ${outcome.latest}, but the request is based on a different one.`,
      });
    case 'unseen':
      throw new Problem('precondition_required', {
        detail: `Version ${outcome.latest} is published. Send If-Match: ${entityTag(outcome.latest)}, or name version ${outcome.next} in the document.`,
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
