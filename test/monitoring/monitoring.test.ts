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
    tenants = await addTenants(product.source, 30);
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

  /** Causes a fault, waits until its alert fires, and mends it. Alerts of faults before may still fire, but not this one. */
  async function fires(
    alert: string,
    fault: string,
    cause: () => Promise<unknown>,
    mend: () => Promise<unknown> = () => Promise.resolve(),
    by = () => prometheus,
  ) {
    expect(await by().firing(), 'before the fault').not.to.include(alert);
    const began = performance.now();
    await cause();
    await waitFor(`${alert} to fire`, async () => (await by().firing()).includes(alert), limitMs);
    fired.push({ alert, fault, seconds: (performance.now() - began) / 1_000 });
    await mend();
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
    await notified();
    await sleep(12_000);
    const empty: string[] = [];
    for (const { title, panels } of Object.values(dashboards))
      for (const panel of panels)
        for (const [expr] of panel.queries) {
          const series = await prometheus.query(expr.replaceAll('$__rate_interval', '1m'));
          if (!series.some(({ value }) => Number.isFinite(Number(value[1])))) empty.push(`${title}: ${panel.title}: ${expr}`);
        }
    expect(empty).to.deep.equal([]);
    expect(await prometheus.firing()).to.deep.equal([]);
  });

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
      'CporWorkflowTasksFailing',
      'a workflow is open whose code the worker does not have',
      () => product.temporal.workflow.start('removedWorkflow', { workflowId: 'removed', taskQueue: 'claims' }),
      () => product.temporal.workflow.getHandle('removed').terminate(),
    ));

  it('fires CporRepaired', async () => {
    const claimId = await submitted();
    await fires('CporRepaired', 'the workflow of an open claim is terminated', async () => {
      await product.temporal.workflow.getHandle(workflowIds.claim(claimId)).terminate();
      await sleep(31_000);
      await reconcile();
    });
  });

  it('fires CporWebhooksFailing', () =>
    fires(
      'CporWebhooksFailing',
      'a receiver answers 500',
      async () => {
        receiver.answer = () => ({ status: 500 });
        await submitted();
      },
      () => Promise.resolve((receiver.answer = () => ({ status: 204 }))),
    ));

  it('fires CporScannerSilent', () =>
    fires(
      'CporScannerSilent',
      'clamd is stopped, and a file is uploaded',
      async () => {
        await clamd.stop();
        const evidence = Buffer.from(statementOfWork(['Signed'])).toString('base64');
        bodyOf(await product.partner.post('/v1/claims', { ...plainClaim(programme, tenants.pop()!, evidence), submit: false }));
        await advance('PT16M');
      },
      async () => {
        await clamd.start();
        await waitFor(
          'the file to be scanned',
          async () => {
            await reconcile();
            return Number((await prometheus.query('max(cpor_evidence_waiting)'))[0]?.value[1]) === 0;
          },
          60_000,
        );
      },
    ));

  it('fires CporMailsGivenUp', () =>
    fires(
      'CporMailsGivenUp',
      'the relay answers 550 to the mails of eleven claims',
      async () => {
        relay.answer = () => 550;
        for (let claim = 0; claim < 11; claim++) await approved();
      },
      () => Promise.resolve((relay.answer = () => 'accept')),
    ));

  it('fires CporRelayRefusing', () =>
    fires(
      'CporRelayRefusing',
      'the relay is stopped while a notice is due',
      async () => {
        await relay.stop();
        await approved();
        await waitFor(
          'a mail to be retried',
          async () => Number((await prometheus.query('sum(cpor_mails_retried)'))[0]?.value[1]) > 0,
          60_000,
        );
        await advance('PT31M');
      },
      () => relay.start(),
    ));

  it('fires CporClaimsStuck', () =>
    fires(
      'CporClaimsStuck',
      'the role of the application may not append events any more',
      async () => {
        const claimId = await submitted();
        await owner.query('REVOKE INSERT ON claim_events FROM cpor_app');
        const { etag } = await product.reviewer.get(`/v1/claims/${claimId}`);
        await product.reviewer.post(`/v1/claims/${claimId}/decisions`, { outcome: 'approve' }, { 'if-match': etag! });
      },
      () => owner.query('GRANT INSERT ON claim_events TO cpor_app'),
    ));

  it('fires CporCheckpointMissing', async () => {
    await fires('CporCheckpointMissing', 'nobody has made a checkpoint for 37 hours', () => advance('PT37H'), checkpoint);
  });

  it('fires CporCommandsWaiting and CporDeadlinesOverdue', async () => {
    const claimId = await notified();
    await notified();
    const source = relay.received
      .map((mail) => mail.source)
      .filter((text) => text.includes('/n/'))
      .at(-1)!;
    const link = /https?:\/\/\S+?\/n\/[\w-]+/.exec(source.replace(/=\r\n/g, '').replace(/=3D/g, '='))![0];
    expect(claimId).to.be.a('string');
    const { temporal } = product.stack.parts;
    const ahead = (seconds: number) => owner.query(`UPDATE sandbox_clock SET ahead = ahead + make_interval(secs => ${seconds})`);
    await fires('CporCommandsWaiting', 'Temporal is stopped, and a customer answers by its link', async () => {
      await temporal!.stop();
      await optOutByLink(link);
      await ahead(301);
    });
    await fires(
      'CporDeadlinesOverdue',
      'Temporal is stopped when a window closes',
      () => ahead(9 * 86_400),
      async () => {
        await temporal!.start();
        await waitFor(
          'the deadlines to act',
          async () => {
            const [overdue] = await prometheus.query('sum(cpor_overdue_deadlines) + max(cpor_commands_waiting)');
            if (Number(overdue?.value[1]) > 0) await reconcile().catch(() => undefined);
            return Number(overdue?.value[1]) === 0;
          },
          120_000,
        );
      },
    );
  });

  it('fires CporSlow and CporConnectionsExhausted', async () => {
    let locked = true;
    const lock = async (pauseMs: number) => {
      await owner.query('BEGIN');
      await owner.query('LOCK TABLE claims IN ACCESS EXCLUSIVE MODE');
      await sleep(pauseMs);
      await owner.query('ROLLBACK');
    };
    // Each wait ends just below the limit of a statement for a lock.
    const locking = (async () => {
      while (locked) {
        await lock(4_000);
        await sleep(50);
      }
    })();
    const callers = Array.from({ length: 60 }, async () => {
      while (locked) await product.partner.get('/v1/claims').catch(() => undefined);
    });
    const stop = async () => {
      locked = false;
      await Promise.all([locking, ...callers]);
    };
    await fires('CporSlow', 'a transaction locks the claims for four seconds at a time, while sixty callers read them', () =>
      Promise.resolve(),
    );
    // It has seen no statement that did not wait, which the other one will remember for five minutes.
    await sleep(2_000);
    const later = await TestPrometheus.start(targets);
    await fires(
      'CporConnectionsExhausted',
      'the same',
      () => Promise.resolve(),
      stop,
      () => later,
    ).finally(() => later.stop());
  });

  it('fires CporNoWorker', () =>
    fires(
      'CporNoWorker',
      'the worker is stopped',
      () => product.stack.parts.worker.stop(),
      async () => {
        await product.stack.parts.worker.start();
        await waitFor('the worker to be read', async () => !(await prometheus.firing()).includes('CporNoWorker'), 60_000);
      },
    ));

  it('fires CporDatabaseSilent and CporErrors', async () => {
    await owner.end();
    const { postgres } = product.stack.parts;
    await fires('CporErrors', 'PostgreSQL is stopped, and callers go on', async () => {
      await postgres!.stop();
      for (let request = 0; request < 30; request++) await product.partner.get('/v1/claims').catch(() => undefined);
    });
    await fires(
      'CporDatabaseSilent',
      'PostgreSQL is stopped',
      () => Promise.resolve(),
      () => postgres!.start(),
    );
  });

  it('has fired every rule, each by its fault', async () => {
    const { groups } = await soonerRules();
    expect(fired.map(({ alert }) => alert)).to.have.members(groups.flatMap(({ rules }) => rules.map(({ alert }) => alert)));
  });
});
