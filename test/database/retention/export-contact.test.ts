import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { v7 as uuidV7 } from 'uuid';
import { type Access, recordAccesses, recordRefusal } from '#libs/access-log/index.js';
import { exportContact } from '#libs/retention/index.js';
import { customer } from '../../support/claims.js';
import { asSuperuser } from '../../support/database.js';
import { operator, retentionStage } from '../../support/retention-stage.js';

describe('the export of everything held about a person', () => {
  const stage = retentionStage();
  const { query, approved, deliver, official } = stage;

  it('contains every item regardless of their number, and earlier exports', async () => {
    const claim = await approved();
    await deliver(claim);
    const { noticeId, recipients } = (await claim.row()).state.notices[0]!;
    const { recipientId } = recipients.find(({ kind }) => kind === 'contact')!;
    const [own, foreign] = [randomUUID(), randomUUID()];
    const text = (personId: string, words: string) => ({ personId, kind: 'text' as const, content: { text: words } });
    await claim.accept('optOut', customer, { noticeId, recipientId, textId: own }, { personal: [text(own, 'Not with them.')] });
    await claim.accept(
      'addComment',
      claim.partner,
      { textId: foreign, visibility: 'shared' },
      { personal: [text(foreign, 'Ann Lee said no.')] },
    );
    await claim.execute();
    const exported = async () => {
      const pieces: string[] = [];
      for await (const piece of exportContact(stage.source, { email: claim.customerEmail.toUpperCase() }, operator)) pieces.push(piece);
      return (JSON.parse(pieces.join('')) as { items: Record<string, unknown>[] }).items;
    };
    const first = await exported();
    expect(first.map(({ type }) => type)).to.deep.equal(['contact', 'notice', 'letter', 'opt_out', 'text', 'evidence']);
    expect(first[0]).to.include({
      claimNumber: claim.number,
      role: 'customer',
      name: 'Ann Lee',
      title: 'CIO',
      email: claim.customerEmail,
    });
    expect(first[1]).to.include({ claimNumber: claim.number, noticeId, recipientId, outcome: 'accepted', response: '250 OK' });
    expect(first[3]).to.include({ claimNumber: claim.number, reason: 'Not with them.', outcome: 'done' });
    expect(first[4]).to.deep.include({ claimNumber: claim.number, personId: foreign, content: { text: 'Ann Lee said no.' } });
    const [second] = (await exported()).filter(({ type }) => type === 'access');
    expect(second).to.include({ what: 'export', by: operator });

    await query(
      `INSERT INTO personal_data (person_id, claim_id, kind, content)
       SELECT gen_random_uuid(), $1, 'contact', $2 FROM generate_series(1, 450)`,
      [claim.claimId, { name: 'Ann Lee', email: claim.customerEmail }],
    );
    const many = (await exported()).filter(({ type }) => type === 'contact');
    expect(new Set(many.map(({ personId }) => personId)).size).to.equal(451);
  });

  it('contains the usage that the person read, with one item per request, by email address or by subject', async () => {
    const claim = await official();
    const { tenantId } = claim.details;
    const access = (subject: string, more: Partial<Access>): Access => ({
      accessId: uuidV7(),
      at: '2026-03-01T10:00:00.000Z',
      kind: 'read',
      subject,
      partnerAccountId: claim.partnerAccountId,
      partnerId: '1240371',
      tenantId,
      associationId: randomUUID(),
      claimId: claim.claimId,
      target: `workload:${tenantId}:exchange`,
      set: 'workload_usage',
      fromMonth: '2026-01-01',
      toMonth: '2026-02-01',
      rows: 3,
      ...more,
    });
    const [read, exported] = [uuidV7(), uuidV7()];
    const log = [
      access('pat@evergreen.example', { accessId: read }),
      access('pat@evergreen.example', { accessId: read, toMonth: '2026-03-01' }),
      access('subject-7', { accessId: exported, kind: 'export' }),
      access('subject-8', {}),
      ...Array.from({ length: 230 }, () => access('subject-7', {})),
    ];
    await stage.source.transaction((manager) => recordAccesses(manager, log));
    const refusalId = uuidV7();
    await recordRefusal(stage.source.manager, {
      refusalId,
      code: 'not_found',
      subject: 'subject-7',
      partnerAccountId: claim.partnerAccountId,
      associationId: randomUUID(),
      set: 'seats',
      fromMonth: null,
      toMonth: null,
    });
    const usageOf = async (subject?: string) => {
      const pieces: string[] = [];
      for await (const piece of exportContact(stage.source, { email: ' Pat@evergreen.example', subject }, operator)) pieces.push(piece);
      const { items } = JSON.parse(pieces.join('')) as { items: Record<string, unknown>[] };
      return items.filter(({ type }) => type === 'usage_access');
    };
    const own = {
      type: 'usage_access',
      accessId: read,
      at: '2026-03-01T10:00:00.000Z',
      kind: 'read',
      subject: 'pat@evergreen.example',
      partnerAccountId: claim.partnerAccountId,
      set: 'workload_usage',
      fromMonth: '2026-01-01',
      toMonth: '2026-03-01',
      associations: 2,
      rows: 6,
    };
    expect(await usageOf()).to.deep.equal([own]);
    const all = await usageOf('subject-7');
    expect([all.length, all[0]]).to.deep.equal([233, own]);
    expect(all[1]).to.include({ accessId: exported, kind: 'export', subject: 'subject-7' });
    expect(all.at(-1)).to.include({ accessId: refusalId, kind: 'refused', set: 'seats', associations: 0, rows: 0 });
    const handed = await query<{ exported_by: string }>("SELECT exported_by FROM contact_exports WHERE person_ids = '{}'");
    expect(handed).to.deep.equal([{ exported_by: operator }, { exported_by: operator }, { exported_by: operator }]);
  });

  it('finds the person through an index', async () => {
    const plan = await asSuperuser<{ 'QUERY PLAN': string }>(
      stage.database,
      `EXPLAIN SELECT person_id FROM personal_data
       WHERE kind IN ('contact', 'tenant_admin') AND lower(content ->> 'email') = 'a@b.example' AND person_id > gen_random_uuid()
       ORDER BY person_id LIMIT 200`,
    );
    expect(plan.map((row) => row['QUERY PLAN']).join('\n')).to.match(/Index.* using personal_data_by_address/);
  });
});
