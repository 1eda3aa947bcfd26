import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { type DatabaseFault, databaseFaultOf } from '#libs/event-store/index.js';
import { Problem, type ProblemCode, toProblemJson } from '#libs/problems/index.js';
import { instanceOf } from './request-address.js';

/** Codes for statuses of the framework and the body parsers. Their texts are not passed on, because some repeat the input. */
const codesByStatus: Record<number, ProblemCode> = {
  400: 'malformed_body',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'invalid_request',
  429: 'too_many_requests',
  503: 'service_unavailable',
};

/** Codes for errors of Fastify and its plugins whose status is vague or misleading. */
const codesByCause: Record<string, ProblemCode> = {
  FST_ERR_BAD_URL: 'not_found',
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
  FST_INVALID_MULTIPART_CONTENT_TYPE: 'unsupported_media_type',
};

/** Answers every exception as `application/problem+json`. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  catch(exception: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    answerProblem(exception, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

/** Converts an exception to a problem and answers the request with it. Faults are logged, refusals are not. */
export function answerProblem(exception: unknown, request: FastifyRequest, reply: FastifyReply): void {
  if (hasHungUp(exception, reply)) return;
  const requestId = request.id;
  const problem = toProblem(exception, request);
  if (problem.kind === 'fault') logFault(problem, requestId);
  // Once a stream has started, its failure can only be shown by breaking the connection.
  if (reply.raw.headersSent) {
    reply.raw.destroy();
    return;
  }
  void reply
    .code(problem.status)
    .headers({ ...problem.headers, 'Request-Id': requestId })
    .type('application/problem+json')
    .send(JSON.stringify(toProblemJson(problem, instanceOf(request), requestId)));
}

/** Returns whether the caller disconnected while sending, which is not a fault of the API. */
const hasHungUp = (exception: unknown, reply: FastifyReply): boolean => reply.raw.destroyed && causeCodeOf(exception) === 'ECONNRESET';

const logger = new Logger('Problem');

function logFault(problem: Problem, requestId: string): void {
  const { cause } = problem;
  logger.error(
    `${requestId} ${problem.code}: ${cause instanceof Error ? cause.message : problem.detail}`,
    cause instanceof Error ? cause.stack : undefined,
  );
}

function toProblem(exception: unknown, { routeOptions }: FastifyRequest): Problem {
  if (exception instanceof Problem) return exception;
  const fault = databaseFaultOf(exception);
  if (fault !== null) return new Problem('service_unavailable', { headers: { 'Retry-After': retryAfter[fault] }, cause: exception });
  const status = statusOf(exception);
  // A 4xx status never becomes an internal error.
  const unlisted = status !== undefined && status < 500 ? 'invalid_request' : 'internal_error';
  const code = codesByCause[causeCodeOf(exception)] ?? codesByStatus[status ?? 500] ?? unlisted;
  return new Problem(code, { cause: exception, ...(code === 'payload_too_large' && { detail: limitOf(routeOptions.bodyLimit) }) });
}

const limitOf = (bytes: number): string => `At most ${bytes / 1024} KiB are accepted here.`;

/** In seconds. A failover takes a few; disk space must be freed by a person. */
const retryAfter: Record<DatabaseFault, string> = {
  database_unreachable: '2',
  database_overloaded: '2',
  database_read_only: '5',
  database_full: '30',
};

function causeCodeOf(exception: unknown): string {
  const cause = exception instanceof HttpException ? exception.cause : exception;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** Returns the status of a Nest exception, or of an error of Fastify and its plugins. */
function statusOf(exception: unknown): number | undefined {
  if (exception instanceof HttpException) return exception.getStatus();
  const status = exception instanceof Error && 'statusCode' in exception ? exception.statusCode : undefined;
  return typeof status === 'number' && status >= 400 && status < 500 ? status : undefined;
}
