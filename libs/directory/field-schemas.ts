import { z } from 'zod';
import { normaliseDomain, pasted, pastedInLowerCase, readMailAddress, storableName } from '#libs/identifiers/index.js';

// Fields that the directory document and the answers of a vendor's service share, normalised to the form in which they are stored.

export const guid = z
  .string()
  .overwrite(pastedInLowerCase)
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'must be a GUID');
export const maximumName = 200;
export const name = z.string().overwrite(storableName).min(1).max(maximumName);
export const code = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,63}$/, 'must be lower-case letters, digits and underscores, and start with a letter');
export const partnerId = z
  .string()
  .overwrite(pasted)
  .regex(/^[0-9]{4,10}$/, 'must be 4 to 10 digits');
export const language = z.enum(['en', 'ru']);
export const email = z
  .string()
  .transform((text, context) => {
    const read = readMailAddress(text);
    if (read !== null) return read.address;
    context.addIssue({ code: 'custom', message: 'must be an e-mail address' });
    return z.NEVER;
  })
  .meta({ format: 'email' });
export const subscriptionFamily = z.enum(['dynamics', 'microsoft_365', 'other']);
export const subscriptionState = z.enum(['not_provisioned', 'active', 'in_grace', 'suspended', 'expired']);
export const isoDateOrNull = z.iso.date().nullable();

export const domain = z.string().transform((text, context) => {
  const normal = normaliseDomain(text);
  if (normal !== null) return normal;
  context.addIssue({ code: 'custom', message: 'must be a domain' });
  return z.NEVER;
});
