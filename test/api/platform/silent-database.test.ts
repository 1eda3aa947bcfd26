import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { systemActor } from '#libs/claims/index.js';
import { hashToken } from '#libs/notices/index.js';
import { type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { FrozenProxy } from '../../support/frozen-proxy.js';
import { TestDirectory } from '../../support/worker.js';
import { waitFor } from '../../support/wait.js';

/** docs/explanation/limits.md promises 15 s; twice that on a machine that runs other tests. */
const promisedMs = 30_000;

describe('The API while its database host vanishes', function () {
  this.timeout(150_000);
  let database: TestDatabase;
  let proxy: FrozenProxy;
  let api: TestApi;
  let token: string;

  before(async () => {
    database = await createTestDatabase();
    proxy = await FrozenProxy.open({ port: Number(new URL(database.appUrl).port) });
    api = await startTestApi({ database: { appUrl: proxy.urlThrough(database.appUrl) } });
    token = await openWindow();
  });
  after(async () => {
    await api?.close();
    await proxy?.close();
    await database?.close();
  });

  /** Makes a claim whose consent window is open. Returns the token in the customer's link. */
  async function openWindow(): Promise<string> {
    const { source } = database;
    const [tenant] = await addTenants(source, 1);
    const claim = new TestClaim(
      { source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) },
      { tenant: tenant! },
    );
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    const [{ noticeId, recipients }] = (await claim.row()).state.notices as unknown as [
      { noticeId: string; recipients: { recipientId: string }[] },
    ];
    const acceptedAt = new Date().toISOString();
    const results = recipients.map(({ recipientId }) => ({ recipientId, outcome: 'accepted' as const, acceptedAt }));
    await claim.accept('recordNoticeDelivery', systemActor, { noticeId, results });
    await claim.execute();
    const secret = randomUUID();
    await source.query('UPDATE notice_recipients SET token_hash = $2 WHERE recipient_id = $1', [
      recipients[0]!.recipientId,
      hashToken(secret),
    ]);
    return secret;
  }

  const open = () => api.call('GET', `/n/${token}`);
  const formTokenOf = ({ text }: Reply): string => /name="formToken" value="([^"]+)"/.exec(text)?.[1] ?? '';

  /** Opens every connection of the pool. */
  async function useAllConnections(): Promise<void> {
    const reader = await api.token('reviewer');
    await Promise.all(Array.from({ length: 60 }, () => api.call('GET', '/v1/claims', { token: reader })));
  }

  async function untilStatus(status: number, send: () => Promise<Reply>): Promise<Reply> {
    let reply: Reply | undefined;
    await waitFor(`the answer ${status}`, async () => (reply = await send()).status === status, promisedMs);
    return reply!;
  }

  it('shows the customer’s page and stores a refusal as soon as another host has taken over', async () => {
    const formToken = formTokenOf(await open());
    await useAllConnections();
    expect(proxy.connections).to.be.greaterThan(5);
    proxy.freeze();
    const during = Array.from({ length: 10 }, () => open());
    proxy.takeOver();
    const beganAt = performance.now();
    await untilStatus(200, open);
    const fields = new URLSearchParams([
      ['formToken', formToken],
      ['scope', 'all'],
    ]);
    await untilStatus(303, () => api.call('POST', `/n/${token}`, { body: fields, key: null }));
    expect(performance.now() - beganAt).to.be.lessThan(promisedMs);
    for (const { status, headers } of await Promise.all(during)) {
      expect(status).to.be.oneOf([200, 503]);
      if (status === 503) expect(headers.get('retry-after')).not.to.equal(null);
    }
    const stored = await database.source.query("SELECT FROM claim_commands WHERE type = 'optOut'");
    expect(stored).to.have.length(1);
  });

  it('answers 503 while no host answers, and serves again when one does', async () => {
    const reader = await api.token('reviewer');
    const list = () => api.call('GET', '/v1/claims', { token: reader });
    expect((await list()).status).to.equal(200);
    proxy.freeze();
    const beganAt = performance.now();
    const replies = await Promise.all(Array.from({ length: 40 }, list));
    expect(performance.now() - beganAt).to.be.lessThan(promisedMs);
    for (const { status, headers } of replies) expect([status, headers.get('retry-after')]).to.deep.equal([503, '2']);
    expect((await api.call('GET', '/livez')).status).to.equal(200);
    proxy.takeOver();
    await untilStatus(200, list);
  });
});
