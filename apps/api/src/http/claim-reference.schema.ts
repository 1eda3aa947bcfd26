import { z } from 'zod';
import { shown } from '#libs/claims/index.js';
import { pasted } from '#libs/identifiers/index.js';

const guid = '[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}';
const number = '[Cc][Ll][Mm]-[0-9]{6,18}';

/** Returns the claim number that a path parameter holds, as it is stored; null when it holds none. */
export function numberIn(parameter: string | undefined): string | null {
  const text = pasted(parameter ?? '').toUpperCase();
  return new RegExp(`^${number}$`).test(text) ? text : null;
}

/** A claim in a path. The guard has replaced a number by the id before this is read. */
export const claimReference = z
  .string()
  .overwrite((text) => pasted(text).toLowerCase())
  .check(
    z.regex(new RegExp(`^(?:${guid}|${number})$`), {
      error: ({ input }) => `Must be a GUID or a claim number, not ${shown(String(input))}`,
    }),
  )
  .describe('Id of the claim, or its number, such as CLM-000123.');
