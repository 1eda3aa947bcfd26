import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import type { Reply } from '../../support/api.js';
import { formTokenOf } from '../../support/customer.js';
import { copyOf, Visitor } from './visitor.js';

describe('What the customer can pass on', () => {
  let visitor: Visitor;

  before(async function () {
    this.timeout(60_000);
    visitor = await Visitor.start();
  });
  after(() => visitor?.close());

  const get = (path: string): Promise<Reply> => visitor.api.call('GET', path);

  describe('the copy for reading', () => {
    it('shows the notice without a form, and nothing that the link could be made from', async () => {
      const { token } = await visitor.openWindow();
      const copy = copyOf((await visitor.open(token)).text);
      const shown = await get(`/n/copy/${copy}?lang=ru`);
      expect(shown.status).to.equal(200);
      expect(shown.text).to.include('<html lang="ru">').and.include('Копия для чтения').and.include('Evergreen Cloud Consulting, Inc.');
      expect(shown.text).to.not.match(/<form|formToken|<button/);
      expect(shown.text).to.not.include(token);
      expect(shown.headers.get('cache-control')).to.equal('no-store');
      expect(shown.headers.get('referrer-policy')).to.equal('no-referrer');
    });

    it('follows the claim: after an answer it shows what was answered', async () => {
      const { claimId, token } = await visitor.openWindow();
      const page = (await visitor.open(token)).text;
      await visitor.send(token, [
        ['formToken', formTokenOf(page)],
        ['scope', 'all'],
      ]);
      await visitor.claims.drain(claimId);
      expect((await get(`/n/copy/${copyOf(page)}`)).text).to.include('<h1>Your organisation has refused this claim</h1>');
    });

    it('is the same 404 for every code that no valid link made, also once the link is void', async () => {
      const { claimId, token } = await visitor.openWindow();
      const copy = copyOf((await visitor.open(token)).text);
      const [recipientId, proof] = copy.split('.') as [string, string];
      const other = copyOf((await visitor.open((await visitor.openWindow()).token)).text).split('.')[1]!;
      const codes = ['x', token, recipientId, `${recipientId}.${other}`, `${randomUUID()}.${proof}`, `${recipientId}.${'я'.repeat(43)}`];
      const replies = await Promise.all(codes.map((code) => get(`/n/copy/${encodeURIComponent(code)}`)));
      expect((await get(`/n/copy/${copy}`)).status).to.equal(200);
      await visitor.database.source.query('UPDATE notice_recipients SET token_hash = NULL WHERE claim_id = $1', [claimId]);
      replies.push(await get(`/n/copy/${copy}`));
      expect(replies.map(({ status }) => status)).to.deep.equal(Array(codes.length + 1).fill(404));
      expect(new Set(replies.map(({ text }) => text)).size).to.equal(1);
    });
  });

  describe('the calendar file', () => {
    it('holds the recorded deadline, in the language asked for, and no link', async () => {
      const { claimId, token } = await visitor.openWindow();
      const page = (await visitor.open(token)).text;
      const file = await get(`/n/${token}/deadline.ics?lang=ru`);
      expect([file.status, file.headers.get('content-type')]).to.deep.equal([200, 'text/calendar; charset=utf-8']);
      expect(file.headers.get('content-disposition')).to.match(/^attachment; filename="CLM-\d+-deadline\.ics"/);
      const [row] = await visitor.database.source.query<{ closesAt: string }[]>(
        `SELECT state #>> '{notices,0,closesAt}' AS "closesAt" FROM claims WHERE claim_id = $1`,
        [claimId],
      );
      const stamp = `${row!.closesAt.slice(0, 19).replaceAll(/[-:]/g, '')}Z`;
      expect(file.text).to.include(`\r\nDTSTART:${stamp}\r\n`).and.include('Последний момент для отказа');
      const joined = file.text.replaceAll('\r\n ', '');
      expect(joined).to.not.include(token).and.not.include('/n/');
      expect(joined).to.match(/\r\nTRIGGER:-P\d+DT\d+H\d+M\d+S\r\n/);
      // The copy leads to the same entry.
      const ofCopy = await get(`/n/copy/${copyOf(page)}/deadline.ics?lang=ru`);
      const withoutStamp = (text: string) => text.replace(/DTSTAMP:.*/, '');
      expect(withoutStamp(ofCopy.text)).to.equal(withoutStamp(file.text));
    });

    it('does not exist for a settled claim or an unknown link', async () => {
      const { claimId, token } = await visitor.openWindow();
      await visitor.send(token, [
        ['formToken', formTokenOf((await visitor.open(token)).text)],
        ['scope', 'all'],
      ]);
      await visitor.claims.drain(claimId);
      for (const path of [`/n/${token}/deadline.ics`, '/n/unknown/deadline.ics', '/n/copy/unknown/deadline.ics'])
        expect((await get(path)).status, path).to.equal(404);
    });
  });
});
