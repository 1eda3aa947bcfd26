import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { map, type Observable } from 'rxjs';
import { isKnownToCaller } from './entity-tag.js';

/** A handler's response with a status and headers of its own. */
export class Answer<Body = unknown> {
  constructor(
    readonly status: number,
    readonly body: Body,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}
}

/** Writes the status and the headers of an `Answer`. A GET of what the caller already has, by its ETag, is answered with 304 and no body. */
@Injectable()
export class AnswerInterceptor implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const http = context.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const isRead = ['GET', 'HEAD'].includes(request.method);
    return next.handle().pipe(
      map((value: unknown): unknown => {
        if (!(value instanceof Answer)) return value;
        const { status, headers } = value;
        const body = value.body as unknown;
        void reply.code(status).headers(headers);
        if (!isRead || headers['ETag'] === undefined) return body;
        // To be kept by the caller alone, and asked for again before each use.
        void reply.header('Cache-Control', 'private, no-cache');
        if (!isKnownToCaller(request, headers['ETag'])) return body;
        void reply.code(304);
        return undefined;
      }),
    );
  }
}
