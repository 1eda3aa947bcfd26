import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { expect } from 'chai';

interface Media {
  schema: { $ref?: string; format?: string };
  examples?: Record<string, { $ref: string }>;
}
type Content = Record<string, Media>;
interface Operation {
  requestBody?: { content: Content };
  responses: Record<string, { content?: Content }>;
}

const contract = JSON.parse(readFileSync('docs/reference/openapi.json', 'utf8')) as {
  paths: Record<string, Record<string, Operation>>;
  components: { examples: Record<string, { value: unknown }> };
};

/** Every body of the contract, by a name that finds it. */
const bodies = Object.entries(contract.paths).flatMap(([path, item]) =>
  Object.entries(item).flatMap(([method, { requestBody, responses }]) =>
    Object.entries({ request: requestBody, ...responses }).flatMap(([place, body]) =>
      Object.entries(body?.content ?? {}).map(([type, media]) => ({ name: `${method} ${path} ${place} ${type}`, media })),
    ),
  ),
);

describe('The examples of the contract', function () {
  this.timeout(30_000);

  // The whole document is one schema, so that references into its components are found.
  const ajv = new Ajv2020({ strict: false, allErrors: true });
  (addFormats as unknown as (ajv: Ajv2020) => void)(ajv);
  ajv.addFormat('base64', /^[A-Za-z0-9+/]*={0,2}$/);
  ajv.addSchema(contract, 'contract');

  const exampleOf = ({ examples }: Media): unknown => {
    const name = examples?.['sample']?.$ref.split('/').at(-1);
    return name === undefined ? undefined : contract.components.examples[name]?.value;
  };

  it('exist for every request and every answer but files', () => {
    const bare = bodies.filter(({ media }) => media.schema.format !== 'binary' && exampleOf(media) === undefined);
    expect(bare.map(({ name }) => name)).to.deep.equal([]);
    expect(bodies).to.have.length.above(1_000);
  });

  it('are valid by their schemas', () => {
    const faults = new Set<string>();
    const checked = new Set<string>();
    for (const { name, media } of bodies) {
      const sample = JSON.stringify([media.schema, media.examples]);
      if (media.examples === undefined || checked.has(sample)) continue;
      checked.add(sample);
      const validate = ajv.compile(media.schema.$ref === undefined ? contractOf(media.schema) : { $ref: `contract${media.schema.$ref}` });
      if (!validate(exampleOf(media))) faults.add(`${name}: ${ajv.errorsText(validate.errors)}`);
    }
    expect([...faults]).to.deep.equal([]);
    expect(checked.size).to.be.above(120);
  });

  it('are all used', () => {
    const used = bodies.flatMap(({ media }) => media.examples?.['sample']?.$ref.split('/').at(-1) ?? []);
    expect(Object.keys(contract.components.examples)).to.have.members([...new Set(used)]);
  });
});

const contractOf = (schema: object): object =>
  JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"contract#/components/')) as object;
