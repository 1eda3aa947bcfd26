import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { ClaimEngine, missingSearchAttributes } from '#libs/engine/index.js';
import { reviewer, TestClaim } from '../support/claims.js';
import { brief, Stage } from '../support/stage.js';
import { waitFor } from '../support/wait.js';

const cli = fileURLToPath(new URL('../../apps/cli/src/main.js', import.meta.url));
const attributes = ['ClaimPhase', 'ClaimPartner', 'ClaimAlarmAt'];

describe('a namespace without search attributes', function () {
  this.timeout(90_000);
  let stage: Stage;

  before(async () => {
    stage = await Stage.open({ isBare: true });
  });
  after(() => stage?.close());

  const missing = () => missingSearchAttributes(stage.namespace.client.connection, stage.namespace.connection.namespace);
  const migrate = async () => {
    const env = {
      PATH: process.env['PATH'],
      CPOR_MODE: 'sandbox',
      DATABASE_URL: stage.database.appUrl,
      DATABASE_OWNER_URL: stage.database.ownerUrl,
      TEMPORAL_ADDRESS: stage.namespace.connection.address,
      TEMPORAL_NAMESPACE: stage.namespace.connection.namespace,
    };
    return (await promisify(execFile)(process.execPath, [cli, 'migrate'], { env })).stdout.split('\n');
  };

  it('supports a claim from submission to official, and one that is resubmitted after an information request', async () => {
    expect(await missing()).to.deep.equal(attributes);
    const claim = await stage.notified({ programme: brief.name });
    await stage.until(claim, 'official');
    const asked = await stage.submitted();
    expect(await asked.executeCommand('requestInformation', reviewer, { reasons: ['evidence_all_missing'] })).to.include({
      status: 'done',
    });
    await asked.addEvidence();
    expect(await asked.executeCommand('submitClaim', asked.partner, {})).to.include({ status: 'done' });
    await stage.until(asked, 'submitted');
    expect(await asked.executeCommand('withdrawClaim', asked.partner, {})).to.include({ status: 'done' });
    await stage.untilStatus(asked, 'COMPLETED');
  });

  it('gets its search attributes from the first cpor migrate, and lists later claims by them', async () => {
    expect(await migrate()).to.include(`Registered in the namespace ${stage.namespace.connection.namespace}: ${attributes.join(', ')}.`);
    await waitFor('the search attributes to exist', async () => (await missing()).length === 0);
    expect(await migrate()).to.include(`The namespace ${stage.namespace.connection.namespace} already has all search attributes.`);
    const engine = new ClaimEngine(stage.namespace.client);
    const claim = new TestClaim(
      { source: stage.source, library: stage.library, directory: stage.directory, engine },
      { tenant: stage.newTenant() },
    );
    await claim.draft();
    await claim.addEvidence();
    await claim.executeCommand('submitClaim', claim.partner, {});
    await waitFor('the phase to become searchable', async () => {
      const { typedSearchAttributes } = await stage.handle(claim).describe();
      return typedSearchAttributes.getAll().some(({ key, value }) => key.name === 'ClaimPhase' && value === 'submitted');
    });
  });
});
