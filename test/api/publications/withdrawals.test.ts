import { expect } from 'chai';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { completeClaim, type Reply } from '../../support/api.js';
import { errorsOf, inDays, outcomeOf, programme, Publisher } from './publisher.js';

describe('Withdrawing a scheduled version', () => {
  let publisher: Publisher;

  before(async function () {
    this.timeout(60_000);
    publisher = await Publisher.start();
  });
  after(() => publisher?.close());

  const withdraw = (path: string, by = publisher.token) => publisher.api.call('DELETE', `/v1/programmes/${path}`, { token: by, key: null });
  const itemsOf = ({ body }: Reply) => body['items'] as Record<string, unknown>[];

  it('is final and recorded, and the earlier version stays in force', async () => {
    await publisher.put('programmes/hasty', programme());
    await publisher.put('programmes/hasty', { ...programme(), effectiveFrom: inDays(7), consent: 'opt_in' }, { 'if-match': '"1"' });
    const withdrawn = await withdraw('hasty/versions/2');
    expect(withdrawn.status).to.equal(200);
    expect(withdrawn.headers.get('etag')).to.match(/^"1\./);
    const [second, first] = itemsOf(withdrawn);
    expect(second).to.include({ version: 2, state: 'withdrawn', publishedBy: 'vera', withdrawnBy: 'vera' });
    expect(Math.abs(Date.parse(second!['withdrawnAt'] as string) - Date.now())).to.be.below(60_000);
    expect(first).to.include({ version: 1, state: 'in_force', withdrawnAt: null, withdrawnBy: null });
    const again = await withdraw('hasty/versions/2', await publisher.api.token('vendor_admin', { subject: 'vic' }));
    expect([again.status, itemsOf(again)[0]]).to.deep.equal([200, second]);

    const library = new ProgrammeLibrary(publisher.database.source);
    expect(await library.policyInForce('hasty', `${inDays(8)}T00:00:00.000Z`)).to.include({ version: 1 });
    expect((await publisher.get('programmes/hasty/versions/2')).body).to.include({ version: 2, consent: 'opt_in' });
    const partner = await publisher.api.call('GET', '/v1/programmes/hasty/versions', { token: await publisher.api.token('claim_user') });
    expect(itemsOf(partner)[0]).to.include({ state: 'withdrawn', publishedBy: null, withdrawnBy: null });
  });

  it('frees its effective date but never its version number', async () => {
    await publisher.put('programmes/again-later', programme());
    const scheduled = { ...programme(), effectiveFrom: inDays(7), consent: 'opt_in' };
    await publisher.put('programmes/again-later', scheduled, { 'if-match': '"1"' });
    await withdraw('again-later/versions/2');
    expect(outcomeOf(await publisher.put('programmes/again-later', scheduled, { 'if-match': '"2"' }))).to.deep.equal([
      412,
      'version_conflict',
      undefined,
    ]);
    const unseen = await publisher.put('programmes/again-later', scheduled);
    expect([unseen.status, unseen.body['detail']]).to.deep.equal([
      428,
      'Version 1 is published. Send If-Match: "1", or name version 3 in the document.',
    ]);
    expect(errorsOf(await publisher.put('programmes/again-later', { ...scheduled, version: 2 }))).to.deep.equal([
      ['/version', 'version_not_next'],
    ]);
    const sooner = await publisher.put('programmes/again-later', { ...scheduled, effectiveFrom: inDays(3) }, { 'if-match': '"1"' });
    expect(outcomeOf(sooner)).to.deep.equal([201, 'published', 3]);
  });

  it('is possible for the only version', async () => {
    const scheduled = { ...programme(), effectiveFrom: inDays(7) };
    await publisher.put('programmes/never', scheduled);
    const withdrawn = await withdraw('never/versions/1');
    expect(withdrawn.headers.get('etag')).to.match(/^"0\./);
    expect(outcomeOf(await publisher.put('programmes/never', scheduled))).to.deep.equal([201, 'published', 2]);
  });

  it('is refused once it is in force or a claim uses it, for other roles and for unknown versions', async () => {
    await publisher.put('programmes/firm', programme());
    await publisher.put('programmes/firm', { ...programme(), effectiveFrom: inDays(7) }, { 'if-match': '"1"' });
    expect(outcomeOf(await withdraw('firm/versions/1'))).to.deep.equal([409, 'version_in_force', undefined]);
    expect((await withdraw('firm/versions/2', await publisher.api.token('reviewer'))).status).to.equal(403);
    for (const path of ['firm/versions/3', 'nothing/versions/1']) expect((await withdraw(path)).status, path).to.equal(404);
    const made = await publisher.api.call('POST', '/v1/claims', { token: await publisher.api.token('claim_admin'), body: completeClaim() });
    await publisher.database.source.query(`UPDATE claims SET state = state || '{"policy": "firm@2"}' WHERE claim_id = $1`, [
      made.body['claimId'],
    ]);
    expect(outcomeOf(await withdraw('firm/versions/2'))).to.deep.equal([409, 'version_in_force', undefined]);
    const states = itemsOf(await publisher.get('programmes/firm/versions')).map(({ state }) => state);
    expect(states).to.deep.equal(['scheduled', 'in_force']);
  });
});
