import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { findCommand } from '#libs/inbox/index.js';
import { Problem } from '#libs/problems/index.js';
import { type Operation, operationView } from './operation.view.js';

/** Commands as their senders look them up. */
@Injectable()
export class OperationReader {
  constructor(private readonly source: DataSource) {}

  /** Reads an operation; with a subject, only one of its own. */
  async read(operationId: string, subject: string | null): Promise<Operation> {
    const [own] = await this.source.query<unknown[]>(
      "SELECT 1 FROM claim_commands WHERE command_id = $1 AND ($2::text IS NULL OR actor ->> 'subject' = $2)",
      [operationId, subject],
    );
    const command = own === undefined ? null : await findCommand(this.source.manager, operationId);
    if (command === null) throw new Problem('not_found');
    return operationView(command);
  }
}
