import { randomBytes, randomUUID } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { hashToken } from '#libs/notices/index.js';
import { percentile } from '../../bench/measure.js';
import type { Reply } from '../../support/api.js';
import { formTokenOf } from '../../support/customer.js';
import { extent } from '../../support/extent.js';
import type { NotifiedClaim } from '../../support/notified-claim.js';
import { copyOf, Visitor } from '../customer-page/visitor.js';

const guesses = extent(1_000, 10_000);
const atOnce = 20;

describe('Guesses at customers’ links', () => {
  let visitor: Visitor;
  let own: NotifiedClaim;

  before(async function () {
    this.timeout(60_000);
    visitor = await Visitor.start();
    own = await visitor.openWindow();
  });
  after(() => visitor?.close());

  /** All that a guesser can compare; the id and the date differ in any two answers. */
  const seen = ({ status, text, headers }: Reply) => ({
    status,
    text,
    headers: [...headers].filter(([name]) => !['request-id', 'date'].includes(name)),
  });

  /** A link from this one that a guesser could have seen a part of. */
  const nearMisses = (token: string, copy: string): fc.Arbitrary<string> =>
    fc.oneof(
      fc.nat(token.length - 1).map((at) => `${token.slice(0, at)}${token[at] === '0' ? '1' : '0'}${token.slice(at + 1)}`),
      fc.nat(token.length - 1).map((at) => token.slice(0, at + 1).padEnd(at + 2, '-')),
      fc.constantFrom(
        token.toUpperCase(),
        `${token}0`,
        `0${token}`,
        token.slice(1),
        hashToken(token).toString('hex'),
        copy,
        copy.slice(0, 20),
      ),
    );
  const strangers = fc.oneof(
    fc.constant(null).map(() => randomBytes(32).toString('base64url')),
    fc.constant(null).map(() => randomUUID()),
    fc.string({ unit: fc.constantFrom(...'abcXYZ019-_.~'), minLength: 1, maxLength: 60 }),
    fc.constantFrom('admin', 'null', 'undefined', "'%20OR%201=1--", '%252e%252e'),
  );

  it(`get the same answer ${guesses.toLocaleString('en')} times, however close they come, and the true link still works`, async function () {
    this.timeout(600_000);
    const copy = copyOf((await visitor.open(own.token)).text);
    const expected = seen(await visitor.open(randomUUID()));
    expect([expected.status, expected.text.includes('<form')]).to.deep.equal([404, false]);
    // Each link has an allowance of its own, so a guess is never sent twice.
    const near = new Set(fc.sample(nearMisses(own.token, copy), guesses / 2));
    near.delete(own.token);
    const far = new Set(fc.sample(strangers, guesses - near.size).filter((guess) => !/^\.+$/.test(guess)));
    const times: Record<'near' | 'far', number[]> = { near: [], far: [] };
    const waiting = [...[...near].map((guess) => ['near', guess] as const), ...[...far].map((guess) => ['far', guess] as const)];
    const work = async () => {
      for (let next = waiting.pop(); next; next = waiting.pop()) {
        const [kind, guess] = next;
        const began = performance.now();
        const reply = await visitor.open(guess);
        times[kind].push(performance.now() - began);
        expect(seen(reply), guess).to.deep.equal(expected);
      }
    };
    await Promise.all(Array.from({ length: atOnce }, work));
    if (extent(false, true)) {
      const shown = (kind: 'near' | 'far') =>
        `${kind} ${[0.5, 0.95].map((share) => percentile(times[kind], share).toFixed(1)).join(' / ')} ms`;
      console.log(`      p50 / p95 of guesses: ${shown('near')}, ${shown('far')}`);
    }
    const page = await visitor.open(own.token);
    expect(page.status).to.equal(200);
    const answer = await visitor.send(own.token, [
      ['formToken', formTokenOf(page.text)],
      ['scope', 'all'],
    ]);
    expect(answer.status).to.equal(303);
  });

  it('are limited like uses of a true link: by the same number, with the same answer', async () => {
    const { token } = await visitor.openWindow();
    const limited = async (link: string) => {
      const replies = await Promise.all(Array.from({ length: 80 }, () => visitor.open(link)));
      const refused = replies.filter(({ status }) => status === 429);
      expect(refused.length).to.be.greaterThan(0);
      return seen(refused[0]!);
    };
    expect(await limited(token)).to.deep.equal(await limited(randomUUID()));
  });

  it('with answers are told the same as those without, and store nothing', async () => {
    const fields: [string, string][] = [
      ['formToken', randomBytes(32).toString('base64url')],
      ['scope', 'all'],
    ];
    const commands = () => visitor.database.source.query<[{ count: string }]>('SELECT count(*) FROM claim_commands');
    const before = await commands();
    for (const guess of [randomUUID(), `${own.token}0`, own.claimId, own.noticeId]) {
      const reply = await visitor.send(guess, fields);
      expect([reply.status, reply.text]).to.deep.equal([404, (await visitor.open(randomUUID())).text]);
    }
    expect(await commands()).to.deep.equal(before);
  });
});
