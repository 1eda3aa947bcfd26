import type { NestFastifyApplication } from '@nestjs/platform-fastify';

/** Bodies that are read as they come in, by the endpoints that take them; nobody else takes these types. */
const streamedTypes: Record<string, RegExp> = {
  'application/x-ndjson': /^\/v1\/claims\/imports(\?|$)/,
  'text/csv': /^\/v1\/(claims|usage)\/imports(\?|$)/,
};

/** Hands such a body over as a stream, without a limit of its own: whoever reads it counts. */
export function takeStreams(app: NestFastifyApplication): void {
  const server = app.getHttpAdapter().getInstance();
  for (const [type, urls] of Object.entries(streamedTypes)) {
    server.addContentTypeParser(type, (request, payload, done) => {
      if (urls.test(request.url)) done(null, payload);
      else done(Object.assign(new Error(`${type} is not taken here.`), { statusCode: 415 }));
    });
  }
}
