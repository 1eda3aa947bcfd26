import multipart from '@fastify/multipart';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule } from '@nestjs/swagger';
import { Logger } from 'nestjs-pino';
import { MetricsServer } from '#libs/metrics/index.js';
import type { ApiConfig } from './api.config.js';
import { ApiModule } from './api.module.js';
import { serveConsoleFiles } from './console/console.files.js';
import { maximumUploadBytes } from './evidence/evidence.upload.js';
import { AnswerInterceptor } from './http/answer.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RequestValidationPipe } from './http/validation.pipe.js';
import { measureRequests } from './metrics/http-metrics.js';
import { createDocument } from './openapi/document.js';
import { BrowserSessions } from './sign-in/browser-sessions.js';

/** Creates the API, ready to listen. */
export async function createApp(config: ApiConfig): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(config), createHttpAdapter(config.api), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  measureRequests(app.getHttpAdapter().getInstance(), app.get(MetricsServer).registry);
  app.get(BrowserSessions).installOn(app.getHttpAdapter().getInstance());
  await app.register(multipart, { limits: { fileSize: maximumUploadBytes, files: 1, fields: 10, fieldSize: 10_000, parts: 12 } });
  await serveConsoleFiles(app);
  // HSTS belongs to the proxy that terminates TLS; pages and files set their own content policy.
  app.useSecurityHeaders({ contentSecurityPolicy: false, strictTransportSecurity: false, xFrameOptions: { action: 'deny' } });
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalInterceptors(new AnswerInterceptor());
  SwaggerModule.setup('docs', app, () => createDocument(app), { jsonDocumentUrl: 'openapi.json', customSiteTitle: 'cpor API' });
  app.enableShutdownHooks();
  return app;
}
