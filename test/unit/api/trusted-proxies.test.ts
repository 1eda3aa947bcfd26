import { Controller, Get, Module, Req } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { expect } from 'chai';
import type { FastifyRequest } from 'fastify';
import { createHttpAdapter } from '../../../apps/api/src/http/http-adapter.js';

@Controller('trial')
class TrialController {
  @Get()
  show(@Req() request: FastifyRequest): { ip: string } {
    return { ip: request.ip };
  }
}

@Module({ controllers: [TrialController] })
class TrialModule {}

/** The address that the API records for a request that a caller at 127.0.0.1 sent for 203.0.113.7. */
async function recorded(trustedProxies: string[] | undefined): Promise<string> {
  const adapter = createHttpAdapter(trustedProxies === undefined ? {} : { trustedProxies });
  const app = await NestFactory.create<NestFastifyApplication>(TrialModule, adapter, { logger: false });
  try {
    // The first address is what the caller claims itself.
    const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.7' };
    await app.init();
    return (await app.inject({ url: '/trial', headers, remoteAddress: '127.0.0.1' })).json<{ ip: string }>().ip;
  } finally {
    await app.close();
  }
}

describe('the address of a request', () => {
  it('is that of the connection, whatever a header says', async () => {
    expect(await recorded(undefined)).to.equal('127.0.0.1');
    expect(await recorded([])).to.equal('127.0.0.1');
    expect(await recorded(['10.0.0.0/8'])).to.equal('127.0.0.1');
  });

  it('is the last one that a trusted proxy names', async () => {
    expect(await recorded(['127.0.0.0/8'])).to.equal('203.0.113.7');
  });
});
