import { z } from 'zod';
import { Identifier, Location, lookUpAnswer, lookUpRequest, Subscription, Tenant } from './contract.js';

const schemas = { LookUpRequest: lookUpRequest, LookUpAnswer: lookUpAnswer, Location, Tenant, Subscription, Identifier };

/** Returns the contract of a vendor's own directory as an OpenAPI 3.1 document. */
export function directoryOpenApi(): object {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id });
  const printed = z.toJSONSchema(registry, { io: 'input', uri: reference }).schemas;
  const components = Object.entries(printed).map(([id, { $schema: _, $id: __, ...schema }]): [string, object] => [id, schema]);
  return {
    openapi: '3.1.0',
    info: { title: 'Customer directory of a vendor', version: '1', description: 'What cpor expects of the service at DIRECTORY_URL.' },
    paths: {
      '/': {
        post: {
          operationId: 'lookUp',
          summary: 'Look up a location, a tenant and identifiers',
          description:
            'Read-only, so it can be retried. Look-ups are posted to DIRECTORY_URL exactly as configured; the path is your choice.',
          security: [{ bearer: [] }],
          parameters: [
            {
              name: 'X-Request-Id',
              in: 'header',
              required: true,
              description: 'The same for every attempt at one look-up.',
              schema: { type: 'string', format: 'uuid' },
            },
          ],
          requestBody: { required: true, content: json('LookUpRequest') },
          responses: {
            200: { description: 'The known facts; null for an unknown location or tenant.', content: json('LookUpAnswer') },
            '4XX': { description: 'Not retried, except 429 after its Retry-After.' },
            '5XX': { description: 'Retried, after Retry-After if present.' },
          },
        },
      },
    },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }, schemas: Object.fromEntries(components) },
  };
}

const reference = (id: string): string => `#/components/schemas/${id}`;
const json = (id: string) => ({ 'application/json': { schema: { $ref: reference(id) } } });
