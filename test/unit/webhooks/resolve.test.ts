import { createSocket, type Socket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { createResolver } from '#libs/webhooks/resolve.js';

/** A name server that knows quick.example (1.2.3.4), says of other names that they do not exist, and is silent about slow….example. */
async function startNameServer(): Promise<{ server: Socket; address: string }> {
  const server = createSocket('udp4');
  server.on('message', (query, { port, address }) => {
    const name = query.subarray(12, query.indexOf(0, 12)).toString('latin1');
    if (name.includes('slow')) return;
    const type = query.readUInt16BE(query.indexOf(0, 12) + 1);
    const isKnown = name.includes('quick') && type === 1;
    const question = query.subarray(12, query.indexOf(0, 12) + 5);
    const head = Buffer.from(query.subarray(0, 12));
    // An answer, without further sections; the code is "no such name" for a name that is not known.
    head.writeUInt16BE(isKnown || name.includes('quick') ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(isKnown ? 1 : 0, 6);
    head.writeUInt32BE(0, 8);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 1, 2, 3, 4]);
    server.send(Buffer.concat([head, question, ...(isKnown ? [record] : [])]), port, address);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  return { server, address: `127.0.0.1:${server.address().port}` };
}

describe('resolving the host of a webhook', () => {
  let server: Socket;
  let servers: string[];

  before(async () => {
    const started = await startNameServer();
    server = started.server;
    servers = [started.address];
  });
  after(() => server.close());

  it('is not held up by hosts whose name servers do not answer, nor is anything else', async () => {
    const system = () => Promise.reject(new Error('must not be asked'));
    const resolve = createResolver({ servers, system, timeoutMs: 300 });
    let failed = 0;
    const slow = Array.from({ length: 50 }, (_, number) => resolve(`slow${number}.example`).catch(() => failed++));
    expect(await resolve('quick.example')).to.deep.equal([{ address: '1.2.3.4', family: 4 }]);
    await readFile(new URL(import.meta.url));
    expect(failed).to.equal(0);
    await Promise.all(slow);
    expect(failed).to.equal(50);
  }).timeout(30_000);

  it('asks the system for names of the machine and for what name servers do not know, few at a time', async () => {
    const asked: string[] = [];
    const release: (() => void)[] = [];
    const resolve = createResolver({
      servers,
      system: async (hostname) => {
        asked.push(hostname);
        await new Promise<void>((proceed) => release.push(proceed));
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    const names = ['localhost', 'a.localhost', 'unknown.example'];
    const found = Promise.all(names.map(resolve));
    while (asked.length < 2 || release.length < 2) await new Promise(setImmediate);
    await resolve('quick.example');
    expect(asked).to.deep.equal(['localhost', 'a.localhost']);
    while (release.length > 0 || asked.length < 3) {
      release.shift()?.();
      await new Promise(setImmediate);
    }
    release.shift()?.();
    expect((await found).flat().map(({ address }) => address)).to.deep.equal(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    expect(asked).to.deep.equal(names);
  });

  it('asks the system when there are no name servers', async () => {
    const resolve = createResolver({ servers: ['127.0.0.1:1'], system: () => Promise.resolve([{ address: '10.0.0.1', family: 4 }]) });
    expect(await resolve('somewhere.example')).to.deep.equal([{ address: '10.0.0.1', family: 4 }]);
  }).timeout(20_000);
});
