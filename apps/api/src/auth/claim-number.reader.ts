import { Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { Problem } from '#libs/problems/index.js';
import { findClaimIds } from '#libs/read-models/index.js';
import { numberIn } from '../http/claim-reference.schema.js';

/** The path parameter of every operation on one claim. */
interface ClaimPath {
  claimId?: string;
}

/** Lets a caller name a claim in a path by its number: once the scope is known, the number becomes the claim's id, and nothing else sees it. */
@Injectable()
export class ClaimNumberReader {
  constructor(@Optional() private readonly source?: DataSource) {}

  /** @throws Problem `not_found` for a number that does not exist or is outside the scope */
  async resolve(request: { params: unknown }, scope: Scope): Promise<void> {
    const params = (request.params ?? {}) as ClaimPath;
    const number = numberIn(params.claimId);
    if (number === null || this.source === undefined) return;
    const [claimId] = await findClaimIds(this.source.manager, scope, { number });
    if (claimId === undefined) throw new Problem('not_found');
    params.claimId = claimId;
  }
}
