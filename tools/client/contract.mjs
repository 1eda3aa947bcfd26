/**
 * @typedef {object} Contract the parts of an OpenAPI document that a client is made from
 * @property {Record<string, Record<string, Operation>>} paths
 * @property {{ schemas: Record<string, Schema> }} components
 *
 * @typedef {object} Operation
 * @property {string} operationId
 * @property {string} summary
 * @property {string} description
 * @property {Parameter[]} [parameters]
 * @property {{ required?: boolean, content: Record<string, { schema: Schema }> }} [requestBody]
 * @property {Record<string, { content?: Record<string, { schema: Schema }> }>} responses
 *
 * @typedef {{ name: string, in: string, required?: boolean, schema?: Schema }} Parameter
 * @typedef {{ $ref?: string, type?: string | string[], properties?: Record<string, Schema>, items?: Schema, [member: string]: unknown }} Schema
 */

/**
 * Returns the contract as the client presents it: it makes the idempotency keys, and follows a stored command to its outcome.
 * @param {Contract} contract
 * @returns {Contract}
 */
export function contractOfClient(contract) {
  const copy = structuredClone(contract);
  for (const operation of operationsOf(copy).map((found) => found.operation)) {
    for (const parameter of operation.parameters ?? []) if (isKey(parameter)) parameter.required = false;
    if (schemaName(operation.responses['202']) === 'AcceptedOperation') delete operation.responses['202'];
  }
  return copy;
}

/** @param {Parameter} parameter */
export const isKey = ({ name }) => name === 'Idempotency-Key';

/**
 * @param {Contract} contract
 * @returns {{ path: string, method: string, operation: Operation }[]}
 */
export function operationsOf({ paths }) {
  return Object.entries(paths).flatMap(([path, item]) => Object.entries(item).map(([method, operation]) => ({ path, method, operation })));
}

/** The named schema of a JSON answer or body. @param {{ content?: Record<string, { schema: Schema }> } | undefined} message */
export const schemaName = (message) => message?.content?.['application/json']?.schema.$ref?.split('/').at(-1);
