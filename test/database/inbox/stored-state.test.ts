import { randomUUID } from 'node:crypto';
import { expect } from 'chai';
import { fold } from '#libs/claims/index.js';
import { verifyStates } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { addTenants, reviewer, TestClaim } from '../../support/claims.js';
import { asSuperuser, createTestDatabase, type TestDatabase } from '../../support/database.js';
import { TestDirectory } from '../../support/worker.js';

describe('the state in a claim’s row', () => {
  let database: TestDatabase;
  let claim: TestClaim;

  before(async () => {
    database = await createTestDatabase();
  });
  after(() => database?.close());

  beforeEach(async () => {
    const { source } = database;
    const [tenant] = await addTenants(source, 1);
    claim = new TestClaim({ source, library: new ProgrammeLibrary(source), directory: new TestDirectory(source) }, { tenant: tenant! });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
  });

  const folded = async () => JSON.parse(JSON.stringify(fold(await claim.events()))) as unknown;

  async function changedStates(): Promise<string[]> {
    const found: string[] = [];
    for await (const { changed } of verifyStates(database.source.manager)) found.push(...changed);
    return found;
  }

  async function approve(): Promise<string | undefined> {
    const { commandId } = await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    return (await claim.outcome(commandId))?.status;
  }

  it('is what a command is decided on, and follows from the events after each', async () => {
    for (const textId of [randomUUID(), randomUUID()]) {
      await claim.accept('addComment', claim.partner, { textId, visibility: 'shared' });
      await claim.execute();
      expect((await claim.row()).state).to.deep.equal(await folded());
    }
    expect(await approve()).to.equal('done');
    expect((await claim.row()).state).to.deep.equal(await folded());
    expect(await changedStates()).to.deep.equal([]);
  });

  const outdated = {
    'by other rules': "folded = 'others@' || version",
    'at an earlier version, by a process that does not know the column': "folded = split_part(folded, '@', 1) || '@' || version - 1",
    'by nobody that said so': 'folded = NULL',
  };
  for (const [how, change] of Object.entries(outdated)) {
    it(`is folded from the events again if it was folded ${how}`, async () => {
      // A wrong state shows which of the two was read: nothing can be approved on a canceled claim.
      const cancel = `state = jsonb_set(state, '{lines,0,phase}', '"canceled"')`;
      await asSuperuser(database, `UPDATE claims SET ${cancel}, ${change} WHERE claim_id = $1`, [claim.claimId]);
      expect(await changedStates()).to.deep.equal([]);
      expect(await approve()).to.equal('done');
      expect((await claim.row()).state).to.deep.equal(await folded());
    });
  }

  it('is reported by the check of the record if somebody changed it', async () => {
    await asSuperuser(database, `UPDATE claims SET state = jsonb_set(state, '{lines,0,phase}', '"canceled"') WHERE claim_id = $1`, [
      claim.claimId,
    ]);
    expect(await changedStates()).to.deep.equal([claim.claimId]);
    await asSuperuser(database, 'DELETE FROM claims WHERE claim_id = $1', [claim.claimId]).catch(() => undefined);
  });
});
