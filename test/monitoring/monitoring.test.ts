import { writeFile } from 'node:fs/promises';
import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { Client } from 'pg';
import { findFreePort } from '#libs/embedded/index.js';
import { dashboards } from '#libs/metrics/index.js';
import { workflowIds } from '../../temporal.config.js';
import { addTenants, type BenchTenant, plainClaim } from '../bench/sandbox.js';
import { approve, bodyOf, submitClaim, untilWindowOpens } from '../support/claim-life.js';
import { TestClamd } from '../support/clamd.js';
import { optOutByLink } from '../support/customer.js';
import { type Product, startProduct } from '../support/product.js';
import { soonerRules, TestPrometheus } from '../support/prometheus.js';
import { TestRelay } from '../support/relay.js';
import { waitFor } from '../support/wait.js';
import { WebhookReceiver } from '../support/webhook-receiver.js';
import { statementOfWork } from '#libs/sample-data/index.js';

const programme = 'sample';
const limitMs = 150_000;

/** What happened to each alert, for the table at the end. */
interface Row {
  alert: string;
  fault: string;
  /** From the fault until the alert fired. */
  seconds: number;
}

/**
 * What monitoring says of the product as operators run it, by a real Prometheus: `npm run monitoring` with `CPOR_TEST_PROMETHEUS`. Faults are real:
 * processes stop, relays refuse, tables are locked. Time that must pass on the product's clock passes by advancing the clock of the sandbox.
 */
describe('monitoring', function () {
  this.timeout(240_000);
  this.slow(240_000);
  const relay = new TestRelay();
  const receiver = new WebhookReceiver();
  const fired: Row[] = [];
  /** The owner of the tables. */
  let owner: Client;
  let clamd: TestClamd;
  let product: Product;
  let prometheus: TestPrometheus;
  let tenants: BenchTenant[];
  let targets: Record<string, string>;

  before(async () => {
    await relay.start();
    await receiver.start();
    receiver.answer = () => ({ status: 204 });
    clamd = await TestClamd.reserve();
    await clamd.start();
    const temporalMetrics = `127.0.0.1:${await findFreePort(0)}`;
    product = await startProduct({
      SMTP_URL: relay.url,
      CPOR_WEBHOOK_RETRY_SPEED: '1000',
      CPOR_TEMPORAL_METRICS: temporalMetrics,
      CPOR_EVIDENCE_SCANNER: 'clamav',
      CPOR_CLAMD_ADDRESS: `127.0.0.1:${clamd.port}`,
    });
    const { api, worker } = product.stack.addresses.metricsUrls;
    targets = { 'cpor-api': new URL(api).host, 'cpor-worker': new URL(worker).host, 'cpor-worker-temporal': temporalMetrics };
    prometheus = await TestPrometheus.start(targets);
    tenants = await addTenants(product.source, 60);
    owner = new Client({ connectionString: product.stack.addresses.databaseOwnerUrl });
    await owner.connect();
  });
  after(async () => {
    await prometheus?.stop();
    await owner?.end().catch(() => undefined);
    await product?.close();
    await clamd?.stop();
    await relay.stop();
    await receiver.stop();
    const rows = fired.map(({ alert, fault, seconds }) => `| \`${alert}\` | ${fault} | ${seconds.toFixed(0)} s |`);
    process.stdout.write(`\n| Alert | Fault | Fired after |\n|---|---|---|\n${rows.join('\n')}\n`);
  });

  const advance = async (by: string) => bodyOf(await product.operator.post('/v1/sandbox/clock/advances', { by }));
  const reconcile = () => product.temporal.schedule.getHandle(workflowIds.reconciliation).trigger();
  const submitted = () => submitClaim(product, programme, tenants.pop()!);
  const approved = async () => {
    const claimId = await submitted();
    await approve(product, claimId);
    return claimId;
  };
  const notified = async () => {
    const claimId = await approved();
    await untilWindowOpens(product, claimId);
    return claimId;
  };

  /** Causes a fault, waits until its alerts fire, and mends it. Alerts of faults before may still fire, but not these. */
  async function fires(
    alerts: string[],
    fault: string,
    cause: () => Promise<unknown>,
    { mend = () => Promise.resolve(), seenBy = prometheus }: { mend?: () => Promise<unknown>; seenBy?: TestPrometheus } = {},
  ) {
    const before = await seenBy.firing();
    expect(
      alerts.filter((alert) => before.includes(alert)),
      'firing before the fault',
    ).to.deep.equal([]);
    const began = performance.now();
    await cause();
    try {
      await Promise.all(
        alerts.map(async (alert) => {
          await waitFor(`${alert} to fire`, async () => (await seenBy.firing()).includes(alert), limitMs);
          fired.push({ alert, fault, seconds: (performance.now() - began) / 1_000 });
        }),
      );
    } finally {
      await mend();
    }
  }

  /** The queries of dashboards that return no number. */
  async function emptyPanels(): Promise<string[]> {
    const queries = Object.values(dashboards).flatMap(({ title, panels }) =>
      panels.flatMap((panel) => panel.queries.map(([expr]) => ({ expr, where: `${title}: ${panel.title}: ${expr}` }))),
    );
    const empty: string[] = [];
    for (const { expr, where } of queries) {
      const series = await prometheus.query(expr.replaceAll('$__rate_interval', '1m'));
      if (!series.some(({ value }) => Number.isFinite(Number(value[1])))) empty.push(where);
    }
    return empty;
  }

  it('has series for every panel of every dashboard', async () => {
    const endpoint = { url: receiver.url, description: 'a receiver', format: 'standard' };
    const { secret } = bodyOf(await product.vendorAdmin.post<{ secret: string }>('/v1/webhook-endpoints', endpoint));
    receiver.secrets.push(secret);
    const key = join(product.stack.dataDirectory, 'checkpoint.pem');
    await writeFile(key, generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await notified();
    await checkpoint();
    await waitFor('a webhook', () => Promise.resolve(receiver.received.length > 0));
    // A rate needs two readings that differ, and the figures of the installation are read every ten seconds.
    await sleep(2_000);
    let empty: string[] = [];
    await waitFor(
      'every panel to have series',
      async () => {
        await notified();
        empty = await emptyPanels();
        return empty.length === 0;
      },
      60_000,
    ).catch(() => expect(empty).to.deep.equal([]));
    expect(await prometheus.firing()).to.deep.equal([]);
  });

  /** Waits until a query returns something; does something else each time before it asks. */
  const until = (what: string, expr: string, first: () => Promise<unknown> = () => Promise.resolve()) =>
    waitFor(
      what,
      async () => {
        await first();
        return (await prometheus.query(expr)).length > 0;
      },
      120_000,
    );

  async function checkpoint() {
    const { dataDirectory } = product.stack;
    const made = await product.cpor(
      'checkpoint',
      '--folder',
      join(dataDirectory, 'checkpoints'),
      '--key',
      join(dataDirectory, 'checkpoint.pem'),
    );
    expect(made.exitCode, made.output).to.equal(0);
  }

  it('fires CporWorkflowTasksFailing', () =>
    fires(
      ['CporWorkflowTasksFailing'],
      'a workflow is open whose code the worker does not have',
      () => product.temporal.workflow.start('removedWorkflow', { workflowId: 'removed', taskQueue: 'claims' }),
      { mend: () => product.temporal.workflow.getHandle('removed').terminate() },
    ));

  it('fires CporRepaired', async () => {
    const claimId = await submitted();
    await fires(['CporRepaired'], 'the workflow of an open claim is terminated', async () => {
      await product.temporal.workflow.getHandle(workflowIds.claim(claimId)).terminate();
      // Younger work is not repaired (temporal.config.ts).
      await sleep(31_000);
      await reconcile();
    });
  });

  it('fires CporWebhooksFailing', () =>
    fires(
      ['CporWebhooksFailing'],
      'a receiver answers 500',
      () => {
        receiver.answer = () => ({ status: 500 });
        return submitted();
      },
      { mend: () => Promise.resolve((receiver.answer = () => ({ status: 204 }))) },
    ));

  it('fires CporScannerSilent', () =>
    fires(
      ['CporScannerSilent'],
      'clamd is stopped, and a file is uploaded',
      async () => {
        await clamd.stop();
        const evidence = Buffer.from(statementOfWork(['Signed'])).toString('base64');
        bodyOf(await product.partner.post('/v1/claims', { ...plainClaim(programme, tenants.pop()!, evidence), submit: false }));
        await advance('PT16M');
      },
      {
        mend: async () => {
          await clamd.start();
          await until('the file to be scanned', 'max(cpor_evidence_waiting) == 0', reconcile);
        },
      },
    ));

  it('fires CporMailsGivenUp', () =>
    fires(
      ['CporMailsGivenUp'],
      'the relay answers 550 to the notices of eleven claims',
      async () => {
        relay.answer = () => 550;
        for (let claim = 0; claim < 11; claim++) await approved();
      },
      { mend: () => Promise.resolve((relay.answer = () => 'accept')) },
    ));

  it('fires CporRelayRefusing', () =>
    fires(
      ['CporRelayRefusing'],
      'the relay is stopped while a notice is due',
      async () => {
        await relay.stop();
        await approved();
        await until('a mail to be retried', 'sum(cpor_mails_retried) > 0');
        await advance('PT31M');
      },
      { mend: () => relay.start() },
    ));

  it('fires CporClaimsStuck', () =>
    fires(
      ['CporClaimsStuck'],
      'the role of the application may not append events any more',
      async () => {
        const claimId = await submitted();
        await owner.query('REVOKE INSERT ON claim_events FROM cpor_app');
        const { etag } = await product.reviewer.get(`/v1/claims/${claimId}`);
        await product.reviewer.post(`/v1/claims/${claimId}/decisions`, { outcome: 'approve' }, { 'if-match': etag! });
      },
      { mend: () => owner.query('GRANT INSERT ON claim_events TO cpor_app') },
    ));

  it('fires CporCheckpointMissing', () =>
    fires(['CporCheckpointMissing'], 'nobody has made a checkpoint for 37 hours', () => advance('PT37H'), { mend: checkpoint }));

  it('fires CporCommandsWaiting, then CporDeadlinesOverdue', async () => {
    await notified();
    const { source } = relay.received.filter((mail) => mail.source.includes('/n/')).at(-1)!;
    const [link] = /https?:\/\/\S+?\/n\/[\w-]+/.exec(source.replace(/=\r\n/g, ''))!;
    // The claims whose windows close are others: this one's customer has answered.
    await notified();
    const { temporal } = product.stack.parts;
    // The API would ask Temporal to skip time.
    const ahead = (by: string) => owner.query('UPDATE sandbox_clock SET ahead = ahead + $1::interval', [by]);
    await fires(['CporCommandsWaiting'], 'Temporal is stopped, and a customer answers by its link', async () => {
      await temporal!.stop();
      await optOutByLink(link);
      await ahead('301 seconds');
    });
    await fires(['CporDeadlinesOverdue'], 'Temporal is stopped while a window closes', () => ahead('9 days'), {
      mend: async () => {
        await temporal!.start();
        await until('the deadlines to act', 'sum(cpor_overdue_deadlines) + max(cpor_commands_waiting) == 0', () =>
          reconcile().catch(() => undefined),
        );
      },
    });
  });

  it('fires CporSlow and CporConnectionsExhausted', async () => {
    let isLocked = true;
    // Each lock ends sooner than a statement gives up waiting for it.
    const locking = async () => {
      while (isLocked) {
        await owner.query('BEGIN');
        await owner.query('LOCK TABLE claims IN ACCESS EXCLUSIVE MODE');
        await sleep(4_000);
        await owner.query('ROLLBACK');
        await sleep(50);
      }
    };
    const reading = async () => {
      while (isLocked) await product.partner.get('/v1/claims').catch(() => undefined);
    };
    const work = [locking(), ...Array.from({ length: 60 }, reading)];
    const fault = 'a transaction locks the claims for four seconds at a time, and sixty callers read them';
    try {
      await fires(['CporSlow'], fault, () => Promise.resolve());
      // Prometheus remembers for five minutes that no statement waited; another server has seen nothing else.
      const later = await TestPrometheus.start(targets);
      await fires(['CporConnectionsExhausted'], fault, () => Promise.resolve(), { seenBy: later }).finally(() => later.stop());
    } finally {
      isLocked = false;
      await Promise.all(work);
    }
  });

  it('fires CporNoWorker', () =>
    fires(['CporNoWorker'], 'the worker is stopped', () => product.stack.parts.worker.stop(), {
      mend: async () => {
        await product.stack.parts.worker.start();
        await until('the worker to be read', 'cpor_claim_metrics_up == 1');
      },
    }));

  it('fires CporDatabaseSilent and CporErrors', async () => {
    await owner.end();
    const { postgres } = product.stack.parts;
    const request = { headers: { Authorization: `Bearer ${product.tokens[0]}` } };
    let isCalling = true;
    const calling = async () => {
      while (isCalling) await fetch(`${product.stack.addresses.apiUrl}/v1/claims`, request).then((answer) => answer.text());
    };
    let callers: Promise<void>[] = [];
    const cause = async () => {
      await postgres!.stop();
      callers = Array.from({ length: 10 }, calling);
    };
    const mend = async () => {
      isCalling = false;
      await Promise.all(callers);
      await postgres!.start();
    };
    await fires(['CporDatabaseSilent', 'CporErrors'], 'PostgreSQL is stopped, and callers go on', cause, { mend });
  });

  it('has fired every rule, each by its fault', async () => {
    const { groups } = await soonerRules();
    expect(fired.map(({ alert }) => alert)).to.have.members(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)));
  });
});
