import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { expect } from 'chai';
import { type EmbeddedTemporal, startTemporal } from '#libs/embedded/index.js';

async function withConnection<T>(address: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await Connection.connect({ address });
  try {
    return await use(connection);
  } finally {
    await connection.close();
  }
}

describe('embedded Temporal', function () {
  this.timeout(60_000);
  let directory: string;
  let server: EmbeddedTemporal | undefined;

  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'cpor-temporal-'));
  });

  afterEach(async () => {
    await server?.stop();
    server = undefined;
    await rm(directory, { recursive: true, force: true });
  });

  const start = async (port = 0): Promise<EmbeddedTemporal> => {
    server = await startTemporal({ directory, port, namespaces: ['claims-test'] });
    return server;
  };

  it('keeps closed workflows for thirty days and has the search attributes of claims', async () => {
    const { address } = await start();
    await withConnection(address, async (connection) => {
      const { config } = await connection.workflowService.describeNamespace({ namespace: 'claims-test' });
      expect(Number(config?.workflowExecutionRetentionTtl?.seconds)).to.equal(720 * 3_600);
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'claims-test' });
      expect(customAttributes).to.include({ ClaimPhase: 2, ClaimPartner: 2, ClaimAlarmAt: 6 });
    });
  });

  it('creates namespaces with the search attributes of claims', async () => {
    const running = await start();
    await running.createNamespace('another');
    const attributes = await withConnection(running.address, (connection) =>
      connection.operatorService.listSearchAttributes({ namespace: 'another' }),
    );
    expect(attributes.customAttributes).to.include.keys('ClaimPhase', 'ClaimPartner', 'ClaimAlarmAt');
  });

  it('keeps its data and its port when it is killed and restarted', async () => {
    const before = await start();
    await before.createNamespace('kept');
    before.process.kill('SIGKILL');
    await before.process.ended;
    const after = await start(before.port);
    expect(after.port).to.equal(before.port);
    const found = await withConnection(after.address, (connection) => connection.workflowService.describeNamespace({ namespace: 'kept' }));
    expect(found.namespaceInfo?.name).to.equal('kept');
  });

  it('ends a server that an earlier run left on its database file', async () => {
    const left = await start();
    const after = await start(left.port);
    expect(left.process.isRunning()).to.equal(false);
    expect(after.port).to.equal(left.port);
  });
});
