import { isUtf8 } from 'node:buffer';
import { Readable } from 'node:stream';
import { applyDecorators } from '@nestjs/common';
import { type FastifyAdapter, RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes } from '@nestjs/swagger';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { shown } from '#libs/claims/index.js';
import { findFault, findRepeatedKey, type RepeatedKey } from '#libs/json/index.js';
import { Problem } from '#libs/problems/index.js';
import type { ByteBudget } from './byte-budget.js';

export const jsonType = 'application/json';
export const yamlType = 'application/yaml';
export const csvType = 'text/csv';
export const ndjsonType = 'application/x-ndjson';
export const formType = 'application/x-www-form-urlencoded';
export const multipartType = 'multipart/form-data';

interface TakingRoute {
  takes?: readonly string[];
}

/** Declares the media types that a route accepts. Without it, a route accepts JSON or no body. */
export const Takes = (...types: string[]): MethodDecorator =>
  applyDecorators(RouteConfig({ takes: types } satisfies TakingRoute), ApiConsumes(...types));

/** An unparsed YAML body: only the bodies of authorised callers are parsed. */
export class YamlText {
  constructor(readonly text: string) {}
}

export interface BodyLimits {
  /** Largest body held in memory, in bytes. */
  bodyLimit: number;
  /** Limits the memory of all bodies held at the same time. */
  bodyBudget: ByteBudget;
  /** How long a body that is held in memory may take to arrive, in milliseconds. */
  bodyMs: number;
}

/** Parses bodies of the media types that their route accepts. Rows of imports are streamed; their reader enforces the limits. */
export function readBodies(adapter: FastifyAdapter, { bodyLimit, bodyBudget: budget, bodyMs }: BodyLimits): void {
  const server = adapter.getInstance();
  server.addHook('preParsing', (request, _reply, payload, done) => done(refusalOf(request), payload));
  server.addHook('preParsing', async (request, reply) => {
    const bytes = bytesRead(request, bodyLimit);
    if (bytes <= freeBodyBytes) return;
    const release = await budget.hold(bytes);
    if (reply.raw.destroyed) release();
    else reply.raw.once('close', release);
  });
  server.addHook('preParsing', (request, reply, payload, done) => {
    if (isHeldInMemory(request)) limitArrival(payload, reply, bodyMs);
    done(null, payload);
  });
  const parseJson = server.getDefaultJsonParser('error', 'error');
  adapter.useBodyParser(jsonType, false, { bodyLimit }, (request, body, done) => {
    if (!isUtf8(body)) return done(notUtf8());
    const text = String(body);
    return parseJson(request, text, (error, value) => done(error === null ? refusalOfText(text) : notJson(text, error), value));
  });
  adapter.useBodyParser(yamlType, false, { bodyLimit }, (_request, body, done) => {
    if (isUtf8(body)) return done(null, new YamlText(String(body)));
    done(notUtf8());
  });
  for (const type of [csvType, ndjsonType]) takeStream(server, type);
}

/** Bodies up to this size bypass the budget. Customers' answers and almost all commands are smaller. */
const freeBodyBytes = 64 * 1024;

const streamedTypes = [csvType, ndjsonType, multipartType];

/** Whether a request has a body that is read as a whole before its handler runs. */
function isHeldInMemory({ headers, routeOptions }: FastifyRequest): boolean {
  const { takes = [jsonType] } = routeOptions.config as TakingRoute;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  return hasBody && !takes.some((type) => streamedTypes.includes(type));
}

/** Returns how many bytes of a body will be held in memory; a body without a length counts as the largest. */
function bytesRead(request: FastifyRequest, bodyLimit: number): number {
  if (!isHeldInMemory(request)) return 0;
  if (request.headers['transfer-encoding'] !== undefined) return bodyLimit;
  return Math.min(Number(request.headers['content-length']), bodyLimit);
}

/**
 * Refuses a body that does not arrive in time. Its share of the budget is held before its sender has proved who they are, so a few slow
 * senders could otherwise keep everyone else's large bodies out for ever.
 */
function limitArrival(payload: Readable, reply: FastifyReply, ms: number): void {
  const timer = setTimeout(() => {
    // Fastify, which is reading the body, answers and closes the connection. Without a reader, an error event would end the process.
    if (payload.listenerCount('error') > 0) payload.emit('error', new Problem('request_timeout'));
  }, ms);
  const settle = () => clearTimeout(timer);
  payload.once('end', settle);
  reply.raw.once('close', settle);
}

const takeStream = (server: FastifyInstance, type: string) =>
  server.addContentTypeParser(type, (_request, payload, done) => done(null, payload));

/** Refuses repeated keys: the sender, not the parser, must choose which value counts. */
function refusalOfText(text: string): Problem | null {
  const repeated = findRepeatedKey(text);
  return repeated === null ? null : new Problem('malformed_body', { detail: repeatedKey(repeated) });
}

export const repeatedKey = ({ key, line, column }: RepeatedKey): string =>
  `The key ${shown(key)} is repeated within one object, at line ${line}, column ${column}. Send it once.`;

/** Longer texts are not searched for the place of a fault, because the search takes time. */
const searchedCharacters = 256 * 1024;

function notJson(text: string, cause: Error): Error {
  if (!('code' in cause) || cause.code !== 'FST_ERR_CTP_INVALID_JSON_BODY' || text.length > searchedCharacters) return cause;
  if (isJson(text)) return new Problem('malformed_body', { detail: 'The body contains a forbidden key, such as __proto__.', cause });
  const place = findFault(text);
  const detail =
    place === null
      ? 'The JSON is cut off: a bracket, brace or quote is not closed.'
      : `The body is not valid JSON at line ${place.line}, column ${place.column}.`;
  return new Problem('malformed_body', { detail, cause });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const notUtf8 = (): Problem => new Problem('malformed_body', { detail: 'The body is not UTF-8.' });

const unsupported = (detail: string): Problem => new Problem('unsupported_media_type', { detail });

const methodsWithBody = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Returns why a body is refused on the basis of its headers, or undefined. */
function refusalOf({ method, headers, is404, routeOptions }: FastifyRequest): Problem | undefined {
  if (is404 || !methodsWithBody.includes(method)) return undefined;
  const { takes = [jsonType] } = routeOptions.config as TakingRoute;
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  // Fastify itself refuses a body without a type.
  if (headers['content-type'] === undefined && takes.includes(jsonType)) return undefined;
  if (!takes.includes(type.trim())) return unsupported(`Send ${takes.join(' or ')}.`);
  const charset = parameters.map((parameter) => /^charset="?([^"]*)"?$/.exec(parameter.trim())?.[1]).find((value) => value !== undefined);
  // The encoding of a CSV is detected from its bytes, because few senders know it.
  if (charset !== undefined && type.trim() !== csvType && !/^utf-?8$/.test(charset))
    return unsupported('Send UTF-8; no other charset is accepted.');
  if ((headers['content-encoding'] ?? 'identity') !== 'identity')
    return unsupported('Send the body uncompressed; no content coding is accepted.');
  return undefined;
}

/** Returns the body of a route that accepts rows. */
export function streamOf({ body }: FastifyRequest): Readable {
  if (body instanceof Readable) return body;
  throw new Error('This route does not accept a streamed body.');
}
