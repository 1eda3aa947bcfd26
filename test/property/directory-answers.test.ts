import { expect } from 'chai';
import fc from 'fast-check';
import { readAnswer } from '#libs/directory/http/read-answer.js';
import { evidenceOf } from '#libs/inbox/directory-look-up.js';
import { facts, question, subscriptionId, tenantId } from '../support/directory-answer.js';

const hostileText = fc.oneof(
  fc.constantFrom(
    '',
    ' ',
    '\0',
    '\ud800',
    'a\udfff',
    'Contoso\0',
    '\u202eosotnoC',
    'x'.repeat(300),
    '😀'.repeat(150),
    'тест@пример.рф',
    '{}',
    '__proto__',
  ),
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ maxLength: 20 }).map((text) => `${text}\ud83d`),
);
const hostile: fc.Arbitrary<unknown> = fc.oneof(
  hostileText,
  fc.constantFrom(null, undefined, true, 0, -1, 1e300, [], {}, [[]], [null], { kind: 'subscription' }),
  fc.array(hostileText, { maxLength: 3 }),
  fc.anything({ withNullPrototype: true, maxDepth: 2 }),
);

/** Returns the path of every value in an answer. */
function placesOf(value: unknown, path: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, inner]) => placesOf(inner, [...path, key]))];
}

function replaced(value: unknown, [key, ...rest]: string[], by: unknown): unknown {
  if (key === undefined) return by;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Record<string, unknown>;
  copy[key] = replaced(copy[key], rest, by);
  return copy;
}

/** Returns what a JSON parser could have produced. */
const asJson = (value: unknown): unknown => {
  try {
    return JSON.parse(JSON.stringify(value) ?? 'null') as unknown;
  } catch {
    return null;
  }
};

const spoilt = fc
  .array(fc.tuple(fc.constantFrom(...placesOf(facts)), hostile), { minLength: 1, maxLength: 4 })
  .map((faults) => asJson(faults.reduce<unknown>((answer, [path, by]) => replaced(answer, path, by), facts)));

/** Whether PostgreSQL's jsonb accepts the value: every text is well-formed and free of NUL. */
const isStorable = (value: unknown): boolean =>
  JSON.stringify(value).toWellFormed() === JSON.stringify(value) &&
  !/\\u(0000|d[89a-f])/i.test(JSON.stringify(value).replaceAll('\\\\', ''));

describe('any answer from a directory', () => {
  it('becomes storable facts, or a named fault of the record it is about', () => {
    fc.assert(
      fc.property(fc.oneof(spoilt, hostile.map(asJson)), (body) => {
        const answer = readAnswer(body, question);
        const { facts, personal } = evidenceOf(answer, answer.askedAt, 'f2c598cc-6311-4d6d-8a0b-d181cbdebf5d');
        expect(isStorable(facts), 'facts').to.equal(true);
        expect(isStorable(personal), 'people').to.equal(true);
        expect(facts.tenant === null || facts.tenant.tenantId === tenantId).to.equal(true);
        const isNamed = (record: string) => facts.unusable?.some((unusable) => unusable.record === record && unusable.why !== '') === true;
        const answered = (body ?? {}) as Record<string, unknown>;
        if (facts.location === null) expect(isNamed('location') || answered['location'] === null, 'location').to.equal(true);
        if (facts.tenant === null) expect(isNamed('tenant') || answered['tenant'] === null, 'tenant').to.equal(true);
        if (!Object.hasOwn(facts.identifiers, subscriptionId)) expect(isNamed('identifier'), 'identifier').to.equal(true);
        for (const { content } of personal) expect(String(content['email'])).to.match(/^[^\s@]+@[^\s@]+$/u);
      }),
      { numRuns: 3_000 },
    );
  });
});
