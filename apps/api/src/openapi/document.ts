import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { programmeDocument } from '#libs/programmes/index.js';
import { CalendarDocument } from '../calendars/calendars.controller.js';
import { WebhookCloudEvent, WebhookEvent } from '../webhooks/webhook-event.schema.js';
import { addExamples } from './add-examples.js';
import { completeOperations, sharedHeaders } from './operations.js';
import { AcceptedOperation, ProblemBody } from './common.schemas.js';
import { webhooks } from './webhooks.js';

const description = `Claims by partners to be the partner of record for a customer's workload or subscription, from draft to official association.

* Every POST under \`/v1\`, except those of the sandbox, needs an \`Idempotency-Key\`. A key is bound to its caller, method and path. A retry returns the stored outcome, with \`Idempotent-Replayed: true\` and the claim as it is now; a different body is refused with \`idempotency_conflict\`.
* An \`ETag\` contains the version and, where the resource can be read, a digest of what the caller was sent. Edits and decisions send it in \`If-Match\`: 428 if it is missing, 412 if the version has changed since. A list of ETags, \`*\` and the bare version in quotes are accepted too. A GET with \`If-None-Match\` returns 304 if nothing has changed for this caller.
* Wherever a path takes the id of a claim, it takes its number too. Answers give the id.
* A command that is not executed within seconds returns \`202\` with the \`Location\` of an operation and \`Retry-After\`. It is stored and will be executed.
* Errors give the location as \`pointer\`, a JSON Pointer into the body or the claim. An error without one concerns the parameter or header in \`field\`.
* A page of this origin whose person signed in at \`/sign-in\` needs no bearer token: the browser sends its session cookie. Requests of other sites are refused, and all but GET need the header \`X-CSRF-Token\` with the token from \`GET /session\`.
* Every error response is \`application/problem+json\` with a stable \`code\`; [/problems](/problems) lists all codes with cause and remedy.
* Requests of a caller are limited, by kind: \`RateLimit-Policy\` gives the limit and \`RateLimit\` what is left. A request beyond it returns 429 with \`Retry-After\`, in seconds.
* Lists return \`{ items, next }\`; pass \`next\` as \`cursor\` to get the next page.
* A method that is not allowed returns 405 with \`Allow\`; a URL and headers of more than 16 KiB return 431; an unsupported media type or charset returns 415.
* Fields and codes are only ever added: ignore unknown fields and expect new enumeration values.`;

const tags: [name: string, description: string][] = [
  ['people', 'Who the caller is here.'],
  ['members', 'Roles that a partner assigns to its people.'],
  ['claims', "The partner's actions on a claim, and reading claims."],
  ['imports', 'Importing many claims from one file.'],
  ['updates', 'Changing many claims by one file.'],
  ['snapshots', 'Submitted versions shared by a link.'],
  ['evidence', 'Files that prove the work; visible to the claiming partner and to reviewers.'],
  ['reviews', "The vendor's actions: review, information requests, decisions."],
  ['disputes', 'Disputes of rejections, once per rejection.'],
  ['rivals', 'Partners competing for one target.'],
  ['associations', 'Partners of record and their targets, past and present.'],
  ['webhooks', 'Endpoints to which events are sent.'],
  ['notices', "Notices, and the customer's answers to them."],
  ['tenants', "The customer's own view: pending claims, choices and blocked partners."],
  ['operations', 'Accepted commands and their outcomes.'],
  ['programmes', 'Programmes: catalogue, clocks and reason codes.'],
  ['calendars', 'Calendars of business days.'],
  ['usage', 'Monthly usage of live associations, and its import.'],
  ['reports', 'Missed deadlines and calendar coverage.'],
  ['retention', 'Legal holds, which keep a claim from being erased.'],
  ['contacts', 'Data stored about a person.'],
  ['sessions', 'Sessions of browsers.'],
  ['sandbox', 'Sandbox mode only.'],
  ['health', 'Probes for operators.'],
  ['problems', 'The meaning of each error code.'],
];

/** Creates the OpenAPI document, which depends only on the source code. */
export function createDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('cpor')
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This installation')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Access token from the OpenID Connect issuer.' });
  for (const [name, text] of tags) builder.addTag(name, text);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    autoTagControllers: false,
    operationIdFactory: (controller, method) =>
      `${controller.replace(/Controller$/, '').replace(/^./, (first) => first.toLowerCase())}_${method}`,
    standardSchemaConverter,
  });
  addSchemas(document);
  completeOperations(document);
  addExamples(document);
  Object.assign(document.components!, { headers: sharedHeaders });
  return { ...sorted(document), webhooks } as OpenAPIObject;
}

/** Converts zod schemas to JSON Schema 2020-12; schemas with an id become components. */
function standardSchemaConverter(schema: unknown, { schemaType }: { schemaType: 'input' | 'output' }) {
  const { $defs, $schema: _dialect, ...converted } = toJsonSchema(schema as z.ZodType, schemaType);
  const { id } = converted;
  const components = Object.fromEntries(Object.entries($defs ?? {}).map(([name, definition]) => [name, withoutId(definition)]));
  if (typeof id !== 'string') return { schema: converted, components };
  return { schema: { $ref: `#/components/schemas/${id}` }, components: { ...components, [id]: withoutId(converted) } };
}

type JsonSchema = Record<string, unknown>;

const toJsonSchema = (schema: z.ZodType, io: 'input' | 'output') =>
  z.toJSONSchema(schema, { target: 'draft-2020-12', io, unrepresentable: 'any' }) as JsonSchema & { $defs?: Record<string, JsonSchema> };

const withoutId = ({ id: _id, ...rest }: JsonSchema): JsonSchema => rest;

/** Adds schemas that no operation refers to. */
function addSchemas(document: OpenAPIObject): void {
  document.components ??= {};
  const schemas = (document.components.schemas ??= {}) as Record<string, unknown>;
  const add = (schema: z.ZodType, schemaType: 'input' | 'output') =>
    Object.assign(schemas, amongComponents(standardSchemaConverter(schema, { schemaType }).components));
  for (const schema of [ProblemBody, AcceptedOperation, WebhookEvent, WebhookCloudEvent]) add(schema, 'output');
  for (const schema of [programmeDocument, CalendarDocument]) add(schema, 'input');
}

/** Lets definitions refer to each other as components, as NestJS does with those of operations. */
const amongComponents = (definitions: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(definitions).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema;

/** Sorts paths and components, so that moving code does not change the document. */
function sorted(document: OpenAPIObject): OpenAPIObject {
  const byName = <Value>(record: Record<string, Value> = {}) =>
    Object.fromEntries(
      Object.keys(record)
        .sort()
        .map((name) => [name, record[name]!]),
    );
  const { components = {} } = document;
  return { ...document, paths: byName(document.paths), components: { ...components, schemas: byName(components.schemas) } };
}
