import { type AddressInfo, createServer, type Socket } from 'node:net';
import { createServer as createHttpServer } from 'node:http';
import { expect } from 'chai';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { issuerKeys, verifyToken } from '#libs/auth/index.js';
import { HttpDirectoryProvider } from '#libs/directory/index.js';
import { createMailer, type MailFault, type OutgoingMail } from '#libs/notices/index.js';
import { TestDirectoryService } from '../support/directory-service.js';
import { FrozenProxy } from '../support/frozen-proxy.js';
import { TestRelay } from '../support/relay.js';
import { waitFor } from '../support/wait.js';

const portOf = (url: string): number => Number(new URL(url).port);

/** Hosts that vanish: sockets stay open, and nothing comes. */
describe('a service whose host vanishes', function () {
  this.timeout(30_000);
  const closers: (() => unknown)[] = [];

  afterEach(async () => {
    for (const close of closers.splice(0).reverse()) await close();
  });

  async function behindProxy(url: string): Promise<{ proxy: FrozenProxy; url: string }> {
    const proxy = await FrozenProxy.open({ port: portOf(url) });
    closers.push(() => proxy.close());
    return { proxy, url: proxy.inFrontOf(url).replace(/\/$/, '') };
  }

  /** How often an attempt failed, and how long it was until one did not. */
  async function untilDone(work: () => Promise<unknown>, limitMs: number): Promise<{ failures: number; ms: number }> {
    const beganAt = performance.now();
    for (let failures = 0; ; failures++) {
      try {
        await work();
        return { failures, ms: performance.now() - beganAt };
      } catch (error) {
        if (performance.now() - beganAt > limitMs) throw error;
      }
    }
  }

  it('as the directory costs a look-up one attempt: the next goes over a connection of its own', async () => {
    const facts = { location: null, tenant: null, identifiers: {} };
    const service = new TestDirectoryService({ lookUp: () => Promise.resolve({ askedAt: '', ...facts }) });
    await service.start();
    closers.push(() => service.stop());
    const { proxy, url } = await behindProxy(service.url);
    const limits = { attemptMs: 500, totalMs: 5_000, freshMs: 0, firstPauseMs: 1, longestPauseMs: 2 };
    const directory = new HttpDirectoryProvider({ url, token: service.token }, limits);
    const lookUp = () => directory.lookUp({ partnerId: '4012345', tenantId: '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10', identifiers: [] });
    await lookUp();
    proxy.freeze();
    const during = lookUp();
    proxy.takeOver();
    await during;
    const { ms } = await untilDone(lookUp, 5_000);
    expect(ms).to.be.lessThan(5_000);
    expect(proxy.held).to.equal(0);
  });

  describe('as the mail relay', () => {
    const mail: OutgoingMail = {
      to: 'anna@contoso.example',
      subject: 'Claim CLM-000123',
      text: 'Text',
      html: '<p>Text</p>',
      messageId: 'notice-1.recipient-2@cpor.example',
      envelopeFrom: 'bounces+notice-1@cpor.example',
    };
    const limits = { connectMs: 500, silenceMs: 500, totalMs: 1_500 };

    const faultOf = (work: Promise<unknown>): Promise<MailFault | null> =>
      work.then(
        () => null,
        (error: MailFault) => error,
      );

    it('fails what was under way, and the next mail is sent by a connection of its own', async () => {
      const relay = new TestRelay();
      await relay.start();
      closers.push(() => relay.stop());
      const { proxy, url } = await behindProxy(relay.url);
      const mailer = createMailer(url, 'cpor@cpor.example', limits);
      closers.push(() => mailer.close());
      await Promise.all(Array.from({ length: 5 }, () => mailer.send(mail)));
      proxy.freeze();
      const during = await Promise.all(Array.from({ length: 7 }, () => faultOf(mailer.send(mail))));
      for (const fault of during) expect(fault?.name).to.equal('MailFault');
      proxy.takeOver();
      await untilDone(() => mailer.send(mail), 5_000);
      expect(proxy.held).to.equal(0);
    });

    it('is given up in the end where it always says a little more', async () => {
      const talking = new Set<Socket>();
      const relay = createServer((socket) => {
        talking.add(socket);
        socket.resume();
        socket.write('220 relay\r\n');
        const timer = setInterval(() => socket.write('250-one moment\r\n'), 100);
        socket.on('error', () => undefined).on('close', () => (clearInterval(timer), talking.delete(socket)));
      });
      relay.listen(0, '127.0.0.1');
      await new Promise((resolve) => relay.once('listening', resolve));
      closers.push(() => relay.close());
      const mailer = createMailer(`smtp://127.0.0.1:${(relay.address() as AddressInfo).port}`, 'cpor@cpor.example', limits);
      closers.push(() => mailer.close());
      const beganAt = performance.now();
      const fault = await faultOf(mailer.send(mail));
      expect([fault?.name, fault?.code]).to.deep.equal(['MailFault', 'ETIMEDOUT']);
      expect(performance.now() - beganAt).to.be.lessThan(4_000);
      await waitFor('the connection to be given up', () => talking.size === 0, 5_000);
    });
  });

  it('as the token issuer is given up, and asked again with the next token', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256' };
    let issuer = '';
    const server = createHttpServer((request, response) => {
      const isDiscovery = request.url === '/.well-known/openid-configuration';
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify(isDiscovery ? { issuer, jwks_uri: `${issuer}/keys` } : { keys: [jwk] }));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closers.push(() => (server.close(), server.closeAllConnections()));
    const { proxy, url } = await behindProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    issuer = url;
    const token = await new SignJWT({ roles: ['operator'] })
      .setProtectedHeader({ alg: 'ES256', kid: 'one', typ: 'at+jwt' })
      .setIssuer(issuer)
      .setAudience('cpor')
      .setSubject('olga')
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign(privateKey);
    const verify = () => verifyToken(token, { issuer, audience: 'cpor', keys });
    const keys = issuerKeys(issuer, { timeoutMs: 500 });
    proxy.freeze();
    const beganAt = performance.now();
    const refused = await verify().catch((error: Error) => error);
    expect(refused).to.be.instanceOf(Error);
    expect(performance.now() - beganAt).to.be.lessThan(3_000);
    proxy.takeOver();
    await untilDone(verify, 3_000);
    expect(proxy.held).to.equal(0);
  });
});
