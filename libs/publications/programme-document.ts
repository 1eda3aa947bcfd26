import { coverageWarnings } from '#libs/calendar/index.js';
import { isBefore } from '#libs/claims/index.js';
import { parsePolicy, type Policy } from '#libs/programmes/index.js';
import { isDate } from './assess-document.js';
import { calendarOn, longestBusinessDays } from './calendar-coverage.js';
import type { Document, DocumentType, Fault } from './document-type.js';
import type { Connection } from './published-versions.js';

/** GET /v1/programmes/schema returns the JSON Schema. */
const reservedNames = ['schema'];

/** `allowSeconds` accepts consent windows in seconds, for sandboxes only. */
export const programmeType = ({ allowSeconds }: { allowSeconds: boolean }): DocumentType<Policy> => ({
  table: 'policies',
  parse: (document) => {
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

/** Warns about deadlines beyond the calendar's coverage, which are computed all the same. */
async function calendarWarnings(on: Connection, policy: Policy, date: string): Promise<Fault[]> {
  const longest = longestBusinessDays(policy);
  const calendar = await calendarOn(on, policy.calendar, date, longest);
  const warnings = calendar === undefined ? [] : coverageWarnings(calendar, date, longest);
  return warnings.map(({ code, message }) => ({ path: 'calendar', code, message }));
}

const nameReserved = (name: string): Fault => ({
  path: 'name',
  code: 'name_reserved',
  message: `${name} is a reserved name; choose another one`,
});

/** The calendar must be in force when the programme takes effect. */
async function calendarFaults(on: Connection, { calendar, effectiveFrom }: Document): Promise<Fault[]> {
  if (typeof calendar !== 'string') return [];
  const rows = await on.query<{ name: string; first: Date }[]>(
    'SELECT name, min(effective_from) AS first FROM calendars GROUP BY name ORDER BY name',
  );
  const row = rows.find(({ name }) => name === calendar);
  if (row === undefined) {
    const names = rows.map(({ name }) => name).join(', ');
    return [
      {
        path: 'calendar',
        code: 'calendar_unknown',
        message: `There is no calendar of this name; publish it first, or use one of: ${names}`,
      },
    ];
  }
  const first = row.first.toISOString().slice(0, 10);
  if (!isDate(effectiveFrom) || !isBefore(effectiveFrom, first)) return [];
  const message = `${calendar} takes effect only on ${first}, after this version; choose another calendar or a later effectiveFrom`;
  return [{ path: 'calendar', code: 'calendar_not_in_force', message }];
}

/** Changing the key would let two partners hold the same target, one under each key. */
function keyFaults({ exclusivityKey }: Policy, next: Policy): Fault[] {
  if (next.exclusivityKey === exclusivityKey) return [];
  const message = `The key cannot change from \`${exclusivityKey}\`, because claims rely on it; keep it, or publish a programme under another name`;
  return [{ path: 'exclusivityKey', code: 'exclusivity_key_fixed', message }];
}

/** Programmes with different keys must not share a product, for the same reason (docs/adr/0019). */
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
    const message = `The programme ${other.name} has the same products (${codes}) under another key, so two partners could hold one product; use the same key or other products`;
    return { path: 'exclusivityKey', code: 'exclusivity_key_conflict', message };
  });
}

/** Claims record the version of the accepted text, so a version number must never cover two texts. */
function acknowledgementFaults(latest: Policy, { acknowledgement }: Policy): Fault[] {
  const { version, text } = latest.acknowledgement;
  const isOther = text.en !== acknowledgement.text.en || text.ru !== acknowledgement.text.ru;
  const minimum = isOther ? version + 1 : version;
  if (acknowledgement.version >= minimum) return [];
  const message = isOther
    ? `The text differs from version ${version}; use version ${minimum} or higher`
    : `Version ${version} is in use; the version cannot be lower`;
  return [{ path: 'acknowledgement.version', code: 'acknowledgement_version', message }];
}
