import { z } from 'zod';
import { normaliseDomain } from './domain-name.js';

/** What the directory document and the answers of a vendor's service have in common, in the form in which it is stored. */
export const guid = z
  .string()
  .toLowerCase()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'expected a GUID');
export const name = z.string().trim().min(1).max(200);
export const code = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, 'a code is lower case letters, digits and underscores');
export const partnerId = z.string().regex(/^[0-9]{4,10}$/, 'a PartnerID is 4 to 10 digits');
export const language = z.enum(['en', 'ru']);
export const email = z.email().max(254);
export const subscriptionFamily = z.enum(['dynamics', 'microsoft_365', 'other']);
export const subscriptionState = z.enum(['not_provisioned', 'active', 'in_grace', 'suspended', 'expired']);
export const isoDateOrNull = z.iso.date().nullable();

export const domain = z.string().transform((text, context) => {
  const normal = normaliseDomain(text);
  if (normal !== null) return normal;
  context.addIssue({ code: 'custom', message: 'expected a domain' });
  return z.NEVER;
});
