import { expect } from 'chai';
import { randomUUID } from 'node:crypto';
import { samplePolicy } from '#libs/programmes/index.js';
import { completeClaim, type Reply, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { bringBack, createTestDatabase, takeDown, type TestDatabase } from '../../support/database.js';
import { LinkLimit } from '../../../apps/api/src/customer-page/link-limit.js';
import { ClaimMaker, type NotifiedClaim } from '../../support/notified-claim.js';

/** Commands alone take the claim to its open window; Temporal and the worker are down throughout. */
describe("the customer's page over HTTP while Temporal is down", () => {
  let database: TestDatabase;
  let api: TestApi;
  let claims: ClaimMaker;
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    claims = new ClaimMaker(database, api);
    tenants = await addTenants(database.source, 20);
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  /** A claim of two lines whose customer was notified, and the token of the contact's link. */
  function inWindow(programme = 'sample'): Promise<NotifiedClaim> {
    const lines = [
      { product: 'teams', activities: ['usage'] },
      { product: 'exchange', activities: ['usage'] },
    ];
    return claims.notified(tenants.pop()!, { programme, lines });
  }

  const open = (token: string, query = '') => api.call('GET', `/n/${token}${query}`);
  const formTokenOf = ({ text }: Reply): string => /name="formToken" value="([^"]+)"/.exec(text)?.[1] ?? '';
  const send = (token: string, fields: [string, string][], query = '') =>
    api.call('POST', `/n/${token}${query}`, { body: new URLSearchParams(fields), key: null });
  const answersOf = (claimId: string) =>
    database.source.query<{ body: object }[]>("SELECT body, received_at FROM claim_commands WHERE claim_id = $1 AND type = 'optOut'", [
      claimId,
    ]);
  const versionOf = async (claimId: string) =>
    (await database.source.query<[{ version: number }]>('SELECT version FROM claims WHERE claim_id = $1', [claimId]))[0].version;

  it('shows who claims what, and never changes anything when opened', async () => {
    const { claimId, token } = await inWindow();
    const before = await versionOf(claimId);
    const shown = [await open(token), await api.call('HEAD', `/n/${token}`), await open(token)];
    expect(shown.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(shown[0]!.text).to.include('Evergreen Cloud Consulting, Inc.').and.include('Teams').and.include('Exchange');
    expect(shown[0]!.headers.get('referrer-policy')).to.equal('no-referrer');
    expect(shown[0]!.headers.get('cache-control')).to.equal('no-store');
    expect(shown[0]!.headers.get('set-cookie')).to.equal(null);
    expect([await versionOf(claimId), await answersOf(claimId)]).to.deep.equal([before, []]);
  });

  it('stores a refusal at once and shows its receipt at the same link, before and after it is executed', async () => {
    const { claimId, token } = await inWindow();
    const formToken = formTokenOf(await open(token));
    const startedAt = performance.now();
    const sent = await send(token, [
      ['formToken', formToken],
      ['line', '1'],
      ['reason', 'Nobody knows them.'],
      ['scope', 'selected'],
    ]);
    expect([sent.status, sent.headers.get('location')]).to.deep.equal([303, `/n/${token}`]);
    expect(performance.now() - startedAt).to.be.below(1_000);
    const recorded = await open(token);
    expect(recorded.text).to.include('Your answer is recorded');
    await claims.drain(claimId);
    const carriedOut = await open(token);
    expect(carriedOut.text).to.include('Your refusal is recorded').and.include('name="formToken"');
    const phases = await database.source.query<{ phase: string }[]>('SELECT phase FROM claim_lines WHERE claim_id = $1 ORDER BY line', [
      claimId,
    ]);
    expect(phases.map(({ phase }) => phase)).to.deep.equal(['rejected', 'consent_pending']);
    const [{ body }] = (await answersOf(claimId)) as [{ body: object }];
    expect(JSON.stringify(body)).not.to.include('Nobody');
  });

  it('counts a double click as one answer', async () => {
    const { claimId, token } = await inWindow();
    const fields: [string, string][] = [
      ['formToken', formTokenOf(await open(token))],
      ['scope', 'all'],
    ];
    const replies = await Promise.all([send(token, fields), send(token, fields)]);
    expect(replies.map(({ status }) => status)).to.deep.equal([303, 303]);
    expect(await answersOf(claimId)).to.have.length(1);
    await claims.drain(claimId);
    expect((await send(token, fields)).status).to.equal(303);
    expect(await answersOf(claimId)).to.have.length(1);
  });

  it('keeps what was entered when something is missing', async () => {
    const { claimId, token } = await inWindow();
    const formToken = formTokenOf(await open(token));
    const nothing = await send(token, [
      ['formToken', formToken],
      ['reason', 'Because <b>.'],
      ['scope', 'selected'],
    ]);
    expect(nothing.status).to.equal(422);
    expect(nothing.text).to.include('role="alert"').and.include('Because &lt;b&gt;.');
    const long = await send(token, [
      ['formToken', formToken],
      ['line', '1'],
      ['reason', 'x'.repeat(1001)],
      ['scope', 'selected'],
    ]);
    expect(long.status).to.equal(422);
    const forged = await send(token, [
      ['formToken', 'guess'],
      ['line', '1'],
      ['scope', 'selected'],
    ]);
    expect(forged.status).to.equal(422);
    expect(await answersOf(claimId)).to.deep.equal([]);
  });

  it('never takes an unclear form for a refusal, and says what to choose', async () => {
    const { claimId, token } = await inWindow();
    const formToken = formTokenOf(await open(token));
    const words: [string, string] = ['reason', 'Because.'];
    for (const [fields, said] of [
      [[['line', '1']], 'does not say what to do'],
      [
        [
          ['line', '1'],
          ['scope', 'refuse'],
        ],
        'does not say what to do',
      ],
      [
        [
          ['line', '1'],
          ['scope', ''],
        ],
        'does not say what to do',
      ],
      [
        [
          ['line', '1'],
          ['scope', 'selected'],
          ['scope', 'accept'],
        ],
        'did not arrive correctly',
      ],
      [
        [
          ['line', '99'],
          ['scope', 'selected'],
        ],
        'names a product that is not on this page',
      ],
      [
        [
          ['line', '1'],
          ['line', '99'],
          ['scope', 'selected'],
        ],
        'names a product that is not on this page',
      ],
      [
        [
          ['line', '99'],
          ['scope', 'all'],
        ],
        'names a product that is not on this page',
      ],
      [
        [
          ['line', 'teams'],
          ['scope', 'selected'],
        ],
        'did not arrive correctly',
      ],
      [
        [
          ['line', '1'],
          ['scope', 'selected'],
          ['block', 'no'],
        ],
        'did not arrive correctly',
      ],
      [
        [
          ['line', '1'],
          ['scope', 'selected'],
          ['reason', 'And.'],
        ],
        'did not arrive correctly',
      ],
    ] as [[string, string][], string][]) {
      const reply = await send(token, [['formToken', formToken], words, ...fields]);
      expect([reply.status, reply.text.includes('role="alert"'), reply.text.includes(said)], JSON.stringify(fields)).to.deep.equal([
        422,
        true,
        true,
      ]);
    }
    const commands = await database.source.query("SELECT FROM claim_commands WHERE claim_id = $1 AND type IN ('optOut', 'acceptClaim')", [
      claimId,
    ]);
    expect(commands).to.deep.equal([]);
    const twice: [string, string][] = [
      ['formToken', formToken],
      ['line', '1'],
      ['line', '1'],
      ['scope', 'selected'],
    ];
    expect((await send(token, twice)).status).to.equal(303);
  });

  it('takes no reason with an acceptance, and keeps the text for a refusal', async () => {
    const { claimId, token } = await inWindow();
    const fields: [string, string][] = [
      ['formToken', formTokenOf(await open(token))],
      ['line', '1'],
      ['reason', 'They do good work.'],
    ];
    const refused = await send(token, [...fields, ['scope', 'accept']]);
    expect([refused.status, refused.text.includes('which is not possible with an acceptance.')]).to.deep.equal([422, true]);
    expect(refused.text).to.include('They do good work.</textarea>');
    const accepted = await database.source.query("SELECT FROM claim_commands WHERE claim_id = $1 AND type = 'acceptClaim'", [claimId]);
    expect(accepted).to.deep.equal([]);
    expect((await send(token, [...fields, ['scope', 'selected']])).status).to.equal(303);
    const [{ body }] = (await answersOf(claimId)) as [{ body: { textId: string } }];
    const words = await database.source.query('SELECT content FROM personal_data WHERE person_id = $1', [body.textId]);
    expect(words).to.deep.equal([{ content: { text: 'They do good work.' } }]);
  });

  it('is available in English and Russian', async () => {
    const { token } = await inWindow();
    const russian = await open(token, '?lang=ru');
    expect(russian.text).to.include('<html lang="ru">');
    const fields: [string, string][] = [
      ['formToken', formTokenOf(russian)],
      ['line', '1'],
      ['scope', 'selected'],
    ];
    expect((await send(token, fields, '?lang=ru')).headers.get('location')).to.equal(`/n/${token}?lang=ru`);
  });

  it('reveals nothing without a valid link', async () => {
    const replies = [await open('no-such-link'), await open(randomUUID()), await send('no-such-link', [['scope', 'all']])];
    expect(replies.map(({ status }) => status)).to.deep.equal([404, 404, 404]);
    expect(new Set(replies.map(({ text }) => text)).size).to.equal(1);
  });

  it('asks the customer to try again while the database is down, and never claims to have recorded an answer', async function () {
    this.timeout(40_000);
    const { claimId, token } = await inWindow();
    const fields: [string, string][] = [
      ['formToken', formTokenOf(await open(token))],
      ['scope', 'all'],
    ];
    await takeDown(database);
    try {
      const [shown, sent] = [await open(token), await send(token, fields)];
      expect([shown.status, sent.status]).to.deep.equal([503, 503]);
      expect(sent.text).to.include('not recorded');
    } finally {
      await bringBack(database);
    }
    expect((await send(token, fields)).status).to.equal(303);
    expect(await answersOf(claimId)).to.have.length(1);
  });

  describe('under heavy use', () => {
    let ms = 0;
    beforeEach(() => {
      api.app.get(LinkLimit).now = () => ms;
    });
    afterEach(() => {
      api.app.get(LinkLimit).now = () => performance.now();
    });
    const statuses = async (count: number, once: () => Promise<Reply>) =>
      (await Promise.all(Array.from({ length: count }, once))).map(({ status }) => status);

    it('is shown sixty times a minute, and then still takes an answer', async () => {
      const { claimId, token } = await inWindow();
      const formToken = formTokenOf(await open(token));
      expect(await statuses(59, () => open(token))).to.deep.equal(Array(59).fill(200));
      const refused = await open(token);
      expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([429, '1']);
      expect(await statuses(61, () => send(token, [['scope', 'all']]))).to.include(429);
      const fields: [string, string][] = [
        ['formToken', formToken],
        ['scope', 'all'],
      ];
      expect((await send(token, fields)).status).to.equal(303);
      expect(await answersOf(claimId)).to.have.length(1);
      ms += 1_000;
      expect((await open(token)).status).to.equal(200);
    });

    it('keeps its allowance during a flood of requests to other links', async () => {
      const token = randomUUID();
      expect(await statuses(61, () => open(token))).to.have.members([...Array(60).fill(404), 429]);
      expect(await statuses(100, () => open(randomUUID()))).to.deep.equal(Array(100).fill(404));
      expect((await open((await inWindow()).token)).status).to.equal(200);
      expect((await open(token)).status).to.equal(429);
    });
  });

  it('is not the only way in: an administrator of the tenant reads the history from the first notice on', async () => {
    const { claimId } = await inWindow();
    const [claim] = await database.source.query<{ tenant_id: string }[]>('SELECT tenant_id FROM claims WHERE claim_id = $1', [claimId]);
    const admin = await api.token('tenant_admin', { tenant: claim!.tenant_id });
    const { status, body } = await api.call('GET', `/v1/claims/${claimId}/history?language=ru`, { token: admin });
    expect(status, JSON.stringify(body)).to.equal(200);
    const items = body['items'] as { type: string; title: string; data: object; by: { subject: string | null } }[];
    expect([status, items.map(({ type }) => type)]).to.deep.equal([200, ['NoticeRequested', 'NoticeAccepted']]);
    expect(items.every(({ title, data }) => /[а-я]/.test(title) && Object.keys(data).length === 0)).to.equal(true);
    const pending = await api.call('GET', `/v1/tenants/${claim!.tenant_id}/pending-claims`, { token: admin });
    const [waiting] = pending.body['items'] as { claimId: string; consent: string; closesAt: string; lines: { product: string }[] }[];
    expect(waiting).to.deep.include({ claimId, consent: 'opt_out', partnerId: '1240371' });
    expect([waiting!.lines.map(({ product }) => product), waiting!.closesAt > new Date().toISOString()]).to.deep.equal([
      ['Teams', 'Exchange'],
      true,
    ]);

    const untold = await api.call('POST', '/v1/claims', { token: await api.token('claim_admin'), body: completeClaim() });
    const { claimId: draftId } = untold.body as { claimId: string };
    const early = await api.call('GET', `/v1/claims/${draftId}/history`, { token: await api.token('tenant_admin') });
    expect([untold.status, early.status]).to.deep.equal([201, 404]);
    const stranger = await api.token('tenant_admin', { tenant: randomUUID() });
    expect((await api.call('GET', `/v1/claims/${claimId}/history`, { token: stranger })).status).to.equal(404);
  });

  describe('showing evidence', () => {
    const fileLink = ({ text }: Reply) => /href="[^"]*(\/n\/[^"]+\/evidence\/[^"]+)"/.exec(text)?.[1];

    it('serves the files as attachments to the holder of the link, if the programme allows it', async () => {
      const body = { ...samplePolicy, name: 'open', evidence: { ...samplePolicy.evidence, customerSees: 'full' } };
      await database.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('open', 1, '2025-01-01', $1)`, [
        body,
      ]);
      const { claimId, token } = await inWindow('open');
      const link = fileLink(await open(token));
      const [file] = await database.source.query<{ id: string; size: number }[]>(
        'SELECT id, size_bytes AS size FROM evidence_files WHERE claim_id = $1',
        [claimId],
      );
      expect(link).to.equal(`/n/${token}/evidence/${file!.id}`);
      const got = await api.call('GET', link!);
      expect([got.status, Number(got.headers.get('content-length'))]).to.deep.equal([200, Number(file!.size)]);
      expect(got.headers.get('content-disposition')).to.match(/^attachment/);
      expect(got.headers.get('x-content-type-options')).to.equal('nosniff');
      for (const other of [randomUUID(), 'nothing']) expect((await api.call('GET', `/n/${token}/evidence/${other}`)).status).to.equal(404);
      const foreign = await inWindow('open');
      expect((await api.call('GET', `/n/${foreign.token}/evidence/${file!.id}`)).status).to.equal(404);
    });

    it('lists current evidence only, not superseded files', async () => {
      const { claimId, token } = await inWindow();
      const [file] = await database.source.query<{ name: string }[]>('SELECT file_name AS name FROM evidence_files WHERE claim_id = $1', [
        claimId,
      ]);
      expect((await open(token)).text).to.include(file!.name);
      await database.source.query('UPDATE evidence_files SET superseded_by = id WHERE claim_id = $1', [claimId]);
      expect((await open(token)).text).not.to.include(file!.name);
    });

    it('shows names and dates only, if the programme does not allow more', async () => {
      const { claimId, token } = await inWindow();
      expect(fileLink(await open(token))).to.equal(undefined);
      const [file] = await database.source.query<{ id: string }[]>('SELECT id FROM evidence_files WHERE claim_id = $1', [claimId]);
      expect((await open(`${token}/evidence/${file!.id}`)).status).to.equal(404);
    });
  });
});
