import { z } from 'zod';
import { type Role, roles } from '#libs/auth/index.js';
import people from './people.json' with { type: 'json' };

const inBoth = z.strictObject({ en: z.string().min(1), ru: z.string().min(1) });

const samplePerson = z.strictObject({
  /** The `sub` of the person's tokens. */
  subject: z.string().regex(/^[a-z]+\.[a-z]+$/),
  side: z.enum(['partner', 'vendor', 'customer']),
  name: z.string().min(1),
  email: z.email().refine((address) => address.endsWith('.example')),
  language: z.enum(['en', 'ru']),
  /** The name of the company; "the vendor" for the vendor's staff. */
  organisation: z.string().min(1),
  roles: z.array(z.enum(roles as [Role, ...Role[]])).min(1),
  /** Global account of the partner. */
  partner: z.guid().optional(),
  /** PartnerIDs, or `*` for all locations of the partner. */
  locations: z.array(z.string()).min(1).optional(),
  tenant: z.guid().optional(),
  /** What the person is, in one line. */
  what: inBoth,
  /** What to try first when signed in as the person. */
  tryFirst: inBoth,
});

/** Somebody to sign in as in a sandbox. */
export type SamplePerson = z.output<typeof samplePerson>;

/** The people of the sandbox, in the order in which they are offered. They belong to companies and tenants of the sample directory. */
export const samplePeople: readonly SamplePerson[] = z.strictObject({ people: z.array(samplePerson) }).parse(people).people;

/** Returns the sample person with this subject. */
export const samplePersonOf = (subject: string): SamplePerson | undefined => samplePeople.find((person) => person.subject === subject);
