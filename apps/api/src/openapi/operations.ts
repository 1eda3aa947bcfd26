import type { OpenAPIObject } from '@nestjs/swagger';
import { problemAnswer } from '../http/documentation.js';

interface Schema {
  type?: string;
  enum?: unknown[];
  default?: unknown;
  [member: string]: unknown;
}

interface Operation {
  security?: unknown[];
  parameters?: { name: string; in: string; schema?: Schema; [member: string]: unknown }[];
  requestBody?: unknown;
  responses: Record<string, unknown>;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
type Method = (typeof methods)[number];

const idempotencyKey = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'Use a new key for every new request and the same key for a retry. A key is bound to the caller, the method and this path, ids included.',
  schema: { type: 'string', minLength: 1, maxLength: 255, example: '7c6f2a0e-5b7e-4c57-9d0c-0a4b8c1f3f55' },
};

const prefer = {
  name: 'Prefer',
  in: 'header',
  required: false,
  description: '`respond-async` returns 202 immediately instead of waiting for the outcome.',
  schema: { type: 'string', example: 'respond-async' },
};

/** Adds what operations share: keys, the 202 of commands, and possible problems. */
export function completeOperations(document: OpenAPIObject): void {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const operation = (item as Partial<Record<Method, Operation>>)[method];
      if (operation !== undefined) complete(path, method, operation);
    }
  }
}

/** A table is text, whatever schema its rows have in JSON. */
function describeTables({ responses }: Operation): void {
  for (const { content } of Object.values(responses) as { content?: Record<string, { schema?: unknown }> }[]) {
    const table = content?.['text/csv'];
    if (table !== undefined) table.schema = { type: 'string', description: 'A table with a header row.' };
  }
}

function complete(path: string, method: Method, operation: Operation): void {
  describeTables(operation);
  const isKeyed = method === 'post' && path.startsWith('/v1/') && !path.startsWith('/v1/sandbox/');
  const isCommand =
    method !== 'get' &&
    /^\/v1\/(claims|notices|tenants|review-queue)\b/.test(path) &&
    !/\/(imports|updates|legal-holds|snapshots|decision-previews)\b/.test(path);
  const demandsVersion = operation.parameters?.some(({ name, required }) => name === 'If-Match' && required === true) === true;
  for (const parameter of operation.parameters ?? []) describeBoolean(parameter);
  const namesVersion = operation.parameters?.some(({ name }) => name === 'If-Match') === true;
  const isConditional = operation.parameters?.some(({ name }) => name === 'If-None-Match') === true;
  if (isKeyed || isCommand) operation.parameters = [...(operation.parameters ?? []), { ...idempotencyKey, required: isKeyed }];
  if (isCommand) operation.parameters = [...(operation.parameters ?? []), prefer];
  if (isCommand) operation.responses['202'] = acceptedAnswer;
  if (!operation.security) operation.security = [];
  const isSecured = operation.security.length > 0;
  const statuses = [
    ...(operation.requestBody !== undefined || isKeyed ? [400, 408, 413, 415] : []),
    ...(isSecured ? [401, 403] : []),
    ...(path.includes('{') ? [404] : []),
    ...(isCommand ? [409] : []),
    ...(namesVersion ? [412] : []),
    ...(path.startsWith('/v1/') ? [422] : []),
    ...(demandsVersion || method === 'put' ? [428] : []),
    431,
    ...(path === '/livez' ? [] : [500]),
    ...(isSecured ? [429, 503] : []),
  ];
  for (const status of statuses) operation.responses[String(status)] ??= problemAnswer(status);
  if (isConditional)
    operation.responses['304'] = { description: 'The caller has the current representation.', headers: { ETag: entityTagHeader } };
  addHeaders(operation, { isCommand, isConditional });
  if (isSecured) addLimits(operation);
}

/** A query has only text, so a boolean is read as one of two words; a client should see a boolean. */
function describeBoolean(parameter: { schema?: Schema }): void {
  const { enum: words, default: initial, ...schema } = parameter.schema ?? {};
  if (words?.join() !== 'true,false') return;
  parameter.schema = { ...schema, type: 'boolean', ...(initial !== undefined && { default: initial === 'true' }) };
}

const acceptedAnswer = {
  description: 'Stored, but not yet executed.',
  headers: {
    Location: { description: 'The operation that reports the outcome.', schema: { type: 'string' } },
    'Retry-After': { description: 'Seconds to wait before reading the operation.', schema: { type: 'string', example: '1' } },
  },
  content: { 'application/json': { schema: { $ref: '#/components/schemas/AcceptedOperation' } } },
};

const replayedHeader = {
  description: '`true` if an earlier request under this key was executed; the response shows the claim as it is now.',
  schema: { type: 'string', example: 'true' },
};

const entityTagHeader = {
  description: 'The version, and a digest of what this caller was sent.',
  schema: { type: 'string', example: '"3.4mGq0uTtQkqYvYjI4c5b0A"' },
};

function addHeaders(operation: Operation, { isCommand, isConditional }: { isCommand: boolean; isConditional: boolean }): void {
  for (const status of ['200', '201']) {
    const response = operation.responses[status] as
      | { headers?: Record<string, unknown>; content?: Record<string, { schema?: { $ref?: string } }> }
      | undefined;
    const schema = response?.content?.['application/json']?.schema?.$ref;
    if (response === undefined || !(isConditional || schema === '#/components/schemas/Claim')) continue;
    response.headers = {
      ETag: entityTagHeader,
      ...(isCommand && { 'Idempotent-Replayed': replayedHeader }),
    };
  }
}

/** Headers that every answer to an authenticated caller has, and those that say when to come back. */
const limitHeaders = ['RateLimit', 'RateLimit-Policy'];

function addLimits(operation: Operation): void {
  for (const [status, response] of Object.entries(operation.responses) as [string, { headers?: Record<string, unknown> }][]) {
    const isLimited = status.startsWith('2') || status === '429';
    const names = [...(isLimited ? limitHeaders : []), ...(status === '429' ? ['Retry-After'] : [])];
    if (names.length === 0) continue;
    operation.responses[status] = {
      ...response,
      headers: { ...response.headers, ...Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }])) },
    };
  }
}

export const sharedHeaders = {
  RateLimit: {
    description:
      'What is left of the limit that the request counts towards: `r` requests, and one more in `t` seconds. Absent if there are no limits.',
    schema: { type: 'string', example: '"read";r=99;t=1' },
  },
  'RateLimit-Policy': {
    description: 'The limit that the request counts towards: `q` requests at once, and again in `w` seconds.',
    schema: { type: 'string', example: '"read";q=100;w=10' },
  },
  'Retry-After': { description: 'Seconds to wait before the next request.', schema: { type: 'string', example: '1' } },
};
