import { createServer, type RequestListener, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { Webhook } from 'standardwebhooks';
import { createAddressGuard } from '#libs/webhooks/address-guard.js';
import { createPoster } from '#libs/webhooks/post.js';
import { delayAfter, probeDelay } from '#libs/webhooks/retry-schedule.js';
import { newSecret, signatureHeaders } from '#libs/webhooks/signature.js';

describe('sending a webhook', () => {
  const servers: Server[] = [];
  const poster = createPoster({ guard: createAddressGuard(['127.0.0.0/8']), allowHttp: true, timeoutMs: 300 });
  const message = { headers: { 'content-type': 'application/json' }, body: '{"type":"claim.submitted"}' };

  after(() => {
    poster.close();
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  async function serveBytes(write: (send: (text: string) => void) => void): Promise<string> {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => write((text) => socket.writable && socket.write(text)));
    });
    server.unref();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  }

  it('reads the beginning of the answer, as text that can be stored', async () => {
    const url = await serve((_, response) => response.writeHead(500).end(`a\0b\u{1F600}${'x'.repeat(100_000)}`));
    const posted = await poster.post(url, message);
    expect(posted).to.include({ kind: 'answered', status: 500, retryAfterMs: null });
    if (posted.kind !== 'answered') return;
    expect(posted.excerpt).to.match(/^a\uFFFDb\u{1F600}x+$/u);
    expect(posted.excerpt.length).to.be.most(1_024);
  });

  it('honours Retry-After in seconds or as a date, within reason', async () => {
    const waits: unknown[] = [];
    const values = ['7', '0', '-3', 'soon', '999999999', '9'.repeat(400), 'from 2099', '2099-01-01', '12.5'];
    for (const value of [...values, new Date(Date.now() + 60_000).toUTCString()]) {
      const url = await serve((_, response) => response.writeHead(429, { 'retry-after': value }).end());
      const posted = await poster.post(url, message);
      waits.push(posted.kind === 'answered' ? posted.retryAfterMs : posted);
    }
    const day = 86_400_000;
    expect(waits.slice(0, -1)).to.deep.equal([7_000, null, null, null, day, day, null, null, null]);
    expect(waits.at(-1)).to.be.within(50_000, 60_000);
  });

  it('takes no longer than its limit, however the receiver dawdles', async () => {
    const silent = await serve(() => undefined);
    const endless = await serve((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(timer));
    });
    const byByte = await serveBytes((send) => {
      let sent = 0;
      const timer = setInterval(() => send('HTTP/1.1 200 OK\r\nx-slow: '[sent++] ?? 'a'), 20);
      timer.unref();
    });
    for (const url of [silent, endless, byByte]) {
      const posted = await poster.post(url, message);
      expect(posted).to.include({ kind: 'failed', code: 'timeout' });
      expect(posted.ms).to.be.below(3_000);
    }
  });

  it('ends when the receiver wants to change to another protocol', async () => {
    const switching = await serveBytes((send) => send('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'));
    expect(await poster.post(switching, message)).to.include({ kind: 'failed', code: 'protocol' });
  });

  it('ends at once when it is interrupted', async () => {
    const silent = await serve(() => undefined);
    const begun = await serve((_, response) => void response.writeHead(200).write('begun'));
    const patient = createPoster({ guard: createAddressGuard(['127.0.0.0/8']), allowHttp: true });
    for (const url of [silent, begun]) {
      const stop = new AbortController();
      setTimeout(() => stop.abort(new Error('The worker stops.')), 50);
      const posted = await patient.post(url, message, stop.signal);
      expect(posted).to.include({ kind: 'failed', code: 'cut', detail: 'The attempt was interrupted and will be repeated.' });
      expect(posted.ms).to.be.below(3_000);
    }
    patient.close();
  });

  it('does not wait for an endpoint that hangs at the same host', async () => {
    const url = await serve((request, response) => void (request.url === '/hangs' || response.end('reached')));
    const hanging = Array.from({ length: 8 }, () => poster.post(`${url}hangs`, message));
    expect(await poster.post(url, message)).to.include({ kind: 'answered', excerpt: 'reached' });
    await Promise.all(hanging);
  });

  it('tries once more on a new connection when a kept one turns out to be closed or spoilt', async () => {
    const endings: ((socket: Socket) => void)[] = [
      (socket) => socket.destroy(),
      (socket) => socket.write('what does not belong here'),
      (socket) => socket.end(),
    ];
    for (const end of endings) {
      let [connections, requests] = [0, 0];
      const server = createTcpServer((socket) => {
        connections++;
        let isUsed = false;
        socket.on('error', () => undefined);
        socket.on('data', () => {
          // It seems to be kept, but serves no second request.
          if (isUsed) return end(socket);
          isUsed = true;
          requests++;
          socket.write('HTTP/1.1 204 No Content\r\nConnection: keep-alive\r\n\r\n');
        });
      });
      server.unref();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
      for (let sent = 1; sent <= 3; sent++) {
        expect(await poster.post(url, message)).to.include({ kind: 'answered', status: 204 });
        expect([connections, requests]).to.deep.equal([sent, sent]);
      }
    }
  });

  it('takes a complete answer for what it is, whatever follows it', async () => {
    const wordy = await serveBytes((send) => send('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more than that'));
    expect(await poster.post(wordy, message)).to.include({ kind: 'answered', status: 200 });
  });

  it('does not try again on a new connection what failed on a new one', async () => {
    let connections = 0;
    const server = createTcpServer((socket) => {
      connections++;
      socket.on('error', () => undefined);
      socket.once('data', () => socket.destroy());
    });
    server.unref();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    expect(await poster.post(url, message)).to.include({ kind: 'failed', code: 'cut' });
    expect(connections).to.equal(1);
  });

  it('names what went wrong', async () => {
    const lying = await serveBytes((send) => send('SSH-2.0-OpenSSH_9.6\r\n'));
    const faults = await Promise.all(
      [lying, 'http://127.0.0.1:1/', 'nonsense', 'ftp://127.0.0.1/'].map(async (url) => {
        const posted = await poster.post(url, message);
        return posted.kind === 'failed' ? posted.code : posted.status;
      }),
    );
    expect(faults).to.deep.equal(['protocol', 'connect', 'url', 'url']);
    const wordy = await serve((_, response) => response.writeHead(200, { 'x-long': 'x'.repeat(20_000) }).end());
    expect(await poster.post(wordy, message)).to.include({ code: 'protocol', detail: 'The headers of the answer are too long.' });
    const strict = createPoster({ guard: createAddressGuard([]), allowHttp: false });
    expect(await strict.post('http://partner.example/', message)).to.include({ code: 'url' });
    for (const fault of [{ code: 'ENOTFOUND' }, { code: 'ETIMEOUT', syscall: 'queryA' }, { code: 'ESERVFAIL', syscall: 'queryAaaa' }]) {
      const resolve = () => Promise.reject(Object.assign(new Error('no such name'), fault));
      const unknown = createPoster({ guard: createAddressGuard([]), allowHttp: true, resolve });
      expect(await unknown.post('http://partner.example/', message)).to.include({ code: 'dns' });
    }
  });
});

describe('the signature of a webhook', () => {
  it('is accepted by the published library, during a rotation with either secret', () => {
    const [previous, next] = [newSecret(), newSecret()];
    const body = JSON.stringify({ type: 'claim.submitted', data: { name: 'Ünïcode 漢字' } });
    const headers = signatureHeaders({ id: 'an-id', at: new Date(), body, secrets: [next, previous] });
    for (const secret of [previous, next]) expect(new Webhook(secret).verify(body, headers)).to.deep.equal(JSON.parse(body));
    expect(() => new Webhook(newSecret()).verify(body, headers)).to.throw();
    expect(() => new Webhook(next).verify(`${body} `, headers)).to.throw();
  });
});

describe('the schedule of retries', () => {
  it('spreads ten attempts over three days', () => {
    const middle = () => 0.5;
    const pauses = Array.from({ length: 9 }, (_, index) => delayAfter(index + 1, middle)!);
    expect(pauses.every((pause, index) => index === 0 || pause >= pauses[index - 1]!)).to.equal(true);
    expect(pauses.reduce((sum, pause) => sum + pause) / 3_600_000).to.be.within(71, 73);
    expect(delayAfter(10)).to.equal(null);
    for (const random of [() => 0, () => 1]) expect(delayAfter(1, random)! / 5_000).to.be.within(0.8, 1.2);
    expect([1, 2, 3, 4, 400].map((failures) => probeDelay(failures, middle) / 1_000)).to.deep.equal([5, 30, 120, 600, 600]);
  });
});
