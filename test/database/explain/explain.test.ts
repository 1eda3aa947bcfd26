import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { PostgresDirectoryProvider } from '#libs/directory/index.js';
import { acceptCommand } from '#libs/inbox/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { recordStuck } from '#libs/reconciliation/index.js';
import { addTenants, type ClaimServices, customer, publishBriefProgramme, reviewer, TestClaim } from '../../support/claims.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

const cli = fileURLToPath(new URL('../../../apps/cli/src/main.js', import.meta.url));

describe('cpor explain', function () {
  this.timeout(60_000);
  let database: TestDatabase;
  let services: ClaimServices;
  let claim: TestClaim;

  before(async () => {
    database = await createTestDatabase();
    const { source } = database;
    await publishBriefProgramme(source, 'brief', 600);
    services = { source, library: new ProgrammeLibrary(source), directory: new PostgresDirectoryProvider(source) };
    const [tenant] = await addTenants(source, 1);
    claim = new TestClaim(services, { programme: 'brief', tenant: tenant! });
    await claim.draft();
    await claim.addEvidence();
    await claim.accept('submitClaim', claim.partner, {});
    await claim.execute();
    await claim.accept('approveClaim', reviewer, {});
    await claim.execute();
    await claim.deliverNotice();
    await claim.accept('startReview', reviewer, {});
    await claim.execute();
    await acceptCommand(source.manager, {
      commandId: randomUUID(),
      claimId: claim.claimId,
      command: { type: 'optOut', actor: customer, body: {} },
      fingerprint: 'one-request',
    });
    await recordStuck(source, claim.claimId, 'execute', new Error('secret detail'));
  });

  after(() => database?.close());

  function explain(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const env = { PATH: process.env['PATH'], DATABASE_URL: database.appUrl, CPOR_MODE: 'sandbox' };
    return new Promise((resolve) => {
      execFile(process.execPath, [cli, 'explain', ...args], { env }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      });
    });
  }

  it('tells the story of a claim in order: commands, refusals, events, mails, and what fails', async () => {
    const { code, stdout } = await explain(claim.number);
    expect(code).to.equal(0);
    expect(stdout)
      .to.include(`${claim.number}  ${claim.claimId}`)
      .and.match(/line 1: consent_pending, workload:/);
    expect(stdout).to.match(/Acts by itself at \S+Z\.\n/);
    const told = [
      /command {4}draftClaim by partner: done/,
      /event {6}1 ClaimDrafted\n/,
      /command {4}submitClaim by partner: done/,
      /event {6}\d+ ClaimSubmitted of lines 1\n/,
      /command {4}approveClaim by reviewer: done/,
      /event {6}\d+ LinesApproved of lines 1\n/,
      /command {4}startReview by reviewer: refused \(not_in_phase\)/,
      /command {4}optOut by customer: no outcome yet/,
      /failing {4}step execute has failed 1 times since \S+Z: The step ended with Error\./,
    ];
    const places = told.map((pattern) => {
      expect(stdout).to.match(pattern);
      return stdout.search(pattern);
    });
    expect(places).to.deep.equal(places.toSorted((a, b) => a - b));
    expect(stdout)
      .to.match(/mail {7}notice to the contact /)
      .and.match(/directory {2}answered\n/);
  });

  it('shows no name, no address and no text of a person, and nobody’s error', async () => {
    for (const args of [[claim.number], [claim.claimId, '--json']]) {
      const { stdout } = await explain(...args);
      for (const secret of ['Ann Lee', 'Pat Roe', claim.customerEmail, 'pat@evergreen', '@', 'secret detail'])
        expect(stdout).not.to.include(secret);
    }
    const { entries } = JSON.parse((await explain(claim.claimId, '--json')).stdout) as { entries: { at: string }[] };
    expect(entries.map(({ at }) => at)).to.deep.equal(entries.map(({ at }) => at).toSorted());
  });

  it('says so when there is no such claim, or none is named', async () => {
    expect(await explain('CLM-999999')).to.deep.equal({ code: 1, stdout: '', stderr: 'There is no claim CLM-999999.\n' });
    expect((await explain(randomUUID())).code).to.equal(1);
    expect((await explain()).code).to.equal(2);
    expect((await explain("x' OR true --")).stderr).to.equal("There is no claim x' OR true --.\n");
  });
});
