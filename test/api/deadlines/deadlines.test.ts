import { expect } from 'chai';
import { draftClaim, type Json, startTestApi, type TestApi } from '../../support/api.js';
import { addTenants } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { NotifiedClaims } from '../../support/notified-claim.js';

describe('The deadlines of a claim', () => {
  let database: TestDatabase;
  let api: TestApi;
  let claims: NotifiedClaims;
  let tenants: { tenantId: string; domain: string }[];

  before(async function () {
    this.timeout(60_000);
    database = await createTestDatabase();
    api = await startTestApi({ database });
    claims = new NotifiedClaims(database, api);
    tenants = await addTenants(database.source, 3);
  });
  after(async () => {
    await api?.close();
    await database?.close();
  });

  const read = async (claimId: string): Promise<Json> => {
    const reply = await api.call('GET', `/v1/claims/${claimId}/deadlines`, { token: await api.token('claim_user') });
    expect(reply.status, reply.text).to.equal(200);
    return reply.body;
  };

  /** Every date between two others, both excluded. */
  const between = (from: string, to: string): string[] => {
    const dates = [];
    for (let ms = Date.parse(from) + 86_400_000; ms < Date.parse(to); ms += 86_400_000) dates.push(new Date(ms).toISOString().slice(0, 10));
    return dates;
  };

  it('account for every date, and say in codes what the claim waits for', async () => {
    const { claimId } = await claims.notified(tenants.pop()!);
    const { items, standing } = await read(claimId);
    const window = (items as Json[]).find(({ clock }) => clock === 'customer_window')!;
    const { day0, countedDays, skippedDays } = window as { day0: string; countedDays: string[]; skippedDays: Json[] };
    const explained = [...countedDays, ...skippedDays.map(({ on }) => on as string)].sort();
    expect(explained).to.deep.equal([...between(day0, countedDays.at(-1)!), countedDays.at(-1)]);
    const isWeekend = ({ on }: Json) => [0, 6].includes(new Date(on as string).getUTCDay());
    for (const day of skippedDays) expect(day['because'] === 'weekend' ? isWeekend(day) : day['name'], day['on']).to.be.ok;
    expect(window).to.deep.include({ unit: 'business_day', days: 5, daysLeft: 5, isOver: false, extensions: [] });
    expect(standing).to.deep.include({ mover: 'customer', until: window['dueAt'], zone: window['zone'], daysLeft: 5, isOver: false });
  });

  it('name the extension of a deadline, and count on from it', async () => {
    const claimId = await claims.submitted(tenants.pop()!);
    await claims.executeCommand(claimId, 'requestInformation', { reasons: ['evidence_all_missing'] });
    const before = ((await read(claimId))['items'] as Json[]).find(({ clock }) => clock === 'partner_answer')!;
    await claims.executeCommand(claimId, 'extendDeadline', { clock: 'K4' });
    const after = ((await read(claimId))['items'] as Json[]).find(({ clock }) => clock === 'partner_answer')!;
    expect(after['extensions']).to.have.length(1);
    expect(after['extensions'][0]).to.deep.include({ from: before['dueAt'], to: after['dueAt'] });
    expect(after['daysLeft']).to.be.at.least(before['daysLeft'] as number);
  });

  it('are none while a draft waits for nobody', async () => {
    const { claimId } = await draftClaim(api, await api.token('claim_user'));
    expect(await read(claimId as string)).to.deep.include({ standing: null });
  });
});
