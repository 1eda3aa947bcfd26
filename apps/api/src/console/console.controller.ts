import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Controller, Get, Req, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/access.decorator.js';
import { indexFile } from './console.files.js';

/** Stands in the built page for the nonce of one answer. */
const noncePlaceholder = '%CSP_NONCE%';

/** Serves the console's page at every path below /console: which page that is, the page's own router decides. */
@ApiExcludeController()
@Public()
@Controller('console')
export class ConsoleController {
  private page: Promise<string> | undefined;

  @Get(['', '*'])
  async show(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    // A missing asset is no page: a browser that asks for a script of an older build must not get HTML.
    if (request.url.startsWith('/console/assets/')) return void reply.callNotFound();
    this.page ??= readFile(indexFile, 'utf8');
    const page = await this.page.catch(() => null);
    if (page === null) return void reply.callNotFound();
    const nonce = randomBytes(16).toString('base64');
    await reply
      .type('text/html; charset=utf-8')
      .headers({ 'Content-Security-Policy': pagePolicy(nonce), 'Referrer-Policy': 'same-origin' })
      .send(page.replace(noncePlaceholder, nonce));
  }
}

/**
 * Nothing from elsewhere, no inline script. Only a style element with the nonce of this answer applies: React Aria adds two. Images may be blobs,
 * because evidence is fetched with the session and then shown.
 */
const pagePolicy = (nonce: string): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' blob:",
    "font-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
