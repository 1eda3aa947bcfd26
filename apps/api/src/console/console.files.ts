import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { checkoutRoot } from '#libs/embedded/index.js';

/** What set-up builds from apps/console. */
const folder = join(checkoutRoot, 'dist', 'console');

export const indexFile = join(folder, 'index.html');
export const viewerFile = join(folder, 'evidence-viewer.html');

/** Serves the console's scripts and styles, compressed at build time. Their names contain a hash of their content, so they never change. */
export async function serveConsoleFiles(app: NestFastifyApplication): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(folder, 'assets'),
    prefix: '/console/assets/',
    preCompressed: true,
    cacheControl: true,
    immutable: true,
    maxAge: '365d',
    index: false,
    decorateReply: false,
    // The viewer of evidence has an opaque origin, and loads its scripts from here. They are the same for everybody.
    setHeaders: (reply) => void reply.header('Access-Control-Allow-Origin', '*'),
  });
}
