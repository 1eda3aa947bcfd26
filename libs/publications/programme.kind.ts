import { coverageWarnings } from '#libs/calendar/index.js';
import { isBefore } from '#libs/claims/index.js';
import { parsePolicy, type Policy } from '#libs/programmes/index.js';
import { type Document, type Fault, isDate } from './judge.js';
import { calendarOn, longestBusinessDays } from './coverage.js';
import type { Kind } from './publish.js';
import type { Connection } from './published.js';

/** The address of the JSON Schema has this name. */
const reservedNames = ['schema'];

/** Programmes; a window in seconds is for sandboxes. */
export const programmeKind = ({ allowSeconds }: { allowSeconds: boolean }): Kind<Policy> => ({
  table: 'policies',
  read: (document) => {
    const parsed = parsePolicy(document, { allowSeconds });
    return parsed.ok ? { ok: true, body: parsed.policy } : parsed;
  },
  check: async (on, document, body, latest) => [
    ...reservedNames.filter((name) => document['name'] === name).map(nameReserved),
    ...(await calendarFaults(on, document)),
    ...(body === undefined || latest === undefined ? [] : [...acknowledgementFaults(latest.body, body), ...keyFaults(latest.body, body)]),
    ...(body === undefined ? [] : await otherKeyFaults(on, { ...body, exclusivityKey: (latest?.body ?? body).exclusivityKey })),
  ],
  warn: calendarWarnings,
});

/** A deadline beyond the calendar's holidays is counted all the same: it is said when the programme is published. */
async function calendarWarnings(on: Connection, policy: Policy, date: string): Promise<Fault[]> {
  const longest = longestBusinessDays(policy);
  const calendar = await calendarOn(on, policy.calendar, date, longest);
  const warnings = calendar === undefined ? [] : coverageWarnings(calendar, date, longest);
  return warnings.map(({ code, message }) => ({ path: 'calendar', code, message }));
}

const nameReserved = (name: string): Fault => ({
  path: 'name',
  code: 'name_reserved',
  message: `${name} is an address of its own; choose another name`,
});

/** Deadlines can be computed from the first day on only if the calendar is in force by then. */
async function calendarFaults(on: Connection, { calendar, effectiveFrom }: Document): Promise<Fault[]> {
  if (typeof calendar !== 'string') return [];
  const rows = await on.query<{ name: string; first: Date }[]>(
    'SELECT name, min(effective_from) AS first FROM calendars GROUP BY name ORDER BY name',
  );
  const row = rows.find(({ name }) => name === calendar);
  if (row === undefined) {
    const names = rows.map(({ name }) => name).join(', ');
    return [
      { path: 'calendar', code: 'calendar_unknown', message: `There is no such calendar; publish it first, or name one of: ${names}` },
    ];
  }
  const first = row.first.toISOString().slice(0, 10);
  if (!isDate(effectiveFrom) || !isBefore(effectiveFrom, first)) return [];
  const message = `${calendar} takes effect on ${first}, after this version; choose another calendar or a later effectiveFrom`;
  return [{ path: 'calendar', code: 'calendar_not_in_force', message }];
}

/** Targets under one key do not meet those under the other: two partners would hold the same. */
function keyFaults({ exclusivityKey }: Policy, next: Policy): Fault[] {
  if (next.exclusivityKey === exclusivityKey) return [];
  const message = `Claims rely on \`${exclusivityKey}\`; keep it, or publish a programme of another name`;
  return [{ path: 'exclusivityKey', code: 'exclusivity_key_fixed', message }];
}

/** The same between programmes: one that counts each activity for itself shares no product with one that does not (decision 19). */
async function otherKeyFaults(on: Connection, { name, exclusivityKey, products }: Policy): Promise<Fault[]> {
  const shared = await on.query<{ name: string; codes: string[] }[]>(
    `SELECT name, array_agg(DISTINCT product ->> 'code' ORDER BY product ->> 'code') AS codes
     FROM policies LEFT JOIN policy_withdrawals USING (name, version) CROSS JOIN jsonb_array_elements(body -> 'products') product
     WHERE name <> $1 AND withdrawn_at IS NULL AND body ->> 'exclusivityKey' <> $2 AND product ->> 'code' = ANY($3)
     GROUP BY name ORDER BY name`,
    [name, exclusivityKey, products.map(({ code }) => code)],
  );
  return shared.map((other) => {
    const codes =
      other.codes.length > 3 ? `${other.codes.slice(0, 3).join(', ')} and ${other.codes.length - 3} more` : other.codes.join(', ');
    const message = `The programme ${other.name} has another key and the same products (${codes}): two partners could hold one of them. Use its key, or other products`;
    return { path: 'exclusivityKey', code: 'exclusivity_key_conflict', message };
  });
}

/** Claims hold the version of the text that was accepted, so one version is one text. */
function acknowledgementFaults(latest: Policy, { acknowledgement }: Policy): Fault[] {
  const { version, text } = latest.acknowledgement;
  const isOther = text.en !== acknowledgement.text.en || text.ru !== acknowledgement.text.ru;
  const least = isOther ? version + 1 : version;
  if (acknowledgement.version >= least) return [];
  const message = isOther
    ? `The text differs from version ${version}; give it version ${least} or a higher one`
    : `Version ${version} is in use; a version cannot go down`;
  return [{ path: 'acknowledgement.version', code: 'acknowledgement_version', message }];
}
