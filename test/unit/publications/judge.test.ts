import { expect } from 'chai';
import fc from 'fast-check';
import { samplePolicies, samplePolicy } from '#libs/programmes/index.js';
import { changesBetween, parseYaml, toYaml } from '#libs/publications/index.js';
import { formOf } from '../../../apps/api/src/http/yaml.js';

describe('the changes between two documents', () => {
  it('are none between equals, whatever the order of their fields', () => {
    expect(changesBetween({ a: 1, b: [{ code: 'x' }] }, { b: [{ code: 'x' }], a: 1 })).to.deep.equal([]);
  });

  it('name entries by their code, wherever they stand', () => {
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

  it('tell an entry that is gone, and another order', () => {
    const from = [{ code: 'a' }, { code: 'b' }, { code: 'c' }];
    const to = [{ code: 'c' }, { code: 'a' }];
    expect(changesBetween({ list: from }, { list: to })).to.deep.equal([
      { path: 'list[b]', from: { code: 'b' }, to: null },
      { path: 'list (order)', from: ['a', 'c'], to: ['c', 'a'] },
    ]);
  });

  it('tell an activity apart by the areas it is described for', () => {
    const changed = structuredClone(samplePolicy);
    changed.activities.find(({ code, areas }) => code === 'usage' && areas.includes('modern_work_security'))!.isIncentivised = false;
    expect(changesBetween(samplePolicy, changed)).to.deep.equal([
      { path: 'activities[usage in modern_work_security].isIncentivised', from: true, to: false },
    ]);
  });

  it('give lists without codes as a whole', () => {
    expect(changesBetween({ days: [30, 7, 1] }, { days: [30, 7] })).to.deep.equal([{ path: 'days', from: [30, 7, 1], to: [30, 7] }]);
    expect(changesBetween({ list: [{ code: 'a' }, { code: 'a' }] }, { list: [] })).to.deep.equal([
      { path: 'list', from: [{ code: 'a' }, { code: 'a' }], to: [] },
    ]);
  });

  it('take a field called like what every object has for what it is', () => {
    const named = JSON.parse('{"constructor": 1, "toString": 2}') as unknown;
    expect(changesBetween({}, named)).to.deep.equal([
      { path: 'constructor', from: null, to: 1 },
      { path: 'toString', from: null, to: 2 },
    ]);
  });

  it('are found between different values and only between them', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const json = (value: unknown) => JSON.stringify(value);
        expect(changesBetween(a, structuredClone(a))).to.deep.equal([]);
        for (const { from, to } of changesBetween(a, b)) expect(json(from)).not.to.equal(json(to));
      }),
    );
  });
});

describe('a document in YAML', () => {
  it('reads as what was written', () => {
    for (const policy of samplePolicies) expect(parseYaml(toYaml(policy))).to.deep.equal({ ok: true, value: policy });
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (made) => {
        // As it comes over the wire, where zero has no sign.
        const value = JSON.parse(JSON.stringify(made)) as unknown;
        expect(parseYaml(toYaml(value))).to.deep.equal({ ok: true, value });
      }),
    );
  });

  it('keeps dates, digests and words as text', () => {
    expect(parseYaml('on: 2026-01-31\nno: off\nversion: 3\n')).to.deep.equal({
      ok: true,
      value: { on: '2026-01-31', no: 'off', version: 3 },
    });
  });

  it('may be JSON', () => {
    expect(parseYaml(JSON.stringify(samplePolicy, null, 2))).to.deep.equal({ ok: true, value: samplePolicy });
  });

  it('may not name a field twice', () => {
    expect(parseYaml('a: 1\nb: 2\na: 3\n')).to.deep.equal({
      ok: false,
      message: 'The YAML cannot be read at line 3, column 1 (DUPLICATE_KEY).',
    });
  });

  it('may not grow by its aliases', () => {
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

describe('the form of an answer', () => {
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

  it('is none when nothing fits', () => {
    for (const accept of ['text/html', 'application/json;q=0']) {
      expect(() => formOf(accept), accept)
        .to.throw()
        .with.property('code', 'not_acceptable');
    }
  });
});
