import { expect } from 'chai';
import { samplePolicy } from '#libs/programmes/index.js';
import { formTokenOf as tokenOfLink } from '../../../apps/api/src/customer-page/answer.form.js';
import { LinkLimit } from '../../../apps/api/src/limits/link-limit.js';
import { formTokenOf } from '../../support/customer.js';
import { copyOf, type Field, Visitor } from './visitor.js';

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];

describe('A program that follows every link and posts every form', () => {
  let visitor: Visitor;

  before(async function () {
    this.timeout(60_000);
    visitor = await Visitor.start();
    const body = { ...samplePolicy, name: 'open', evidence: { ...samplePolicy.evidence, customerSees: 'full' } };
    await visitor.database.source.query(`INSERT INTO policies (name, version, effective_from, body) VALUES ('open', 1, '2025-01-01', $1)`, [
      body,
    ]);
    let ms = 0;
    visitor.api.app.get(LinkLimit).now = () => (ms += 60_000);
  });
  after(() => visitor?.close());

  /** Everything that an answer would change. */
  const recorded = async () =>
    (
      await visitor.database.source.query<object[]>(
        'SELECT (SELECT count(*) FROM claim_events) AS events, (SELECT count(*) FROM claim_commands) AS commands, (SELECT sum(version) FROM claims) AS versions',
      )
    )[0];

  it('changes nothing by any method on any address below a link, with any body but the form itself', async function () {
    this.timeout(60_000);
    const own = await visitor.openWindow('open');
    const other = await visitor.openWindow('open');
    const page = (await visitor.open(own.token)).text;
    const copy = copyOf(page);
    const file = /\/evidence\/([0-9a-f-]+)/.exec(page)![1]!;
    const paths = [
      `/n/${own.token}`,
      `/n/${own.token}?lang=ru&scope=all&line=1&formToken=${tokenOfLink(own.token)}`,
      `/n/${own.token}/deadline.ics`,
      `/n/${own.token}/evidence/${file}`,
      `/n/copy/${copy}`,
      `/n/copy/${copy}/deadline.ics`,
      `/n/${copy}`,
    ];
    const fields = (formToken: string | null): Field[] => [
      ...(formToken === null ? [] : [['formToken', formToken] satisfies Field]),
      ['line', '1'],
      ['scope', 'all'],
    ];
    const multipart = (formToken: string) => {
      const form = new FormData();
      for (const [name, value] of fields(formToken)) form.append(name, value);
      return form;
    };
    const right = tokenOfLink(own.token);
    const bodies: Record<string, () => unknown> = {
      'no token': () => new URLSearchParams(fields(null)),
      'an empty token': () => new URLSearchParams(fields('')),
      'a wrong token': () => new URLSearchParams(fields(`${right.slice(0, -1)}-`)),
      "another notice's token": () => new URLSearchParams(fields(tokenOfLink(other.token))),
      'the token of the copy': () => new URLSearchParams(fields(tokenOfLink(copy))),
      'two tokens': () =>
        new URLSearchParams([
          ['formToken', right],
          ['formToken', right],
          ['scope', 'all'],
        ]),
      'the token as multipart': () => multipart(right),
      'the token as JSON': () => Object.fromEntries(fields(right)),
    };
    const before = await recorded();
    for (const path of paths)
      for (const method of methods) {
        const sent = ['GET', 'HEAD', 'OPTIONS'].includes(method) ? { nothing: () => undefined } : bodies;
        for (const [what, body] of Object.entries(sent)) {
          const { status } = await visitor.api.call(method, path, { body: body(), key: null });
          expect(await recorded(), `${method} ${path} with ${what} answered ${status}`).to.deep.equal(before);
          expect(status, `${method} ${path} with ${what}`).to.be.below(500).and.not.equal(303);
        }
      }

    // The same form with the token that its page shows is an answer: the requests above differ in nothing else.
    const answer = await visitor.send(own.token, fields(formTokenOf(page)));
    expect(answer.status).to.equal(303);
    expect(await visitor.refusalsOf(own.claimId)).to.have.length(1);
  });

  it('is told, as a person would be, what to do, and how it stands is shown unchanged', async () => {
    const { token } = await visitor.openWindow();
    const sent = await visitor.send(token, [
      ['line', '1'],
      ['scope', 'all'],
    ]);
    expect(sent.status).to.equal(422);
    expect(sent.text).to.include('Your answer was not recorded').and.include('Check your answer and send it again.').and.include('<form');
  });
});
