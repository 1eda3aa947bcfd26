import { randomInt } from 'node:crypto';
import { expect } from 'chai';
import { completeClaim, draftClaim, type Json, type Reply, somePdf, startTestApi, type TestApi } from '../../support/api.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { blueHeron, northwind } from '../../support/sample-directory.js';

const writers = 4;
const steps = 30;

/** A generator of numbers that a seed determines (mulberry32). */
function numbersOf(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** The fields that follow from the instant of reading or from other claims, and so change without a change of the claim. */
function lasting(claim: Json): Json {
  const { allowedActions: _offered, ...kept } = claim;
  return { ...kept, lines: (claim['lines'] as Json[]).map(({ competition: _others, ...line }) => line) };
}

describe('A copy of an installation', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let api: TestApi;
  let tokens: Record<'partner' | 'reviewer' | 'second' | 'customer', string>;

  before(async () => {
    database = await createTestDatabase({ poolSize: 20 });
    api = await startTestApi({ database });
    tokens = {
      partner: await api.token('claim_admin'),
      reviewer: await api.token('reviewer', { subject: 'first-reviewer' }),
      second: await api.token('vendor_admin', { subject: 'second-reviewer' }),
      customer: await api.token('tenant_admin'),
    };
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const get = async (path: string): Promise<Json> => {
    const reply = await api.call('GET', path, { token: tokens.second });
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };
  const read = async (claimId: string): Promise<Json> => lasting(await get(`/v1/claims/${claimId}`));

  const moveClock = (hours: number) =>
    database.source.query(
      `INSERT INTO sandbox_clock (ahead) VALUES (make_interval(hours => $1))
       ON CONFLICT (only_row) DO UPDATE SET ahead = sandbox_clock.ahead + excluded.ahead`,
      [hours],
    );

  /** Copies by the list of what changed after the last copy. */
  class DeltaCopy {
    readonly claims = new Map<string, Json>();
    private asOf: string | null = null;

    async sync(): Promise<void> {
      let cursor: string | null = null;
      let asOf: string | null = null;
      do {
        const query = new URLSearchParams({
          limit: '7',
          sort: 'updatedAt',
          ...(this.asOf && { updatedAfter: this.asOf }),
          ...(cursor && { cursor }),
        });
        const page = await get(`/v1/claims?${query.toString()}`);
        asOf ??= page['asOf'] as string;
        for (const { claimId } of page['items'] as Json[]) this.claims.set(claimId as string, await read(claimId as string));
        cursor = page['next'] as string | null;
      } while (cursor !== null);
      this.asOf = asOf;
    }
  }

  /** Copies by the feed: reads each claim that an event names. */
  class FeedCopy {
    readonly claims = new Map<string, Json>();
    private after: string | null = null;

    async sync(): Promise<void> {
      for (let hasMore = true; hasMore; ) {
        const page = await get(`/v1/events?limit=9${this.after === null ? '' : `&after=${this.after}`}`);
        for (const claimId of new Set((page['items'] as Json[]).map((event) => event['claimId'] as string)))
          this.claims.set(claimId, await read(claimId));
        this.after = page['next'] as string;
        hasMore = page['hasMore'] as boolean;
      }
    }
  }

  async function step(pick: (below: number) => number, claims: string[]): Promise<Reply | Json> {
    const claimId = claims[pick(claims.length)];
    const act = pick(10);
    if (claimId === undefined || act === 0) {
      const customer = [northwind, blueHeron][pick(2)]!;
      const made = await draftClaim(api, tokens.partner, { ...customer, name: `Claim ${claims.length}`, lines: linesOf(pick) });
      claims.push(made['claimId'] as string);
      return made;
    }
    if (act === 9) return moveClock(1 + pick(20));
    const headers = { 'If-Match': '*' };
    const send = (token: string, path: string, body: Json) => api.call('POST', `/v1/claims/${claimId}/${path}`, { token, body, headers });
    switch (act) {
      case 1:
        return api.call('PATCH', `/v1/claims/${claimId}`, {
          token: tokens.partner,
          body: { name: `Name ${pick(1_000)}`, tags: [`t${pick(5)}`] },
          headers,
        });
      case 2:
      case 3:
        return send(tokens.partner, 'submissions', {});
      case 4:
        return send(tokens.reviewer, 'decisions', { outcome: 'approve' });
      case 5:
        return send(tokens.reviewer, 'decisions', { outcome: 'reject', reason: 'evidence_insufficient', comment: 'Another tenant.' });
      case 6:
        return send(tokens.customer, 'opt-outs', { reason: 'Not our partner.' });
      case 7:
        return send(
          tokens.partner,
          pick(3) === 0 ? 'withdrawals' : 'comments',
          pick(2) === 0 ? { text: 'A note.' } : { comment: 'Postponed.' },
        );
      default: {
        const form = new FormData();
        form.set('file', new Blob([new Uint8Array(somePdf())], { type: 'application/pdf' }), 'more.pdf');
        return api.call('POST', `/v1/claims/${claimId}/evidence`, { token: tokens.partner, body: form });
      }
    }
  }

  const linesOf = (pick: (below: number) => number) => [{ product: ['teams', 'exchange', 'sharepoint'][pick(3)], activities: ['usage'] }];

  it('that was made while it was written to equals it, by the changed claims and by the feed', async () => {
    const seed = Number(process.env['COPIES_SEED'] ?? randomInt(1_000_000));
    const context = `To repeat: COPIES_SEED=${seed}`;
    const claims: string[] = [];
    const copies = [new DeltaCopy(), new FeedCopy()];
    let isWriting = true;
    const answers: Record<number, number> = {};
    const write = async (writer: number) => {
      const pick = numbersOf(seed + writer);
      for (let count = 0; count < steps; count++) {
        const { status } = (await step(pick, claims)) as Reply;
        if (status !== undefined) answers[status] = (answers[status] ?? 0) + 1;
        if (status >= 500) throw new Error(`A step was answered with ${status}. ${context}`);
      }
    };
    const follow = async (copy: DeltaCopy | FeedCopy) => {
      while (isWriting) await copy.sync();
    };
    const following = copies.map(follow);
    try {
      await Promise.all(Array.from({ length: writers }, (_, writer) => write(writer)));
    } finally {
      isWriting = false;
      await Promise.all(following);
    }
    for (const copy of copies) await copy.sync();
    const truth = new Map<string, Json>();
    for (const claimId of claims) truth.set(claimId, await read(claimId));
    expect(answers[200], context).to.be.above(steps / 2);
    for (const copy of copies) {
      expect([...copy.claims.keys()].sort(), context).to.deep.equal([...truth.keys()].sort());
      for (const [claimId, claim] of truth) expect(copy.claims.get(claimId), `${copy.constructor.name} ${context}`).to.deep.equal(claim);
    }
  });

  it('by the changed claims has what a transaction commits after the clock was moved', async () => {
    const { claimId } = await draftClaim(api, tokens.partner, completeClaim());
    const slow = database.source.createQueryRunner();
    const copy = new DeltaCopy();
    try {
      await slow.startTransaction();
      await slow.query(`UPDATE claims SET updated_at = cpor_now(), name = 'Slow' WHERE claim_id = $1`, [claimId]);
      await moveClock(48);
      await copy.sync();
      await slow.commitTransaction();
    } finally {
      await slow.release();
    }
    const page = await get(`/v1/claims?updatedAfter=${(copy as unknown as { asOf: string }).asOf}&limit=100`);
    expect((page['items'] as Json[]).map((claim) => claim['claimId'])).to.include(claimId);
  });
});
