import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { findCommand } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import { withinScope } from '#libs/read-models/index.js';
import { type Operation, operationView } from './operation.view.js';

/** Reads operations: commands as their senders see them. */
@Injectable()
export class OperationReader {
  constructor(private readonly source: DataSource) {}

  /** Reads an operation of the caller; the vendor also reads those of others on claims in its scope. */
  async read(operationId: string, scope: Scope, subject: string): Promise<Operation> {
    const parameters: unknown[] = [operationId, subject];
    const visible = scope.kind === 'everything' ? withinScope(scope, parameters) : 'false';
    const [found] = await this.source.query<unknown[]>(
      `SELECT 1 FROM claim_commands i JOIN claims c USING (claim_id)
       WHERE i.command_id = $1 AND (i.actor ->> 'subject' = $2 OR ${visible})`,
      parameters,
    );
    const command = found === undefined ? null : await findCommand(this.source.manager, operationId);
    if (command === null) throw new Problem('not_found');
    return operationView(command);
  }
}
