import type { Claim, Cpor } from '@cpor/client';
import type { ArgumentSpec } from '../shell/command.js';

export const claimArgument = { name: 'CLAIM', about: 'number or id of the claim, such as CLM-000123' } as const satisfies ArgumentSpec;

/** Finds a claim by its number or id. @throws an Error if the person may see none */
export async function findClaim(cpor: Cpor, reference: string): Promise<Claim> {
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(reference)) return cpor.claims.get(reference);
  const number = reference.toUpperCase();
  for await (const claim of cpor.claims.list({ q: reference }))
    if (claim.number.toUpperCase() === number) return cpor.claims.get(claim.claimId);
  throw new Error(`There is no claim ${reference} that you may see. See: cpor claims list`);
}
