import { expect } from 'chai';
import { parse } from 'yaml';
import { samplePolicy } from '#libs/programmes/index.js';
import { asYaml, content, outcomeOf, Publisher, yaml } from './publisher.js';

describe('A published document', () => {
  let publisher: Publisher;

  before(async function () {
    this.timeout(60_000);
    publisher = await Publisher.start();
  });
  after(() => publisher?.close());

  it('is exported as YAML or JSON, and changes nothing when it is sent back', async () => {
    for (const accept of ['application/json', 'application/yaml']) {
      const exported = await publisher.get('programmes/sample/versions/1', { accept });
      expect(exported.headers.get('content-type')).to.equal(`${accept}; charset=utf-8`);
      expect(exported.headers.get('etag')).to.match(/^"1\./);
      expect(accept === 'application/yaml' ? parse(exported.text) : exported.body).to.deep.equal(samplePolicy);
      const back = await publisher.put('programmes/sample', yaml(exported.text), { 'content-type': accept });
      expect(outcomeOf(back)).to.deep.equal([200, 'unchanged', 1]);
    }
    expect(Object.keys((await publisher.get('programmes/sample/versions/1')).body)).to.deep.equal(
      Object.keys((await schema())['properties']),
    );
  });

  it('is refused with the position of a YAML fault, and if it is not an object', async () => {
    const broken = await publisher.put('programmes/sample', yaml('name: sample\n  areas: [\n'), asYaml);
    expect([broken.status, broken.body['code']]).to.deep.equal([400, 'malformed_body']);
    expect(broken.body['detail']).to.match(/^The YAML cannot be read at line \d+, column \d+ \([A-Z_]+\)\.$/);
    for (const text of ['', '- a list', 'a word']) {
      expect((await publisher.put('programmes/sample', yaml(text), asYaml)).body['code'], text).to.equal('malformed_body');
    }
    expect((await publisher.put('programmes/sample', ['a list'])).body['code']).to.equal('malformed_body');
    const bomb = Array.from(
      { length: 9 },
      (_, depth) => `a${depth}: &a${depth} [${depth === 0 ? 'x' : `*a${depth - 1}`.concat(`,*a${depth - 1}`.repeat(8))}]`,
    );
    expect((await publisher.put('programmes/sample', yaml(bomb.join('\n')), asYaml)).body['code']).to.equal('malformed_body');
  });

  it('is refused if it is nested too deeply', async () => {
    const deep = `{"name": ${'['.repeat(100_000)}${']'.repeat(100_000)}}`;
    for (const type of ['application/json', 'application/yaml']) {
      const reply = await publisher.put('programmes/sample', yaml(deep), { 'content-type': type });
      expect([reply.status, reply.body['code']], type).to.deep.equal([400, 'malformed_body']);
    }
  });

  it('can be YAML, unlike the bodies of other endpoints', async () => {
    const claim = await publisher.api.call('POST', '/v1/claims', {
      token: await publisher.api.token('claim_user'),
      body: yaml('name: a'),
      headers: asYaml,
    });
    expect([claim.status, claim.body['code']]).to.deep.equal([415, 'unsupported_media_type']);
  });

  it('is sent in the preferred accepted media type, or refused with 406', async () => {
    const reply = await publisher.get('programmes/sample/versions/1', { accept: 'text/html' });
    expect([reply.status, reply.body['code']]).to.deep.equal([406, 'not_acceptable']);
    const weighed = await publisher.get('programmes/sample/versions/1', { accept: 'application/json;q=0.5, application/yaml' });
    expect(weighed.headers.get('content-type')).to.match(/^application\/yaml/);
  });

  it('is not found under an unknown version or name', async () => {
    for (const path of [
      'programmes/sample/versions/2',
      'programmes/nothing/versions/1',
      'programmes/nothing/versions',
      'calendars/nothing/versions',
    ]) {
      expect((await publisher.get(path)).status, path).to.equal(404);
    }
  });

  it('has the properties of the published JSON Schema', async () => {
    const { $schema, required, properties } = await schema();
    expect($schema).to.equal('https://json-schema.org/draft/2020-12/schema');
    expect(Object.keys(properties as object)).to.have.members(Object.keys(samplePolicy));
    // A programme may have no statement to sign.
    expect([...(required as string[]), 'statementOfWork']).to.have.members(Object.keys(content));
  });

  const schema = async () => (await publisher.get('programmes/schema')).body;
});
