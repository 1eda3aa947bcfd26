import { expect } from 'chai';
import { formTokenOf } from '../../support/customer.js';
import { bringBack, takeDown } from '../../support/database.js';
import { type Field, Visitor } from './visitor.js';

describe("An answer on the customer's page", () => {
  let visitor: Visitor;

  before(async function () {
    this.timeout(60_000);
    visitor = await Visitor.start();
  });
  after(() => visitor?.close());

  it('is stored at once, and the same link shows its receipt before and after it is executed', async () => {
    const { claimId, token } = await visitor.openWindow();
    const formToken = formTokenOf((await visitor.open(token)).text);
    const startedAt = performance.now();
    const sent = await visitor.send(token, [
      ['formToken', formToken],
      ['line', '1'],
      ['reason', 'We do not know them.'],
      ['scope', 'selected'],
    ]);
    expect([sent.status, sent.headers.get('location')]).to.deep.equal([303, `/n/${token}`]);
    expect(performance.now() - startedAt).to.be.below(1_000);
    const recorded = await visitor.open(token);
    expect(recorded.text).to.include('Your answer is recorded');
    await visitor.claims.drain(claimId);
    const executed = await visitor.open(token);
    expect(executed.text).to.include('Your refusal is recorded').and.include('name="formToken"');
    const phases = await visitor.database.source.query<{ phase: string }[]>(
      'SELECT phase FROM claim_lines WHERE claim_id = $1 ORDER BY line',
      [claimId],
    );
    expect(phases.map(({ phase }) => phase)).to.deep.equal(['rejected', 'consent_pending']);
    const [{ body }] = (await visitor.refusalsOf(claimId)) as [{ body: object }];
    expect(JSON.stringify(body)).not.to.include('know them');
  });

  it('is counted once after a double click', async () => {
    const { claimId, token } = await visitor.openWindow();
    const fields: Field[] = [
      ['formToken', formTokenOf((await visitor.open(token)).text)],
      ['scope', 'all'],
    ];
    const replies = await Promise.all([visitor.send(token, fields), visitor.send(token, fields)]);
    expect(replies.map(({ status }) => status)).to.deep.equal([303, 303]);
    expect(await visitor.refusalsOf(claimId)).to.have.length(1);
    await visitor.claims.drain(claimId);
    expect((await visitor.send(token, fields)).status).to.equal(303);
    expect(await visitor.refusalsOf(claimId)).to.have.length(1);
  });

  it('keeps what was entered if something is missing', async () => {
    const { claimId, token } = await visitor.openWindow();
    const formToken = formTokenOf((await visitor.open(token)).text);
    const withoutLine = await visitor.send(token, [
      ['formToken', formToken],
      ['reason', 'Because <b>.'],
      ['scope', 'selected'],
    ]);
    expect(withoutLine.status).to.equal(422);
    expect(withoutLine.text).to.include('role="alert"').and.include('Because &lt;b&gt;.');
    const tooLong = await visitor.send(token, [
      ['formToken', formToken],
      ['line', '1'],
      ['reason', 'x'.repeat(1001)],
      ['scope', 'selected'],
    ]);
    expect(tooLong.status).to.equal(422);
    const forged = await visitor.send(token, [
      ['formToken', 'guess'],
      ['line', '1'],
      ['scope', 'selected'],
    ]);
    expect(forged.status).to.equal(422);
    expect(await visitor.refusalsOf(claimId)).to.deep.equal([]);
  });

  it('is not taken for a refusal if it is unclear, and the page explains what to choose', async () => {
    const { claimId, token } = await visitor.openWindow();
    const formToken = formTokenOf((await visitor.open(token)).text);
    const reason: Field = ['reason', 'Because.'];
    for (const [fields, explanation] of [
      [[['line', '1']], 'does not say what to do'],
      [
        [
          ['line', '1'],
          ['scope', 'refuse'],
        ],
        'does not say what to do',
      ],
      [
        [
          ['line', '1'],
          ['scope', ''],
        ],
        'does not say what to do',
      ],
      [
        [
          ['line', '1'],
          ['scope', 'selected'],
          ['scope', 'accept'],
        ],
        'did not arrive correctly',
      ],
      [
        [
          ['line', '99'],
          ['scope', 'selected'],
        ],
        'names a product that is not on this page',
      ],
      [
        [
          ['line', '1'],
          ['line', '99'],
          ['scope', 'selected'],
        ],
        'names a product that is not on this page',
      ],
      [
        [
          ['line', '99'],
          ['scope', 'all'],
        ],
        'names a product that is not on this page',
      ],
      [
        [
          ['line', 'teams'],
          ['scope', 'selected'],
        ],
        'did not arrive correctly',
      ],
      [
        [
          ['line', '1'],
          ['scope', 'selected'],
          ['block', 'no'],
        ],
        'did not arrive correctly',
      ],
      [
        [
          ['line', '1'],
          ['scope', 'selected'],
          ['reason', 'And.'],
        ],
        'did not arrive correctly',
      ],
    ] as [Field[], string][]) {
      const reply = await visitor.send(token, [['formToken', formToken], reason, ...fields]);
      expect([reply.status, reply.text.includes('role="alert"'), reply.text.includes(explanation)], JSON.stringify(fields)).to.deep.equal([
        422,
        true,
        true,
      ]);
    }
    const commands = await visitor.database.source.query(
      "SELECT FROM claim_commands WHERE claim_id = $1 AND type IN ('optOut', 'acceptClaim')",
      [claimId],
    );
    expect(commands).to.deep.equal([]);
    const twice: Field[] = [
      ['formToken', formToken],
      ['line', '1'],
      ['line', '1'],
      ['scope', 'selected'],
    ];
    expect((await visitor.send(token, twice)).status).to.equal(303);
  });

  it('cannot accept with a reason, whose text is kept for a refusal', async () => {
    const { claimId, token } = await visitor.openWindow();
    const fields: Field[] = [
      ['formToken', formTokenOf((await visitor.open(token)).text)],
      ['line', '1'],
      ['reason', 'They do good work.'],
    ];
    const refused = await visitor.send(token, [...fields, ['scope', 'accept']]);
    expect([refused.status, refused.text.includes('which is not possible with an acceptance.')]).to.deep.equal([422, true]);
    expect(refused.text).to.include('They do good work.</textarea>');
    const accepted = await visitor.database.source.query("SELECT FROM claim_commands WHERE claim_id = $1 AND type = 'acceptClaim'", [
      claimId,
    ]);
    expect(accepted).to.deep.equal([]);
    expect((await visitor.send(token, [...fields, ['scope', 'selected']])).status).to.equal(303);
    const [{ body }] = (await visitor.refusalsOf(claimId)) as [{ body: { textId: string } }];
    const texts = await visitor.database.source.query('SELECT content FROM personal_data WHERE person_id = $1', [body.textId]);
    expect(texts).to.deep.equal([{ content: { text: 'They do good work.' } }]);
  });

  it('is never confirmed while the database is down, and the page asks the customer to try again', async function () {
    this.timeout(40_000);
    const { claimId, token } = await visitor.openWindow();
    const fields: Field[] = [
      ['formToken', formTokenOf((await visitor.open(token)).text)],
      ['scope', 'all'],
    ];
    await takeDown(visitor.database);
    try {
      const [shown, sent] = [await visitor.open(token), await visitor.send(token, fields)];
      expect([shown.status, sent.status]).to.deep.equal([503, 503]);
      expect(sent.text).to.include('not recorded');
    } finally {
      await bringBack(visitor.database);
    }
    expect((await visitor.send(token, fields)).status).to.equal(303);
    expect(await visitor.refusalsOf(claimId)).to.have.length(1);
  });
});
