import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { type Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { readClock } from '#libs/event-store/index.js';

/** Reads programmes with their policy in force. */
@Injectable()
export class ProgrammeReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async list() {
    const now = await readClock(this.source);
    const policies = await Promise.all((await this.library.programmes()).map((name) => this.library.policyInForce(name, now)));
    const items = policies.flatMap((policy) => (policy === null ? [] : [summary(policy)]));
    return { items, next: null };
  }

  async read(name: string): Promise<Policy> {
    const policy = await this.library.policyInForce(name, await readClock(this.source));
    if (policy === null) throw new Problem('not_found');
    return policy;
  }
}

const summary = ({ name, version, effectiveFrom, calendar }: Policy) => ({ name, version, effectiveFrom, calendar });
