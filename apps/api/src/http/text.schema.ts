import { z } from 'zod';
import { shown } from '#libs/claims/index.js';
import { pasted, pastedInLowerCase, readMailAddress } from '#libs/identifiers/index.js';

// PostgreSQL's jsonb takes neither NUL nor half a surrogate pair.
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

const unstorable = 'Must be well-formed Unicode without NUL';

/** Text of a caller, with its greatest length in characters. */
export const text = (maximum: number) => z.string().max(maximum).refine(isStorable, unstorable);

export const isFreeOfAddresses = (text: string): boolean => !/[^\s@]@[^\s@]+\.[^\s@]/u.test(text);

/** Text that becomes part of commands and events, which are never erased: no place for people's addresses. */
export const label = (maximum: number) =>
  text(maximum).refine(isFreeOfAddresses, {
    error: 'Must not contain an email address; name people as contacts',
    params: { code: 'address_not_allowed' },
  });
/** Text that must say something. */
export const requiredText = (maximum: number) => text(maximum).refine((words) => words.trim() !== '', 'Must not be empty');

export const lineNumbers = z
  .array(z.int().min(1).max(100_000))
  .min(1)
  .max(200)
  .describe('Numbers of the lines concerned; if omitted, every line that the action applies to.');

/** An identifier as people paste it, at most so long once it is freed of what came along. */
export const identifier = (maximum: number) => z.string().overwrite(pasted).max(maximum).refine(isStorable, unstorable);

/** One that becomes part of commands and events. */
export const identifierLabel = (maximum: number) =>
  identifier(maximum).refine(isFreeOfAddresses, { error: 'Must not contain an email address', params: { code: 'address_not_allowed' } });

export const partnerId = identifier(20);

export const uuid = z
  .string()
  .overwrite(pastedInLowerCase)
  .check(z.guid({ error: ({ input }) => `Must be a GUID, not ${shown(String(input))}` }));

/** Of a person, in the person's own script. It is not repeated in an error: errors may be kept. */
export const mailAddress = z
  .string()
  .overwrite(pasted)
  .max(320)
  .refine((address) => readMailAddress(address) !== null, 'Must be an email address')
  .meta({ format: 'email' });

/** A contact's address in a draft, which may still be half of one. */
export const contactAddress = identifier(320);

// PostgreSQL knows no year 0, and no number that has hundreds of digits behind its point.
const hasYear = (text: string): boolean => !text.startsWith('0000');
const yearZero = 'Must not be in the year 0000';

export const isoDate = z.iso.date().refine(hasYear, yearZero).describe('ISO date.');

/** An instant that a caller names. */
export const instant = z.iso.datetime().max(30).refine(hasYear, yearZero);
export const offsetInstant = z.iso.datetime({ offset: true }).max(36).refine(hasYear, yearZero);

export const sha256 = z
  .string()
  .regex(/^[0-9a-fA-F]{64}$/, 'Must be 64 hexadecimal digits')
  .toLowerCase();
