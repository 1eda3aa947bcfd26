import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { parse } from 'csv-parse/sync';
import { completeClaim, type Json, startTestApi, type TestApi } from '../support/api.js';
import { evergreen, ironbridge, reviewer, TestClaim } from '../support/claims.js';
import { asSuperuser } from '../support/database.js';
import { evergreenAustin } from '../support/sample-directory.js';
import { brief, Stage } from '../support/stage.js';
import { outcomeOf, TestUpdates } from '../support/updates.js';
import { waitFor } from '../support/wait.js';

describe('a bulk update of claims', () => {
  let stage: Stage;
  let api: TestApi;
  let updates: TestUpdates;

  before(async function () {
    this.timeout(90_000);
    stage = await Stage.open();
    // Claims that tests make without the API count from 1.
    await asSuperuser(stage.database, `SELECT setval('claim_numbers', 500000)`);
    api = await startTestApi({ database: stage.database, namespace: stage.namespace });
    updates = new TestUpdates(api, await api.token('claim_admin'));
  });
  afterEach(() => {
    stage.directory.isDown = false;
  });
  after(async function () {
    this.timeout(30_000);
    await api?.close();
    await stage?.close();
  });

  /** Creates a claim over the API, as a draft that is complete. */
  async function drafted(more: Json = {}, token = updates.token): Promise<Json> {
    const { tenantId, domain } = stage.newTenant();
    const body = completeClaim({ tenantId, domain, ...more });
    const { body: claim, status, text } = await api.call('POST', '/v1/claims', { token, body });
    expect(status, text).to.equal(201);
    return claim;
  }
  const read = async ({ claimId }: Json, token = updates.token): Promise<Json> =>
    (await api.call('GET', `/v1/claims/${claimId}`, { token })).body;
  const versionsOf = (claims: Json[]) => Promise.all(claims.map(async (claim) => (await read(claim))['version'] as number));

  it('changes fields, keeps what is not sent, and tells what became of each row', async () => {
    const [one, two] = [await drafted({ externalReference: 'CRM-1' }), await drafted({ tags: ['old'] })];
    const rows = await updates.run(
      [
        'claimId,number,customerEmail,tags,externalReference',
        `${one['claimId']},,new@${one['domain']},"q4; emea",`,
        `,${two['number']},,<clear>,CRM-2`,
      ].join('\r\n'),
    );
    expect(
      rows.map(({ outcome, claimId, number, name, externalReference, version, changes }) => ({
        outcome,
        claimId,
        number,
        name,
        externalReference,
        version,
        changes,
      })),
    ).to.deep.equal([
      {
        outcome: 'changed',
        claimId: one['claimId'],
        number: one['number'],
        name: one['name'],
        externalReference: 'CRM-1',
        version: one['version'] + 1,
        changes: ['contacts.customer.email', 'tags'],
      },
      {
        outcome: 'changed',
        claimId: two['claimId'],
        number: two['number'],
        name: two['name'],
        externalReference: 'CRM-2',
        version: two['version'] + 1,
        changes: ['externalReference', 'tags'],
      },
    ]);
    const [changedOne, changedTwo] = [await read(one), await read(two)];
    const { name, title } = one['contacts'].customer;
    expect(changedOne['contacts'].customer).to.deep.equal({ name, title, email: `new@${one['domain']}` });
    expect([changedOne['tags'], changedOne['externalReference']]).to.deep.equal([['q4', 'emea'], 'CRM-1']);
    expect([changedTwo['tags'], changedTwo['externalReference']]).to.deep.equal([[], 'CRM-2']);
    expect(await stage.engine.process(one['claimId'])).to.equal(null);
  });

  it('submits, withdraws and disassociates, each as its own request would', async function () {
    this.timeout(60_000);
    const [draft, open] = [await drafted(), await stage.submitted()];
    const official = await stage.notified({ programme: brief.name });
    await stage.until(official, 'official');
    const rows = await updates.run([
      { claimId: draft['claimId'], name: 'Renamed', action: 'submit' },
      { claimId: open.claimId, action: 'withdraw', reason: 'The customer postponed it.' },
      { claimId: official.claimId, action: 'disassociate' },
      { claimId: official.claimId, action: 'disassociate', reason: 'We no longer work there.' },
    ]);
    expect(rows.map((row) => [outcomeOf(row), row['action']])).to.deep.equal([
      ['changed', 'submit'],
      ['changed', 'withdraw'],
      ['refused disassociation_reason_required', null],
      ['changed', 'disassociate'],
    ]);
    expect((await read(draft))['phase']).to.equal('submitted');
    expect(await open.phase()).to.equal('canceled');
    expect(await official.phase()).to.equal('ended');
    // The workflows were told, without the reconciliation.
    await waitFor('the claim to have a workflow', async () => (await stage.engine.process(draft['claimId'])) !== null);
    await stage.untilStatus(open, 'COMPLETED');
    const claim = Object.assign(new TestClaim(stage), { claimId: draft['claimId'] as string });
    expect(await claim.executeCommand('startReview', reviewer, {})).to.deep.include({ status: 'done' });
  });

  it('does all of a row or nothing', async () => {
    const claim = await drafted({ evidence: [] });
    const [row] = await updates.run([{ claimId: claim['claimId'], name: 'Renamed', action: 'submit' }]);
    expect(outcomeOf(row!)).to.equal('refused evidence_missing');
    expect(row).to.deep.include({ claimId: claim['claimId'], name: claim['name'], version: null, changes: [] });
    expect(row!['findings'][0]).to.include({ code: 'evidence_missing', column: null });
    expect(await read(claim))
      .to.deep.equal(await read(claim))
      .and.deep.include({ name: claim['name'], version: claim['version'] });
    const commands = await stage.source.query('SELECT type FROM claim_commands WHERE claim_id = $1', [claim['claimId']]);
    expect(commands).to.deep.equal([{ type: 'draftClaim' }]);
  });

  it('takes the export of claims, and changes only what differs from it', async () => {
    const names = ['=HYPERLINK("x")', 'Two lines,\nand "quotes"', "'=already escaped", '007', ' padded ', '#N/A', '1.2E+06', '-1'];
    const reference = randomUUID();
    const claims: Json[] = [];
    for (const name of names) claims.push(await drafted({ name, externalReference: reference, tags: ['a;b', '=1', '00123'] }));
    const submitted = await drafted({ externalReference: reference });
    await api.call('POST', `/v1/claims/${submitted['claimId']}/submissions`, { token: updates.token });
    const before = await versionsOf([...claims, submitted]);
    const path = `/v1/claims/export?format=csv&externalReference=${reference}&sort=number`;
    const exported = (await api.call('GET', path, { token: updates.token })).text;
    const unchanged = await updates.run(exported);
    expect(unchanged.map(outcomeOf)).to.deep.equal(Array<string>(names.length + 1).fill('unchanged'));
    expect(await versionsOf([...claims, submitted])).to.deep.equal(before);

    const [heading, ...records]: string[][] = parse(exported, { bom: true });
    const at = (column: string) => heading!.indexOf(column);
    records[0]![at('tags')] = 'q1';
    records[1]![at('phase')] = 'official';
    records[2]![at('externalReference')] = 'CRM-3';
    records[3]![at('name')] = '7';
    const table = [heading!, ...records].map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(';')).join('\r\n');
    // As Excel saves it: semicolons, UTF-16, an empty line at the end.
    const edited = await updates.run(Buffer.from(`\uFEFF${table}\r\n\r\n`, 'utf16le'));
    expect(edited.map((row) => [outcomeOf(row), ...row['changes']])).to.deep.equal([
      ['changed', 'tags'],
      ['refused column_not_changeable'],
      ['changed', 'externalReference'],
      ['refused import_cell_unreadable'],
      ...Array<string[]>(5).fill(['unchanged']),
    ]);
    expect(edited[1]!['findings'][0]).to.include({ field: 'phase', column: 'phase' });
  });

  it('changes nothing in a dry run, and says for each row what would happen', async () => {
    const [draft, bare] = [await drafted(), await drafted({ evidence: [] })];
    const everything = `SELECT (SELECT count(*) FROM claim_commands)::int AS commands, (SELECT count(*) FROM claim_events)::int AS events,
      (SELECT count(*) FROM letters)::int AS letters, (SELECT count(*) FROM personal_data)::int AS people`;
    const before = await stage.source.query(everything);
    const rows = await updates.run(
      [
        { claimId: draft['claimId'], tags: ['dry'], contacts: { customer: { email: `other@${draft['domain']}` } } },
        { claimId: draft['claimId'], action: 'submit' },
        { claimId: bare['claimId'], action: 'submit' },
        { claimId: draft['claimId'], name: draft['name'] },
      ],
      { isDryRun: true },
    );
    expect(rows.map((row) => [outcomeOf(row), row['action'], ...row['changes']])).to.deep.equal([
      ['changed', null, 'contacts.customer.email', 'tags'],
      ['changed claim_repeated', 'submit'],
      ['refused evidence_missing', null],
      ['unchanged', null],
    ]);
    expect(rows[1]!['findings'][0]).to.include({ severity: 'warning' });
    expect(await stage.source.query(everything)).to.deep.equal(before);
    expect(await versionsOf([draft, bare])).to.deep.equal([draft['version'], bare['version']]);
    expect((await stage.engine.process(draft['claimId'])) === null).to.equal(true);
  });

  it('runs rows in order, also when they name one claim in different ways', async () => {
    const claim = await drafted({ evidence: completeClaim().evidence, externalReference: `A-${randomUUID()}` });
    const { claimId, number, version } = claim;
    const [first, second] = [`B-${randomUUID()}`, `C-${randomUUID()}`];
    const rows = await updates.run([
      { claimId, version, externalReference: first },
      { externalReference: first, name: 'Second' },
      { number, externalReference: second, tags: ['third'] },
      { externalReference: first, name: 'Nobody has this reference any more' },
      { externalReference: second, name: 'Fifth', action: 'submit' },
      { claimId, version, name: 'Written for the version before' },
    ]);
    expect(rows.map(outcomeOf)).to.deep.equal([
      'changed',
      'changed',
      'changed',
      'refused not_found',
      'changed',
      'refused version_conflict',
    ]);
    expect(await read(claim)).to.deep.include({ name: 'Fifth', tags: ['third'], externalReference: second, phase: 'submitted' });
  });

  it('does not tell a foreign claim from one that does not exist', async () => {
    const rival = await api.token('claim_admin', { partner: ironbridge.accountId });
    const theirs = await drafted({ partnerId: ironbridge.partnerId, externalReference: 'THEIRS-1' }, rival);
    const atAustin = await drafted({ partnerId: evergreenAustin.partnerId, externalReference: 'AUSTIN-1' });
    const clerk = await api.token('claim_user', { locations: [evergreen.partnerId], subject: 'clerk' });
    const nobody = randomUUID();
    const rows = await updates.run(
      [
        ...[nobody, theirs['claimId'], atAustin['claimId']].map((claimId) => ({ claimId, name: 'Mine', action: 'submit' })),
        ...['CLM-999999', theirs['number'], atAustin['number']].map((number) => ({ number, name: 'Mine' })),
        ...['NOBODY-1', 'THEIRS-1', 'AUSTIN-1'].map((externalReference) => ({ externalReference, name: 'Mine' })),
      ],
      { token: clerk },
    );
    const answers = rows.map(({ row: _, externalReference: __, findings: [finding], ...row }) => {
      const message = (finding.message as string).replace(/"[^"]*"/, '"…"');
      return { ...row, finding: { ...finding, message } };
    });
    for (const start of [0, 3, 6]) {
      expect(answers[start + 1]).to.deep.equal(answers[start]);
      expect(answers[start + 2]).to.deep.equal(answers[start]);
      expect(answers[start]).to.deep.include({ outcome: 'refused', claimId: null, number: null, name: 'Mine' });
    }
    expect(rows[0]!['findings'][0]).to.include({ code: 'not_found', message: `You have no claim "${nobody}".` });
    expect(await read(theirs, rival)).to.include({ name: theirs['name'], version: theirs['version'] });
  });

  it('refuses a reference that several claims have', async () => {
    const reference = `TWICE-${randomUUID()}`;
    const [one] = [await drafted({ externalReference: reference }), await drafted({ externalReference: reference })];
    const rows = await updates.run([
      { externalReference: reference, name: 'Which?' },
      { number: one['number'], externalReference: reference, name: 'This one' },
    ]);
    expect(rows.map(outcomeOf)).to.deep.equal(['refused reference_ambiguous', 'changed']);
  });

  it('loses no change that is made meanwhile', async function () {
    this.timeout(60_000);
    const claims: Json[] = [];
    for (let count = 0; count < 12; count++) claims.push(await drafted());
    const rows = claims.map(({ claimId }, index) => ({ claimId, contacts: { customer: { title: `Title ${index}` } } }));
    const [first, second] = await Promise.all([
      updates.send(rows),
      updates.send(claims.map(({ claimId }, index) => ({ claimId, contacts: { technical: { name: `Tom ${index}` } } }))),
      ...claims.map(async (claim, index) => {
        for (;;) {
          const { version } = await read(claim);
          const headers = { 'if-match': `"${version}"` };
          const changed = await api.call('PATCH', `/v1/claims/${claim['claimId']}`, {
            token: updates.token,
            body: { tags: [`tag-${index}`] },
            headers: { ...headers, 'idempotency-key': randomUUID() },
          });
          if (changed.status === 200) return;
          expect(changed.body['code'], changed.text).to.equal('version_conflict');
        }
      }),
    ] as [Promise<string>, Promise<string>]);
    for (const id of [first, second]) {
      await updates.until(id, 'done');
      expect((await updates.rows(id)).map(outcomeOf)).to.deep.equal(Array<string>(12).fill('changed'));
    }
    for (const [index, claim] of claims.entries()) {
      const { contacts, tags, version } = await read(claim);
      expect([contacts.customer.title, contacts.technical.name, tags, version]).to.deep.equal([
        `Title ${index}`,
        `Tom ${index}`,
        [`tag-${index}`],
        claim['version'] + 3,
      ]);
    }
  });

  it('waits for the directory where a rule needs it, and stores nothing half-done meanwhile', async function () {
    this.timeout(60_000);
    const [draft, open] = [await drafted(), await stage.submitted()];
    stage.directory.isDown = true;
    const id = await updates.send([
      { claimId: draft['claimId'], tags: ['saved'] },
      { claimId: open.claimId, tags: ['waits'] },
    ]);
    await waitFor('the row of the draft', async () => (await updates.get(id)).body['rows'].changed === 1);
    await waitFor('the directory to be asked', () => stage.directory.refusals.includes(open.details.tenantId));
    expect((await updates.get(id)).body['rows']).to.include({ changed: 1, waiting: 1 });
    expect((await open.row()).state.details.tags).to.deep.equal([]);
    stage.directory.isDown = false;
    await updates.until(id, 'done');
    expect((await updates.rows(id)).map(outcomeOf)).to.deep.equal(['changed', 'changed']);
    expect((await open.row()).state.details.tags).to.deep.equal(['waits']);
  });

  it('brings a thousand rows to their outcomes, each once, although its worker dies in the middle of a step', async function () {
    this.timeout(240_000);
    const tenant = stage.newTenant();
    const claims = Array.from({ length: 963 }, () => new TestClaim(stage, { tenant }));
    const queue = [...claims];
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        for (let next = queue.pop(); next; next = queue.pop()) await next.draft();
      }),
    );
    const theirs = Array.from({ length: 5 }, () => new TestClaim(stage, { tenant, partner: ironbridge }));
    for (const claim of theirs) await claim.draft();
    const zeros = [await drafted({ externalReference: '000471' }), await drafted({ externalReference: '0815' })];
    const bare = await drafted({ evidence: [] });

    const header = 'claimId,number,version,phase,tags,customerEmail,externalReference,transactionOn,action';
    // Every fifth row asks for nothing.
    const good = claims.map(({ claimId, customerEmail }, index) =>
      index % 5 === 0 ? `${claimId},,1,draft,,${customerEmail},,,` : `${claimId},,,,bulk,changed-${index}@${tenant.domain},,,`,
    );
    const wrong: [string, string][] = [
      ...Array<[string, string]>(5).fill([`"1,24E+06",,,,x,,,,`, 'refused import_cell_unreadable claimId']),
      ...theirs.map(({ claimId }): [string, string] => [`${claimId},,,,x,,,,`, 'refused not_found claimId']),
      ...Array.from({ length: 5 }, (): [string, string] => [`${randomUUID()},,,,x,,,,`, 'refused not_found claimId']),
      ...claims.slice(0, 5).map(({ claimId }): [string, string] => [`${claimId},,7,,x,,,,`, 'refused version_conflict version']),
      ...claims.slice(0, 5).map(({ claimId }): [string, string] => [`${claimId},,,official,,,,,`, 'refused column_not_changeable phase']),
      ...claims
        .slice(0, 4)
        .map(({ claimId }): [string, string] => [`${claimId},,,,,,,03/04/2026,`, 'refused import_cell_unreadable transactionOn']),
      ...Array<[string, string]>(4).fill([`${bare['claimId']},,,,x,,,,submit`, 'refused evidence_missing null']),
      [`${zeros[0]!['claimId']},,,,,,471,,`, 'refused import_cell_unreadable externalReference'],
      [`,${zeros[1]!['number']},,,,,815,,`, 'refused import_cell_unreadable externalReference'],
      [`${claims[0]!.claimId},,,`, 'refused import_row_malformed null'],
      [`${claims[0]!.claimId},`, 'refused import_row_malformed null'],
    ];
    expect(wrong).to.have.length(37);
    // The wrong rows are spread over the file.
    const rows: [string, string][] = good.map((row, index) => [row, index % 5 === 0 ? 'unchanged' : 'changed']);
    for (const [index, each] of wrong.entries()) rows.splice(index * 27, 0, each);

    await stage.stopWorker();
    let steps = 0;
    await stage.startWorker(undefined, (activities) => ({
      importRows: async (step) => {
        steps++;
        // Fewer pauses than in life, since they are not what is tested.
        let progress = await activities.importRows(step);
        for (let batch = 1; batch < 10 && progress.state === 'running'; batch++) progress = await activities.importRows(step);
        if (steps !== 3) return progress;
        // The worker that is taken for dead goes on with the rows that the next attempt does as well.
        void activities.importRows(step).catch(() => undefined);
        throw new Error('The worker died.');
      },
    }));
    const id = await updates.send([header, ...rows.map(([row]) => row)].join('\r\n'));
    await waitFor('a step to have died', () => steps >= 4);
    await stage.stopWorker();
    await stage.startWorker();
    expect((await updates.get(id)).body).to.deep.include({ state: 'running' });
    await stage.stopWorker();
    await stage.startWorker(undefined, (activities) => ({
      importRows: async (step) => {
        let progress = await activities.importRows(step);
        for (let batch = 1; batch < 10 && progress.state === 'running'; batch++) progress = await activities.importRows(step);
        return progress;
      },
    }));
    await updates.until(id, 'done', 200_000);
    const settled = await updates.rows(id);
    const seen = settled.map(({ outcome, findings: [finding] }) =>
      finding === undefined ? outcome : `${outcome} ${finding.code} ${finding.column}`,
    );
    expect(seen).to.deep.equal(rows.map(([, expected]) => expected));
    expect((await updates.get(id)).body['rows']).to.deep.equal({
      total: 1_000,
      waiting: 0,
      changed: 770,
      unchanged: 193,
      refused: 37,
      cancelled: 0,
    });
    const edits = await stage.source.query(
      `SELECT c.version, count(i.*)::int AS edits, count(*)::int AS claims FROM claims c
       LEFT JOIN claim_commands i ON i.claim_id = c.claim_id AND i.type = 'editClaim' WHERE c.claim_id = ANY($1) GROUP BY c.claim_id, c.version`,
      [claims.map(({ claimId }) => claimId)],
    );
    const counted = (version: number) => edits.filter((each: Json) => each['version'] === version && each['edits'] === version - 1).length;
    expect([counted(1), counted(2), edits.length]).to.deep.equal([193, 770, 963]);
  });
});
