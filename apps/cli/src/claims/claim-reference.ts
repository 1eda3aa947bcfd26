import { type Claim, type Cpor, isProblem } from '@cpor/client';
import type { ArgumentSpec } from '../shell/command.js';

export const claimArgument = { name: 'CLAIM', about: 'number or id of the claim, such as CLM-000123' } as const satisfies ArgumentSpec;

/** Finds a claim by its number or id. @throws an Error if the person may see none */
export async function findClaim(cpor: Cpor, reference: string): Promise<Claim> {
  try {
    return await cpor.claims.get(reference);
  } catch (error) {
    if (!isProblem(error, 'not_found', 'invalid_request')) throw error;
    throw new Error(`There is no claim ${reference} that you may see. See: cpor claims list`, { cause: error });
  }
}
