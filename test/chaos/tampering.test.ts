import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { Client } from 'pg';
import { addTenants, publishSecondsPolicy } from '../bench/sandbox.js';
import { submitClaim } from '../support/claim-life.js';
import { type Product, startProduct } from '../support/product.js';

async function connected<Result>(url: string, use: (client: Client) => Promise<Result>): Promise<Result> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

describe('tampering with events', function () {
  this.timeout(120_000);
  let product: Product;
  let claimId: string;

  before(async () => {
    product = await startProduct();
    const [tenant] = await addTenants(product.source, 1);
    claimId = await submitClaim(product, await publishSecondsPolicy(product.source, 600), tenant!);
  });

  after(() => product?.close());

  for (const statement of [
    "UPDATE claim_events SET data = '{}'",
    'DELETE FROM claim_events',
    'TRUNCATE claim_events',
    'ALTER TABLE claim_events DISABLE TRIGGER ALL',
    'DROP TABLE claim_events',
  ]) {
    it(`by "${statement}" is refused to the application's role`, async () => {
      const code = await connected(product.stack.addresses.databaseUrl, (client) =>
        client.query(statement).then(
          () => 'done',
          (error: { code: string }) => error.code,
        ),
      );
      const insufficientPrivilege = '42501';
      expect(code).to.equal(insufficientPrivilege);
    });
  }

  const tamperings: [what: string, sql: string, found: RegExp][] = [
    [
      'changes an event',
      "UPDATE claim_events SET at = at + interval '1 second' WHERE claim_id = $1 AND version = 2",
      /version 2: the event was changed/,
    ],
    ['removes an event', 'DELETE FROM claim_events WHERE claim_id = $1 AND version = 2', /version 2: the event is missing/],
    [
      'removes the last event',
      'DELETE FROM claim_events WHERE claim_id = $1 AND version = (SELECT max(version) FROM claim_events WHERE claim_id = $1)',
      /events are missing at the end/,
    ],
  ];
  for (const [what, sql, found] of tamperings) {
    it(`is found by "cpor verify" when the superuser ${what}`, async () => {
      expect((await product.cpor('verify')).exitCode).to.equal(0);
      await connected(superuserUrl(product), async (client) => {
        await client.query('CREATE TEMP TABLE kept AS SELECT * FROM claim_events WHERE claim_id = $1', [claimId]);
        await client.query(sql, [claimId]);
        const { exitCode, output } = await product.cpor('verify');
        expect(output).to.match(found).and.to.contain(claimId);
        expect(exitCode).to.equal(1);
        await client.query('DELETE FROM claim_events WHERE claim_id = $1', [claimId]);
        await client.query('INSERT INTO claim_events OVERRIDING SYSTEM VALUE SELECT * FROM kept');
      });
      expect((await product.cpor('verify')).exitCode).to.equal(0);
    });
  }
});

function superuserUrl({ stack }: Product): string {
  const credentials = JSON.parse(readFileSync(join(stack.dataDirectory, 'postgres', 'credentials.json'), 'utf8')) as {
    superuserPassword: string;
  };
  const url = new URL(stack.addresses.databaseUrl);
  url.username = 'postgres';
  url.password = credentials.superuserPassword;
  return url.href;
}
