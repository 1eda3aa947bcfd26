import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Logger } from 'nestjs-pino';
import type { ApiConfig } from './api.config.js';
import { ApiModule } from './api.module.js';
import { AnswerInterceptor } from './http/answer.js';
import { createHttpAdapter } from './http/http-adapter.js';
import { ProblemFilter } from './http/problem.filter.js';
import { RequestValidationPipe } from './http/validation.pipe.js';

/** Builds the API, ready to listen. */
export async function createApp(config: ApiConfig): Promise<NestFastifyApplication> {
  const app = await NestFactory.create<NestFastifyApplication>(ApiModule.with(config), createHttpAdapter(), {
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(Logger));
  app.useGlobalFilters(new ProblemFilter());
  app.useGlobalPipes(new RequestValidationPipe());
  app.useGlobalInterceptors(new AnswerInterceptor());
  app.enableShutdownHooks();
  return app;
}
