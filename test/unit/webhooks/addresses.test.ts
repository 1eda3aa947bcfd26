import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import fc from 'fast-check';
import { createAddressGuard } from '#libs/webhooks/address-guard.js';
import { createPoster, type PosterOptions } from '#libs/webhooks/post.js';
import { checkUrl } from '#libs/webhooks/webhook-url.js';

const nowhere = createAddressGuard([]);
const loopback = createAddressGuard(['127.0.0.0/8']);
const message = { headers: {}, body: '{}' };

describe('the addresses that webhooks may reach', () => {
  const refused = [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.254', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ...[
      '192.0.0.1',
      '192.0.2.1',
      '192.168.1.1',
      '198.18.0.1',
      '198.19.255.255',
      '198.51.100.1',
      '203.0.113.1',
      '224.0.0.1',
      '255.255.255.255',
    ],
    ...[
      '::',
      '::1',
      'fe80::1',
      'fe80::1%eth0',
      'fc00::1',
      'fd00:ec2::254',
      'fec0::1',
      'ff02::1',
      '2001:db8::1',
      '2002:7f00:1::',
      '2001::1',
    ],
    ...[
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '::ffff:10.0.0.1',
      '::127.0.0.1',
      '64:ff9b::7f00:1',
      '64:ff9b::10.0.0.1',
      '64:ff9b::169.254.169.254',
      '64:ff9b::0.0.0.1',
      '64:ff9b:1::1',
      '100::1',
      'localhost',
      '',
    ],
  ];
  for (const address of refused) it(`do not include ${address || 'nothing'}`, () => expect(nowhere.isAllowed(address)).to.equal(false));

  for (const address of [
    '1.1.1.1',
    '172.15.255.255',
    '172.32.0.1',
    '100.63.255.255',
    '100.128.0.0',
    '198.20.0.0',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    // What DNS64 makes of 8.8.8.8 in a network without IPv4.
    '64:ff9b::808:808',
  ])
    it(`include ${address}`, () => expect(nowhere.isAllowed(address)).to.equal(true));

  it('are those outside the refused networks, computed by plain arithmetic', () => {
    const ranges: [string, number][] = [
      ...(['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16', '172.16.0.0/12', '192.0.0.0/24'] as const),
      ...([
        '192.0.2.0/24',
        '192.88.99.0/24',
        '192.168.0.0/16',
        '198.18.0.0/15',
        '198.51.100.0/24',
        '203.0.113.0/24',
        '224.0.0.0/3',
      ] as const),
    ].map((network) => [network.split('/')[0]!, Number(network.split('/')[1])]);
    const numberOf = (address: string) => address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
    const textOf = (number: number) => [24, 16, 8, 0].map((bits) => Math.floor(number / 2 ** bits) % 256).join('.');
    const isIn = (number: number, [from, bits]: [string, number]) => {
      const size = 2 ** (32 - bits);
      return Math.floor(number / size) === Math.floor(numberOf(from) / size);
    };
    const borders = ranges.flatMap(([from, bits]) => [numberOf(from), numberOf(from) + 2 ** (32 - bits)]);
    const near = fc.tuple(fc.constantFrom(...borders), fc.integer({ min: -3, max: 3 })).map(([border, by]) => border + by);
    const anyAddress = fc.oneof(near, fc.integer({ min: 0, max: 2 ** 32 - 1 })).filter((number) => number >= 0 && number < 2 ** 32);
    fc.assert(
      fc.property(anyAddress, (number) => {
        const isPublic = !ranges.some((range) => isIn(number, range));
        expect(nowhere.isAllowed(textOf(number)), textOf(number)).to.equal(isPublic);
        expect(nowhere.isAllowed(`::ffff:${textOf(number)}`)).to.equal(isPublic);
      }),
      { numRuns: 2_000 },
    );
  });

  it('include the networks that an operator allows', () => {
    const guard = createAddressGuard(['10.20.0.0/16', 'fd12:3456::/32', '64:ff9b::/96']);
    expect(['10.20.3.4', '::ffff:10.20.3.4', '64:ff9b::10.20.3.4', 'fd12:3456::7'].every((address) => guard.isAllowed(address))).to.equal(
      true,
    );
    expect(['10.21.0.1', '127.0.0.1', 'fd12:3457::1', '64:ff9b::169.254.169.254'].some((address) => guard.isAllowed(address))).to.equal(
      false,
    );
  });
});

describe('the URL of a webhook endpoint', () => {
  const fault = (text: string, allowHttp = false, guard = nowhere) => {
    const checked = checkUrl(text, { allowHttp, guard });
    return 'fault' in checked ? checked.fault : checked.url;
  };

  it('is https with a public host', () => {
    expect(fault('https://Partner.Example/hooks?key=1')).to.equal('https://partner.example/hooks?key=1');
    expect(fault('https://partner.example:8443')).to.equal('https://partner.example:8443/');
    expect(fault('http://partner.example')).to.match(/https/);
    expect(fault('ftp://partner.example')).to.match(/https/);
    expect(fault('partner.example')).to.match(/Must be a URL/);
    expect(fault('https://user:pass@partner.example')).to.match(/user or a password/);
    expect(fault('https://partner.example/#top')).to.match(/fragment/);
    expect(fault('https://partner.example/#')).to.match(/fragment/);
    expect(fault('https://intranet/hooks')).to.match(/full host name/);
  });

  for (const host of [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    'localhost',
    'a.localhost',
    'x.internal',
    'printer.local',
    'localhost.',
    'localhost..',
  ])
    it(`is not at ${host}, unless an operator allows it`, () => {
      expect(fault(`https://${host}/`)).to.match(/public address/);
    });

  it('may have the name of a private network when an operator allows one, but not that of the machine', () => {
    const corporate = createAddressGuard(['10.20.0.0/16']);
    expect(fault('https://hooks.internal/', false, corporate)).to.equal('https://hooks.internal/');
    expect(fault('https://hooks.corp.local/', false, corporate)).to.equal('https://hooks.corp.local/');
    expect(fault('https://localhost/', false, corporate)).to.match(/public address/);
    expect(fault('https://localhost/', false, createAddressGuard(['::1/128']))).to.equal('https://localhost/');
  });

  it('may be on loopback and without TLS in a sandbox', () => {
    expect(fault('http://127.0.0.1:8080/', true, loopback)).to.equal('http://127.0.0.1:8080/');
    expect(fault('http://localhost:8080/', true, loopback)).to.equal('http://localhost:8080/');
  });
});

describe('sending to an address that may not be reached', () => {
  let server: Server;
  let requests = 0;
  let connections = 0;
  let port: number;

  before(async () => {
    server = createServer((_, response) => {
      requests++;
      response.end('reached');
    });
    server.on('connection', () => connections++);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    ({ port } = server.address() as AddressInfo);
  });

  beforeEach(() => {
    requests = 0;
    connections = 0;
  });

  after(() => new Promise((resolve) => server.close(resolve)));

  const named = (...answers: string[][]) => {
    let asked = 0;
    return () => Promise.resolve(answers[Math.min(asked++, answers.length - 1)]!.map((address) => ({ address, family: 4 })));
  };
  async function post(url: string, more: Partial<PosterOptions> = {}) {
    const poster = createPoster({ guard: nowhere, allowHttp: true, ...more });
    const posted = await poster.post(url, message);
    poster.close();
    return posted;
  }

  for (const host of ['127.0.0.1', '2130706433', '0x7f000001', '0177.0.0.1', '127.1', '[::ffff:127.0.0.1]'])
    it(`stops at the literal ${host}`, async () => {
      expect(await post(`http://${host}:${port}/`)).to.include({ kind: 'failed', code: 'address_refused' });
      expect(connections).to.equal(0);
      expect((await post(`http://${host}:${port}/`, { guard: loopback })).kind).to.equal('answered');
      expect(requests).to.equal(1);
    });

  it('stops at a name that resolves to it', async () => {
    const options = { resolve: named(['127.0.0.1']) };
    expect(await post(`http://partner.example:${port}/`, options)).to.include({ code: 'address_refused' });
    expect(connections).to.equal(0);
    expect((await post(`http://partner.example:${port}/`, { ...options, guard: loopback })).kind).to.equal('answered');
  });

  it('stops at a name of which one address may be reached and another may not', async () => {
    const posted = await post(`http://partner.example:${port}/`, { resolve: named(['1.1.1.1', '127.0.0.1']) });
    expect(posted).to.include({ code: 'address_refused' });
    expect(JSON.stringify(posted)).to.not.include('127.0.0.1');
    expect(connections).to.equal(0);
  });

  it('judges each connection by the address that it goes to, whatever the name meant before', async () => {
    const poster = createPoster({ guard: nowhere, allowHttp: true, timeoutMs: 300, resolve: named(['192.0.3.1'], ['127.0.0.1']) });
    expect((await poster.post(`http://rebinding.example:${port}/`, message)).kind).to.equal('failed');
    expect(await poster.post(`http://rebinding.example:${port}/`, message)).to.include({ code: 'address_refused' });
    poster.close();
    expect(connections).to.equal(0);
  });

  it('judges the address of the connection itself', async () => {
    let asked = 0;
    // Lets through the address before the connection, and refuses it when it is made.
    const posted = await post(`http://127.0.0.1:${port}/`, { guard: { ...nowhere, isAllowed: () => asked++ === 0 } });
    expect(posted).to.include({ code: 'address_refused' });
    expect([asked, requests]).to.deep.equal([2, 0]);
  });

  it('names no address that it could not connect to', async () => {
    const options = { guard: createAddressGuard(['127.0.0.0/8']), resolve: named(['127.0.0.53']) };
    const refusedByHost = await post('http://partner.example:1/', options);
    const codes = ['EPERM', 'ECONNREFUSED', 'ENOTFOUND'].map((code) => Object.assign(new Error(`connect ${code} 10.20.0.5:443`), { code }));
    const others = await Promise.all(codes.map((error) => post('http://partner.example/', { resolve: () => Promise.reject(error) })));
    for (const posted of [refusedByHost, ...others]) {
      expect(posted.kind).to.equal('failed');
      expect(JSON.stringify(posted)).to.not.match(/127\.|10\.20/);
    }
  });

  it('does not follow a redirect to it', async () => {
    const redirecting = createServer((_, response) => response.writeHead(307, { location: `http://127.0.0.1:${port}/` }).end());
    await new Promise<void>((resolve) => redirecting.listen(0, '127.0.0.2', resolve));
    const guard = createAddressGuard(['127.0.0.2/32']);
    const posted = await post(`http://127.0.0.2:${(redirecting.address() as AddressInfo).port}/`, { guard });
    redirecting.close();
    expect(posted).to.include({ kind: 'answered', status: 307 });
    expect(requests).to.equal(0);
  });
});
