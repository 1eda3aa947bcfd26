import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { env } from 'node:process';
import { expect } from 'chai';
import { createAddressGuard } from '#libs/webhooks/address-guard.js';
import { createPoster, type PosterOptions } from '#libs/webhooks/post.js';
import { selfSigned } from './certificate.fixture.js';

describe('sending a webhook over TLS', () => {
  const { key, cert } = selfSigned('partner.example');
  let server: Server;
  let requests = 0;
  let port: number;

  before(async () => {
    server = createServer({ key, cert }, (_, response) => {
      requests++;
      response.end('reached');
    });
    server.on('tlsClientError', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });

  beforeEach(() => {
    requests = 0;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  async function post(host: string, options: Partial<PosterOptions> = {}) {
    const poster = createPoster({
      guard: createAddressGuard(['127.0.0.0/8']),
      allowHttp: false,
      timeoutMs: 5_000,
      resolve: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
      ...options,
    });
    const posted = await poster.post(`https://${host}:${port}/`, { headers: {}, body: '{}' });
    poster.close();
    return posted;
  }

  it('reaches a host whose certificate is trusted and has its name', async () => {
    expect(await post('partner.example', { authorities: cert })).to.include({ kind: 'answered', status: 200, excerpt: 'reached' });
    expect(requests).to.equal(1);
  });

  it('sends nothing to a host with an untrusted certificate or one of another name', async () => {
    expect(await post('partner.example')).to.include({ kind: 'failed', code: 'tls' });
    expect(await post('other.example', { authorities: cert })).to.include({ kind: 'failed', code: 'tls' });
    expect(await post('127.0.0.1', { authorities: cert })).to.include({ kind: 'failed', code: 'tls' });
    expect(requests).to.equal(0);
  });

  it('verifies certificates even where the environment tells Node.js not to', async () => {
    const { NODE_TLS_REJECT_UNAUTHORIZED: previous } = env;
    env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      expect(await post('partner.example')).to.include({ kind: 'failed', code: 'tls' });
    } finally {
      if (previous === undefined) delete env['NODE_TLS_REJECT_UNAUTHORIZED'];
      else env['NODE_TLS_REJECT_UNAUTHORIZED'] = previous;
    }
    expect(requests).to.equal(0);
  });

  it('stops before the handshake at an address that may not be reached', async () => {
    const posted = await post('partner.example', { authorities: cert, guard: createAddressGuard([]) });
    expect(posted).to.include({ kind: 'failed', code: 'address_refused' });
    expect(requests).to.equal(0);
  });
});
