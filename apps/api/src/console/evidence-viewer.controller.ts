import { readFile } from 'node:fs/promises';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/access.decorator.js';
import { viewerFile } from './console.files.js';

/**
 * Serves the page that draws evidence inside the console. A browser shows no PDF in a sandbox, so this page draws it itself, from bytes that the
 * console hands over. It contains no data of its own.
 */
@ApiExcludeController()
@Public()
@Controller('console/evidence-viewer')
export class EvidenceViewerController {
  private page: Promise<string> | undefined;

  @Get()
  async show(@Res() reply: FastifyReply): Promise<void> {
    this.page ??= readFile(viewerFile, 'utf8');
    const page = await this.page.catch(() => null);
    if (page === null) return void reply.callNotFound();
    await reply
      .type('text/html; charset=utf-8')
      .headers({ 'Content-Security-Policy': viewerPolicy, 'Referrer-Policy': 'no-referrer', 'X-Frame-Options': 'SAMEORIGIN' })
      .send(page);
  }
}

/**
 * The sandbox gives the page an opaque origin, also for whoever opens it alone: no session, no storage, no answer of the API. `'self'` still means where it was loaded
 * from: its own scripts and the data of pdf.js. The decoders of pdf.js are WebAssembly, its parser a worker
 * started from a blob.
 */
const viewerPolicy = [
  'sandbox allow-scripts',
  "default-src 'none'",
  "script-src 'self' 'wasm-unsafe-eval'",
  'worker-src blob:',
  "style-src 'self'",
  'img-src blob:',
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');
