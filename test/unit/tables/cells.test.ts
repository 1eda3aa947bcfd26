import { expect } from 'chai';
import { hasLostDigits, hasLostZeros, readIdentifier, unescapedFormula } from '#libs/tables/index.js';

describe('a cell that a spreadsheet has damaged', () => {
  for (const mangled of ['1,24E+06', '1.24E+06', '1.24037E+06', '1E+06', '="1,24E+06"', '1.23457E+16', '1.2e+005']) {
    it(`is no identifier: ${mangled}`, () => {
      expect(readIdentifier(mangled)).to.have.property('fault').that.includes('Format the column as text');
    });
  }

  for (const whole of ['1240371', '0001240371', '="0001240371"', "'0001240371", '1e240371-27c5-4c0e-8a55-6f2d3b9c1a10', 'E-06', '12E+'])
    it(`is an identifier: ${whole}`, () => {
      expect(readIdentifier(whole)).to.have.property('value');
    });

  it('has lost digits only if it is written as a spreadsheet abbreviates', () => {
    expect(['1.24E+06', '1,2E+11', '9.99E+100'].filter((text) => !hasLostDigits(text))).to.deep.equal([]);
    expect(['1E5', 'E+06', '1.24', '1.24E-06', 'A1.2E+06'].filter(hasLostDigits)).to.deep.equal([]);
  });

  it('has lost zeros if it is a number without the zeros that it began with', () => {
    const lost: [string, string][] = [
      ['123', '00123'],
      ['0', '000'],
      ['1240371', '01240371'],
    ];
    expect(lost.filter(([cell, text]) => !hasLostZeros(cell, text))).to.deep.equal([]);
    const other: [string, string][] = [
      ['00123', '00123'],
      ['124', '00123'],
      ['123', '123'],
      ['123', 'A00123'],
      ['0123', '00123'],
    ];
    expect(other.filter(([cell, text]) => hasLostZeros(cell, text))).to.deep.equal([]);
  });

  it('loses only the apostrophe that an export put before a formula', () => {
    const read = ["'=1+1", "'+1", "'-1", "'@A", "'＝1", "'quoted'", "''=1", '=1', '+1'].map(unescapedFormula);
    expect(read).to.deep.equal(['=1+1', '+1', '-1', '@A', '＝1', "'quoted'", "''=1", '=1', '+1']);
  });
});
