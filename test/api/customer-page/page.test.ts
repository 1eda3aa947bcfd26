import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { samplePolicy } from '#libs/programmes/index.js';
import { LinkLimit } from '../../../apps/api/src/limits/link-limit.js';
import type { Reply } from '../../support/api.js';
import { formTokenOf } from '../../support/customer.js';
import { type Field, Visitor } from './visitor.js';

describe("The customer's page", () => {
  let visitor: Visitor;

  before(async function () {
    this.timeout(60_000);
    visitor = await Visitor.start();
  });
  after(() => visitor?.close());

  const versionOf = async (claimId: string) =>
    (await visitor.database.source.query<[{ version: number }]>('SELECT version FROM claims WHERE claim_id = $1', [claimId]))[0].version;

  it('shows who claims what, and opening it changes nothing', async () => {
    const { claimId, token } = await visitor.openWindow();
    const before = await versionOf(claimId);
    const shown = [await visitor.open(token), await visitor.api.call('HEAD', `/n/${token}`), await visitor.open(token)];
    expect(shown.map(({ status }) => status)).to.deep.equal([200, 200, 200]);
    expect(shown[0]!.text).to.include('Evergreen Cloud Consulting, Inc.').and.include('Teams').and.include('Exchange');
    expect(shown[0]!.headers.get('referrer-policy')).to.equal('no-referrer');
    expect(shown[0]!.headers.get('cache-control')).to.equal('no-store');
    expect(shown[0]!.headers.get('set-cookie')).to.equal(null);
    expect([await versionOf(claimId), await visitor.refusalsOf(claimId)]).to.deep.equal([before, []]);
  });

  it('is available in English and Russian', async () => {
    const { token } = await visitor.openWindow();
    const russian = await visitor.open(token, '?lang=ru');
    expect(russian.text).to.include('<html lang="ru">');
    const fields: Field[] = [
      ['formToken', formTokenOf(russian.text)],
      ['line', '1'],
      ['scope', 'selected'],
    ];
    expect((await visitor.send(token, fields, '?lang=ru')).headers.get('location')).to.equal(`/n/${token}?lang=ru`);
  });

  it('is the same 404 for every invalid link', async () => {
    const replies = [
      await visitor.open('no-such-link'),
      await visitor.open(randomUUID()),
      await visitor.send('no-such-link', [['scope', 'all']]),
    ];
    expect(replies.map(({ status }) => status)).to.deep.equal([404, 404, 404]);
    expect(new Set(replies.map(({ text }) => text)).size).to.equal(1);
  });

  describe('as the claim goes on', () => {
    /** Changes what is stored of a claim, as time or a newer notice would. */
    const change = (claimId: string, path: string, value: unknown) =>
      visitor.database.source.query('UPDATE claims SET state = jsonb_set(state, $2::text[], $3) WHERE claim_id = $1', [
        claimId,
        path,
        JSON.stringify(value),
      ]);

    it('says that the period is over as soon as its end has passed, settled or not, and then has no calendar file', async () => {
      const { claimId, token } = await visitor.openWindow();
      expect((await visitor.open(`${token}/deadline.ics`)).status).to.equal(200);
      await change(claimId, '{notices,0,closesAt}', '2020-01-01T00:00:00.000Z');
      expect((await visitor.open(token)).text)
        .to.include('<h1>The period for your answer is over</h1>')
        .and.not.include('deadline.ics');
      expect((await visitor.open(`${token}/deadline.ics`)).status).to.equal(404);
    });

    it('says that a newer notice about the claim went to other people', async () => {
      const { claimId, token } = await visitor.openWindow();
      expect((await visitor.open(token)).text).to.not.include('newer notice');
      await change(claimId, '{lines,0,noticeId}', randomUUID());
      expect((await visitor.open(token)).text).to.include('We have sent a newer notice about this claim');
    });
  });

  describe('with evidence', () => {
    const fileLink = ({ text }: Reply) => /href="[^"]*(\/n\/[^"]+\/evidence\/[^"]+)"/.exec(text)?.[1];

    it('serves the files as attachments if the programme allows it', async () => {
      const body = { ...samplePolicy, name: 'open', evidence: { ...samplePolicy.evidence, customerSees: 'full' } };
      await visitor.database.source.query(
        `INSERT INTO policies (name, version, effective_from, body) VALUES ('open', 1, '2025-01-01', $1)`,
        [body],
      );
      const { claimId, token } = await visitor.openWindow('open');
      const link = fileLink(await visitor.open(token));
      const [file] = await visitor.database.source.query<{ id: string; size: number }[]>(
        'SELECT id, size_bytes AS size FROM evidence_files WHERE claim_id = $1',
        [claimId],
      );
      expect(link).to.equal(`/n/${token}/evidence/${file!.id}`);
      const download = await visitor.api.call('GET', link!);
      expect([download.status, Number(download.headers.get('content-length'))]).to.deep.equal([200, Number(file!.size)]);
      expect(download.headers.get('content-disposition')).to.match(/^attachment/);
      expect(download.headers.get('x-content-type-options')).to.equal('nosniff');
      for (const id of [randomUUID(), 'nothing'])
        expect((await visitor.api.call('GET', `/n/${token}/evidence/${id}`)).status).to.equal(404);
      const foreign = await visitor.openWindow('open');
      expect((await visitor.api.call('GET', `/n/${foreign.token}/evidence/${file!.id}`)).status).to.equal(404);
    });

    it('lists current files but not superseded ones', async () => {
      const { claimId, token } = await visitor.openWindow();
      const [file] = await visitor.database.source.query<{ name: string }[]>(
        'SELECT file_name AS name FROM evidence_files WHERE claim_id = $1',
        [claimId],
      );
      expect((await visitor.open(token)).text).to.include(file!.name);
      await visitor.database.source.query('UPDATE evidence_files SET superseded_by = id WHERE claim_id = $1', [claimId]);
      expect((await visitor.open(token)).text).not.to.include(file!.name);
    });

    it('shows only names and dates if the programme does not allow more', async () => {
      const { claimId, token } = await visitor.openWindow();
      expect(fileLink(await visitor.open(token))).to.equal(undefined);
      const [file] = await visitor.database.source.query<{ id: string }[]>('SELECT id FROM evidence_files WHERE claim_id = $1', [claimId]);
      expect((await visitor.open(`${token}/evidence/${file!.id}`)).status).to.equal(404);
    });
  });

  describe('under heavy use', () => {
    let ms = 0;
    beforeEach(() => {
      visitor.api.app.get(LinkLimit).now = () => ms;
    });
    afterEach(() => {
      visitor.api.app.get(LinkLimit).now = () => performance.now();
    });
    const statuses = async (count: number, send: () => Promise<Reply>) =>
      (await Promise.all(Array.from({ length: count }, send))).map(({ status }) => status);

    it('opens sixty times a minute, and accepts an answer even after that', async () => {
      const { claimId, token } = await visitor.openWindow();
      const formToken = formTokenOf((await visitor.open(token)).text);
      expect(await statuses(59, () => visitor.open(token))).to.deep.equal(Array(59).fill(200));
      const refused = await visitor.open(token);
      expect([refused.status, refused.headers.get('retry-after')]).to.deep.equal([429, '1']);
      expect(await statuses(61, () => visitor.send(token, [['scope', 'all']]))).to.include(429);
      const fields: Field[] = [
        ['formToken', formToken],
        ['scope', 'all'],
      ];
      expect((await visitor.send(token, fields)).status).to.equal(303);
      expect(await visitor.refusalsOf(claimId)).to.have.length(1);
      ms += 1_000;
      expect((await visitor.open(token)).status).to.equal(200);
    });

    it('is not limited by requests for other links', async () => {
      const token = randomUUID();
      expect(await statuses(61, () => visitor.open(token))).to.have.members([...Array(60).fill(404), 429]);
      expect(await statuses(100, () => visitor.open(randomUUID()))).to.deep.equal(Array(100).fill(404));
      expect((await visitor.open((await visitor.openWindow()).token)).status).to.equal(200);
      expect((await visitor.open(token)).status).to.equal(429);
    });
  });
});
