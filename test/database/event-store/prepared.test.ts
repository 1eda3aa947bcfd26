import { expect } from 'chai';
import { prepared } from '#libs/event-store/index.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';

describe('a prepared statement', () => {
  let database: TestDatabase;

  before(async () => {
    database = await createTestDatabase({ poolSize: 1 });
  });

  after(() => database?.close());

  const preparedTexts = async () => {
    const rows = await database.source.query<{ statement: string }[]>('SELECT statement FROM pg_prepared_statements');
    return rows.map(({ statement }) => statement);
  };

  it('is planned only once per connection, unlike other statements', async () => {
    const registered = prepared('SELECT $1::int + 1 AS sum');
    for (const number of [1, 2]) {
      expect(await database.source.query(registered, [number])).to.deep.equal([{ sum: number + 1 }]);
      await database.source.query('SELECT $1::int + 2 AS sum', [number]);
    }
    expect(await preparedTexts()).to.deep.equal([registered]);
  });
});
