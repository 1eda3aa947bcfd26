import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { readTargetHistory, type TargetInterval } from '#libs/read-models/index.js';

/** Reads who held a target, within the caller's scope. */
@Injectable()
export class TargetReader {
  constructor(private readonly source: DataSource) {}

  history(scope: Scope, target: string, at: string | undefined): Promise<TargetInterval[]> {
    return readTargetHistory(this.source.manager, scope, target, at);
  }
}
