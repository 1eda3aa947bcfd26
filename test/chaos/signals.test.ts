import { expect } from 'chai';
import type { Waiting } from '#libs/claims/index.js';
import { addTenants, type BenchTenant, publishSecondsPolicy } from '../bench/sandbox.js';
import { approve, readClaim, submitClaim, untilPhase, untilWindowOpens } from '../support/claim-life.js';
import { type Product, startProduct } from '../support/product.js';
import { waitFor } from '../support/wait.js';

describe("signals from Temporal's command line", function () {
  this.timeout(120_000);
  let product: Product;
  let programme: string;
  let tenants: BenchTenant[];

  before(async () => {
    product = await startProduct();
    programme = await publishSecondsPolicy(product.source, 600);
    tenants = await addTenants(product.source, 5);
  });

  after(() => product?.close());

  const signal = (claimId: string, name: string, ...input: string[]) =>
    product.temporalCli('workflow', 'signal', '--workflow-id', `claim:${claimId}`, '--name', name, ...input);

  /** Queries on the command line whom and what the claim waits for, and until when. */
  async function waits(claimId: string): Promise<Pick<Waiting, 'for' | 'mover' | 'until'>[]> {
    const query = ['workflow', 'query', '--workflow-id', `claim:${claimId}`, '--type', 'claimProcess', '--output', 'json'];
    const { exitCode, output } = await product.temporalCli(...query);
    expect(exitCode, output).to.equal(0);
    const { queryResult } = JSON.parse(output) as { queryResult: [{ position: { waiting: Waiting[] } }] };
    return queryResult[0].position.waiting.map(({ for: what, mover, until }) => ({ for: what, mover, until }));
  }

  it('decline a claim within its window with optOut, which needs no body', async () => {
    const claimId = await submitClaim(product, programme, tenants[0]!);
    await approve(product, claimId);
    await untilWindowOpens(product, claimId);
    const { exitCode, output } = await signal(claimId, 'optOut');
    expect(exitCode, output).to.equal(0);
    const claim = await untilPhase(product.partner, claimId, 'rejected');
    expect(claim.lines.map(({ rejection }) => rejection)).to.deep.equal([{ reason: 'customer_declined', isDisputable: false }]);
  });

  it('decline a claim only once although optOut is sent three times', async () => {
    const claimId = await submitClaim(product, programme, tenants[1]!);
    await approve(product, claimId);
    await untilWindowOpens(product, claimId);
    await Promise.all([1, 2, 3].map(() => signal(claimId, 'optOut', '--input', '{"lines":[1],"reason":"We never asked for this."}')));
    await untilPhase(product.partner, claimId, 'rejected');
    const declined = await product.source.query("SELECT FROM claim_events WHERE claim_id = $1 AND type = 'CustomerDeclined'", [claimId]);
    expect(declined.length).to.equal(1);
    const handle = product.temporal.workflow.getHandle(`claim:${claimId}`);
    await waitFor('the workflow to end', async () => (await handle.describe()).status.name === 'COMPLETED');
  });

  it('ask the partner for information with requestInformation and a reason', async () => {
    const claimId = await submitClaim(product, programme, tenants[2]!);
    const { exitCode, output } = await signal(claimId, 'requestInformation', '--input', '{"reason":"evidence_products_missing"}');
    expect(exitCode, output).to.equal(0);
    const claim = await untilPhase(product.partner, claimId, 'action_required');
    expect(claim.informationRequests.map(({ lines, reasons }) => ({ lines, reasons }))).to.deep.equal([
      { lines: [1], reasons: ['evidence_products_missing'] },
    ]);
    const until = claim.deadlines.find(({ clock }) => clock === 'partner_answer')!.dueAt;
    expect(await waits(claimId)).to.deep.equal([{ for: 'answer', mover: 'partner', until }]);
  });

  it('change nothing with requestInformation if they lack a reason, and the claim continues', async () => {
    const claimId = await submitClaim(product, programme, tenants[3]!);
    expect((await signal(claimId, 'requestInformation')).exitCode).to.equal(0);
    await waitFor('the signal to be refused', async () => {
      const rows = await product.source.query(
        "SELECT FROM claim_commands WHERE claim_id = $1 AND type = 'requestInformation' AND outcome ->> 'status' = 'refused'",
        [claimId],
      );
      return rows.length === 1;
    });
    expect((await readClaim(product.partner, claimId)).phase).to.equal('submitted');
    await approve(product, claimId);
    await untilWindowOpens(product, claimId);
  });

  it('leave the claim able to report what it waits for', async () => {
    const claimId = await submitClaim(product, programme, tenants[4]!);
    const until = (await readClaim(product.partner, claimId)).deadlines.find(({ clock }) => clock === 'review_start')!.dueAt;
    expect(await waits(claimId)).to.deep.equal([{ for: 'review', mover: 'reviewer', until }]);
    await approve(product, claimId);
    const closesAt = await untilWindowOpens(product, claimId);
    expect(await waits(claimId)).to.deep.equal([{ for: 'customer', mover: 'customer', until: closesAt }]);
  });
});
