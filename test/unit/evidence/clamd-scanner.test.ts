import type { Socket } from 'node:net';
import { expect } from 'chai';
import { ClamdScanner } from '#libs/evidence/index.js';
import { eicar, serve, TestClamd } from '../../support/clamd.js';

const clean = Buffer.from('%PDF-1.7 nothing to see');
const infected = Buffer.from(`%PDF-1.7 ${eicar}`);

describe('the scanner that asks clamd', () => {
  it('takes only the word of clamd for clean or infected, whatever the size of the file', async function () {
    this.timeout(30_000);
    const clamd = await TestClamd.reserve();
    const scanner = new ClamdScanner(clamd.address);
    expect(await scanner.scan(clean)).to.deep.equal({ result: 'waiting', scanner: null });
    await clamd.start();
    try {
      const scans = await Promise.all([clean, infected, Buffer.alloc(1_900_000, 'x'), Buffer.alloc(0)].map((bytes) => scanner.scan(bytes)));
      expect(scans.map(({ result }) => result)).to.deep.equal(['clean', 'infected', 'clean', 'clean']);
      expect(scans[0]!.scanner).to.match(/^ClamAV \d/);
    } finally {
      await clamd.stop();
    }
    expect(await scanner.scan(clean)).to.deep.equal({ result: 'waiting', scanner: null });
  });

  const version = 'ClamAV 1.4.6/27500/Mon Nov 30 09:00:00 2026\0';
  const onScan: Record<string, (socket: Socket) => unknown> = {
    'says nothing': () => undefined,
    'closes the connection': (socket) => socket.destroy(),
    'refuses the size of the file before it has all of it': (socket) => socket.end('INSTREAM size limit exceeded. ERROR\0'),
    'has a fault': (socket) => socket.end("Can't allocate memory ERROR\0"),
    'answers about something else': (socket) => socket.end('PONG\0'),
    'stops within its answer': (socket) => socket.end('stream: O'),
    'talks without end': (socket) => socket.write('stream: '.repeat(10_000)),
  };
  for (const [what, answer] of Object.entries(onScan)) {
    it(`leaves a file waiting when clamd ${what}`, async () => {
      const server = await serve(0, (socket) => {
        socket.on('data', (part) => {
          const asked = part.toString('latin1');
          if (asked.startsWith('zVERSION')) socket.end(version);
          else if (asked.startsWith('zINSTREAM')) answer(socket);
        });
      });
      // A busy machine takes its time to answer the first question.
      const scanner = new ClamdScanner({ host: '127.0.0.1', port: server.port }, 1_500);
      try {
        expect(await scanner.scan(Buffer.alloc(3_000_000))).to.deep.equal({ result: 'waiting', scanner: 'ClamAV 1.4.6/27500' });
      } finally {
        await server.stop();
      }
    });
  }

  it('takes another service for none', async () => {
    const server = await serve(0, (socket) => socket.end('220 mail.example ESMTP\0'));
    const scanner = new ClamdScanner({ host: '127.0.0.1', port: server.port }, 300);
    try {
      expect(await scanner.scan(clean)).to.deep.equal({ result: 'waiting', scanner: null });
    } finally {
      await server.stop();
    }
  });
});
