import { z } from 'zod';
import { shown } from '#libs/claims/index.js';
import { pasted, pastedInLowerCase, readMailAddress } from '#libs/identifiers/index.js';

// PostgreSQL's jsonb rejects NUL and lone surrogates.
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const unstorable = 'Must be well-formed Unicode without NUL';

/** Text from a caller, at most `maximum` UTF-16 units long. */
export const text = (maximum: number) => z.string().max(maximum).refine(isStorable, unstorable);

export const isFreeOfAddresses = (text: string): boolean => !/[^\s@]@[^\s@]+\.[^\s@]/u.test(text);

/** Text that is stored in commands and events. These are never erased, so email addresses are refused. */
export const label = (maximum: number) =>
  text(maximum).refine(isFreeOfAddresses, {
    error: 'Must not contain an email address; name people as contacts',
    params: { code: 'address_not_allowed' },
  });
export const requiredText = (maximum: number) => text(maximum).refine((words) => words.trim() !== '', 'Must not be empty');

export const lineNumbers = z
  .array(z.int().min(1).max(100_000))
  .min(1)
  .max(200)
  .describe('Numbers of the lines concerned; if omitted, every line that the action applies to.');

/** An identifier as people paste it. The maximum applies after clean-up. */
export const identifier = (maximum: number) => z.string().overwrite(pasted).max(maximum).refine(isStorable, unstorable);

/** An identifier that is stored in commands and events, which are never erased. */
export const identifierLabel = (maximum: number) =>
  identifier(maximum).refine(isFreeOfAddresses, { error: 'Must not contain an email address', params: { code: 'address_not_allowed' } });

export const partnerId = identifier(20);

export const uuid = z
  .string()
  .overwrite(pastedInLowerCase)
  .check(z.guid({ error: ({ input }) => `Must be a GUID, not ${shown(String(input))}` }));

/** A person's email address, in any script. Errors never repeat it, because they may be stored. */
export const mailAddress = z
  .string()
  .overwrite(pasted)
  .max(320)
  .refine((address) => readMailAddress(address) !== null, 'Must be an email address')
  .meta({ format: 'email' });

/** A contact's address in a draft, where it may still be incomplete. */
export const contactAddress = identifier(320);

// PostgreSQL has no year 0 and rejects fractions of seconds with hundreds of digits.
const hasYear = (text: string): boolean => !text.startsWith('0000');
const yearZero = 'Must not be in the year 0000';

export const isoDate = z.iso.date().refine(hasYear, yearZero).describe('ISO date.');

export const instant = z.iso.datetime().max(30).refine(hasYear, yearZero);
export const offsetInstant = z.iso.datetime({ offset: true }).max(36).refine(hasYear, yearZero);

export const sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'Must be 64 hexadecimal digits')
  .toLowerCase();
