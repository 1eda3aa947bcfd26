import { expect } from 'chai';
import fc from 'fast-check';
import { findRepeatedKey } from '#libs/json/index.js';

describe('a repeated key', () => {
  const found: [string, string, number, number][] = [
    ['{"a":1,"a":1}', 'a', 1, 8],
    ['{"a":1,\n  "b":[{"c":"}"},{"c" : {"d":1, "d":2}}]}', 'd', 2, 33],
    ['{"a\\u0062":1,"ab":2}', 'ab', 1, 14],
    ['{"\\"":1,"\\"":2}', '"', 1, 9],
    ['{"":1,"":2}', '', 1, 7],
    ['[{"x":"\\\\"},{"x":1,"x":2}]', 'x', 1, 20],
    ['{"__proto__":1,"__proto__":2}', '__proto__', 1, 16],
  ];
  for (const [text, key, line, column] of found)
    it(`is found in ${JSON.stringify(text)}`, () => expect(findRepeatedKey(text)).to.deep.equal({ key, line, column }));

  it('is not a key of another object or a value', () => {
    for (const text of ['{"a":{"a":1},"b":[{"a":1},{"a":1}]}', '{"a":"b","b":"a"}', '["a","a"]', '"a"', '1', '{"a":"\\"a\\":1,"}', '{}'])
      expect(findRepeatedKey(text), text).to.equal(null);
  });

  it('never occurs in a serialised value', () => {
    fc.assert(
      fc.property(fc.json({ stringUnit: 'binary' }), fc.nat(4), (text, spaces) => {
        expect(findRepeatedKey(JSON.stringify(JSON.parse(text), null, spaces))).to.equal(null);
      }),
    );
  });

  it('is found at any position', () => {
    const key = fc.string({ unit: 'binary', minLength: 1 });
    fc.assert(
      fc.property(key, fc.json(), fc.json(), (name, before, after) => {
        const quoted = JSON.stringify(name);
        expect(findRepeatedKey(`[${before},{${quoted}:${before}, ${quoted} :${after}}]`)?.key).to.equal(name);
      }),
    );
  });
});
