import { expect } from 'chai';
import fc from 'fast-check';
import { findFault } from '#libs/json/index.js';

describe('the place of a fault in JSON', () => {
  for (const [text, line, column] of [
    ['{"a": 1,}', 1, 9],
    ['{"a": }', 1, 7],
    ['{\n  "a": x\n}', 2, 8],
    ['{"a": 1} {', 1, 10],
    ['[1 2]', 1, 4],
    ["{'a': 1}", 1, 2],
    ['{"a": 01}', 1, 8],
    ['{"a": "b\nc"}', 1, 9],
    ['nul1', 1, 4],
  ] as const) {
    it(`is line ${line}, column ${column} of ${JSON.stringify(text)}`, () => expect(findFault(text)).to.deep.equal({ line, column }));
  }

  it('is null for a truncated text', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.double({ min: 0, max: 1, noNaN: true }), (value, share) => {
        const text = JSON.stringify(value);
        expect(findFault(text.slice(0, Math.floor(text.length * share)))).to.equal(null);
      }),
    );
  });
});
