import { createServer } from 'node:http';
import { expect } from 'chai';
import { findFreePort } from '#libs/embedded/index.js';

describe('a preferred port', () => {
  it('is used when it is free', async () => {
    const port = await findFreePort();
    expect(await findFreePort(port)).to.equal(port);
  });

  it('is replaced when another program listens on it', async () => {
    const port = await findFreePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    try {
      const replacement = await findFreePort(port);
      expect(replacement).to.be.within(1024, 65_535).and.not.equal(port);
    } finally {
      server.close();
    }
  });

  it('is replaced when another program listens on it on all addresses', async () => {
    const port = await findFreePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, '0.0.0.0', resolve));
    try {
      expect(await findFreePort(port)).to.not.equal(port);
    } finally {
      server.close();
    }
  });
});
