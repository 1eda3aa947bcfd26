import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { checkoutRoot } from '#libs/embedded/index.js';

interface Schema {
  type?: string;
  properties?: object;
  [member: string]: unknown;
}

/** Returns a check whether a value is what a schema of the API's contract says, and nothing more. It returns the faults; none if it is. */
export function contractCheck(name: string): (value: unknown) => string[] {
  const contract = JSON.parse(readFileSync(join(checkoutRoot, 'docs/reference/openapi.json'), 'utf8'), (_, value: Schema) =>
    value?.type === 'object' && value.properties !== undefined ? { additionalProperties: false, ...value } : value,
  ) as object;
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  formats.default(ajv);
  ajv.addSchema(contract, 'contract');
  const validate = ajv.compile({ $ref: `contract#/components/schemas/${name}` });
  return (value) => (validate(value) ? [] : (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`));
}
