import { expect } from 'chai';
import fc from 'fast-check';
import { samplePolicies, samplePolicy } from '#libs/programmes/index.js';
import { calendarType, changesBetween, parseYaml, toYaml } from '#libs/publications/index.js';
import { formOf } from '../../../apps/api/src/http/yaml.js';

describe('the changes between two documents', () => {
  it('are empty for equal documents, regardless of the order of fields', () => {
    expect(changesBetween({ a: 1, b: [{ code: 'x' }] }, { b: [{ code: 'x' }], a: 1 })).to.deep.equal([]);
  });

  it('identify list entries by code, not by position', () => {
    const from = {
      products: [
        { code: 'a', state: 'active' },
        { code: 'b', state: 'active' },
      ],
    };
    const to = {
      products: [
        { code: 'new', state: 'active' },
        { code: 'a', state: 'active' },
        { code: 'b', state: 'retired' },
      ],
    };
    expect(changesBetween(from, to)).to.deep.equal([
      { path: 'products[new]', from: null, to: { code: 'new', state: 'active' } },
      { path: 'products[b].state', from: 'active', to: 'retired' },
    ]);
  });

  it('include removed entries and a changed order', () => {
    const from = [{ code: 'a' }, { code: 'b' }, { code: 'c' }];
    const to = [{ code: 'c' }, { code: 'a' }];
    expect(changesBetween({ list: from }, { list: to })).to.deep.equal([
      { path: 'list[b]', from: { code: 'b' }, to: null },
      { path: 'list (order)', from: ['a', 'c'], to: ['c', 'a'] },
    ]);
  });

  it('identify activities by code and areas', () => {
    const changed = structuredClone(samplePolicy);
    changed.activities.find(({ code, areas }) => code === 'usage' && areas.includes('modern_work_security'))!.isIncentivised = false;
    expect(changesBetween(samplePolicy, changed)).to.deep.equal([
      { path: 'activities[usage in modern_work_security].isIncentivised', from: true, to: false },
    ]);
  });

  it('treat lists without unique codes as a single value', () => {
    expect(changesBetween({ days: [30, 7, 1] }, { days: [30, 7] })).to.deep.equal([{ path: 'days', from: [30, 7, 1], to: [30, 7] }]);
    expect(changesBetween({ list: [{ code: 'a' }, { code: 'a' }] }, { list: [] })).to.deep.equal([
      { path: 'list', from: [{ code: 'a' }, { code: 'a' }], to: [] },
    ]);
  });

  it('handle fields named like inherited properties', () => {
    const named = JSON.parse('{"constructor": 1, "toString": 2}') as unknown;
    expect(changesBetween({}, named)).to.deep.equal([
      { path: 'constructor', from: null, to: 1 },
      { path: 'toString', from: null, to: 2 },
    ]);
  });

  it('never include equal values, for arbitrary JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const json = (value: unknown) => JSON.stringify(value);
        expect(changesBetween(a, structuredClone(a))).to.deep.equal([]);
        for (const { from, to } of changesBetween(a, b)) expect(json(from)).not.to.equal(json(to));
      }),
    );
  });
});

describe('a calendar document', () => {
  it('has faults without a full stop, as the response adds one', () => {
    const parsed = calendarType.parse({ coversFrom: 'soon' });
    const messages = parsed.ok ? [] : parsed.faults.map(({ message }) => message);
    expect(messages).to.include('coversFrom must be a date such as 2026-01-31');
    expect(messages.filter((message) => message.endsWith('.'))).to.deep.equal([]);
  });
});

describe('a YAML document', () => {
  it('round-trips', () => {
    for (const policy of samplePolicies) expect(parseYaml(toYaml(policy))).to.deep.equal({ ok: true, value: policy });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (made) => {
        // As sent over the wire, where zero has no sign.
        const value = JSON.parse(JSON.stringify(made)) as unknown;
        expect(parseYaml(toYaml(value))).to.deep.equal({ ok: true, value });
      }),
    );
  });

  it('keeps dates and words such as "off" as text', () => {
    expect(parseYaml('on: 2026-01-31\nno: off\nversion: 3\n')).to.deep.equal({
      ok: true,
      value: { on: '2026-01-31', no: 'off', version: 3 },
    });
  });

  it('may be JSON', () => {
    expect(parseYaml(JSON.stringify(samplePolicy, null, 2))).to.deep.equal({ ok: true, value: samplePolicy });
  });

  it('may not repeat a key', () => {
    expect(parseYaml('a: 1\nb: 2\na: 3\n')).to.deep.equal({
      ok: false,
      message: 'The YAML cannot be read at line 3, column 1 (DUPLICATE_KEY).',
    });
  });

  it('may not expand aliases without limit', () => {
    const levels = Array.from(
      { length: 9 },
      (_, depth) =>
        `a${depth}: &a${depth} [${Array<string>(9)
          .fill(depth === 0 ? 'x' : `*a${depth - 1}`)
          .join()}]`,
    );
    expect(parseYaml(levels.join('\n'))).to.include({ ok: false });
  });
});

describe('the response format', () => {
  const cases: [accept: string, form: 'json' | 'yaml'][] = [
    ['*/*', 'json'],
    ['application/json', 'json'],
    ['application/yaml', 'yaml'],
    ['text/html, application/yaml;q=0.1, */*;q=0.05', 'yaml'],
    ['application/yaml;q=0.1, application/json', 'json'],
    ['application/yaml, application/json', 'yaml'],
    ['APPLICATION/YAML; q=1.0', 'yaml'],
    ['application/json;q=0, application/yaml;q=0.001', 'yaml'],
  ];
  for (const [accept, form] of cases) {
    it(`is ${form} for ${accept}`, () => {
      expect(formOf(accept)).to.equal(form);
    });
  }

  it('is refused if the Accept header allows neither', () => {
    for (const accept of ['text/html', 'application/json;q=0']) {
      expect(() => formOf(accept), accept)
        .to.throw()
        .with.property('code', 'not_acceptable');
    }
  });
});
