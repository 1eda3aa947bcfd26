import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { programmeDocument } from '#libs/programmes/index.js';
import { CalendarDocument } from '../calendars/calendars.controller.js';
import { completeOperations } from './operations.js';
import { AcceptedOperation, ProblemBody } from './common.schemas.js';

const description = `Claims of partners to serve a customer's workload or subscription, from draft to official association.

* Every POST under \`/v1\` needs an \`Idempotency-Key\`, but for those of the sandbox. It holds for its caller and its address: a repeat there answers the stored outcome, marked by \`Idempotent-Replayed: true\` and beside the claim as it stands now, another body there is \`idempotency_conflict\`, and at another address it is another key.
* A claim's \`ETag\` is its version. Changes and decisions name it in \`If-Match\`: 428 without, 412 when it has moved on.
* What is not settled within seconds is answered \`202\` with the \`Location\` of an operation, and \`Retry-After\`. It is stored and will be carried out.
* Errors name the place by \`pointer\`, a JSON Pointer into the body or the claim; what has none is about the parameter or header in \`field\`.
* Whatever is not a success is \`application/problem+json\` with a stable \`code\`; [/problems](/problems) lists them with cause and remedy.
* Lists answer \`{ items, next }\`; \`next\` goes into \`cursor\`.
* A wrong method is answered 405 with \`Allow\`, address and headers of more than 16 KiB 431, bodies in another media type or charset 415.
* Fields and codes are only ever added. Treat enumerations as open.`;

const tags: [name: string, description: string][] = [
  ['claims', "The partner's part of a claim, and what all may read of it."],
  ['imports', 'Many claims at once, from a file.'],
  ['evidence', 'Files that prove the work, seen by the own partner and by reviewers.'],
  ['reviews', "The vendor's part: review, questions, decisions."],
  ['disputes', 'Once per rejection.'],
  ['rivals', 'Several partners for one target.'],
  ['associations', 'Who is partner of record on what, and since when.'],
  ['notices', "The customer's part of a claim."],
  ['tenants', 'What a customer reads of its own, and whom it lets claim.'],
  ['operations', 'Commands that were accepted.'],
  ['programmes', 'Catalogue, clocks and reasons.'],
  ['calendars', 'Business days.'],
  ['usage', 'Monthly figures of live associations, and the files they come from.'],
  ['reports', 'Deadlines that were missed.'],
  ['retention', 'What keeps a claim from being erased.'],
  ['contacts', 'What is held about a person.'],
  ['sandbox', 'Sandbox mode only.'],
  ['health', 'For those who run it.'],
  ['problems', 'What each code means.'],
];

/** Describes the API: the same for the same source, whatever it runs on. */
export function createDocument(app: INestApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('cpor')
    .setDescription(description)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/', 'This installation')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'Access token of the OpenID Connect issuer.' });
  for (const [name, text] of tags) builder.addTag(name, text);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    autoTagControllers: false,
    operationIdFactory: (controller, method) =>
      `${controller.replace(/Controller$/, '').replace(/^./, (first) => first.toLowerCase())}_${method}`,
    standardSchemaConverter,
  });
  addSchemas(document);
  completeOperations(document);
  return sorted(document);
}

/** Writes zod schemas as JSON Schema 2020-12; those with an id become components. */
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

/** Schemas that no operation names by itself. */
function addSchemas(document: OpenAPIObject): void {
  document.components ??= {};
  const schemas = (document.components.schemas ??= {}) as Record<string, unknown>;
  for (const schema of [ProblemBody, AcceptedOperation]) {
    Object.assign(schemas, standardSchemaConverter(schema, { schemaType: 'output' }).components);
  }
  for (const schema of [programmeDocument, CalendarDocument]) {
    Object.assign(schemas, standardSchemaConverter(schema, { schemaType: 'input' }).components);
  }
}

/** Paths and components in alphabetical order, so that moving code changes nothing. */
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
