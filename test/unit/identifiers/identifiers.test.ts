import { expect } from 'chai';
import fc from 'fast-check';
import { shown } from '#libs/claims/index.js';
import { cutTo, normaliseDomain, pasted, readMailAddress, storableName, storableText } from '#libs/identifiers/index.js';

const guid = '1f0e4c9a-27c5-4c0e-8a55-6f2d3b9c1a10';

describe('a pasted identifier', () => {
  const forms = [
    guid,
    ` ${guid}\n`,
    `{${guid}}`,
    `{ ${guid} }`,
    `urn:uuid:${guid}`,
    `URN:UUID: {${guid}}`,
    `{urn:uuid:${guid}}`,
    `\ufeff\u00a0${guid}\u200b\u2007`,
    guid.replace('4c', '4\u200dc'),
    `\u2066${guid}\u2069`,
  ];
  for (const form of forms) it(`is cleaned of surrounding characters in ${shown(form)}`, () => expect(pasted(form)).to.equal(guid));

  it('keeps everything else for validation to report', () => {
    for (const form of [`"${guid}"`, `{${guid}`, `<${guid}>`, `guid:${guid}`, guid.replace('-', '\u2011'), '1 240 371'])
      expect(pasted(form)).to.equal(form);
  });

  it('is cleaned idempotently, and never loses a letter or a digit', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const bare = pasted(text);
        expect(pasted(bare)).to.equal(bare);
        const plain = /[a-z0-9]/gi;
        if (!/urn:uuid:/i.test(text)) expect(bare.match(plain)).to.deep.equal(text.match(plain));
      }),
    );
  });

  it('is shown with its invisible characters', () => {
    expect(shown('a\u200bb\u2011c\u0430')).to.equal('"a<U+200B>b<U+2011>c\u0430"');
    expect(shown('x'.repeat(100))).to.equal(`"${'x'.repeat(60)}…"`);
    expect(shown('\ud800')).to.equal('"<U+D800>"');
  });
});

describe('a mail address', () => {
  it('is accepted in any script, with the domain it is delivered to', () => {
    expect(readMailAddress(' {Ann.Lee@Contoso.Example}\u200b')).to.deep.equal({
      address: 'Ann.Lee@Contoso.Example',
      domain: 'contoso.example',
    });
    expect(readMailAddress('иван@пример.рф')).to.deep.equal({ address: 'иван@пример.рф', domain: 'xn--e1afmkfd.xn--p1ai' });
  });

  it('is refused without a mailbox or a domain, or if no SMTP command can carry it', () => {
    const none = [
      '',
      'ann',
      '@contoso.example',
      'ann@',
      'ann@localhost',
      'a b@contoso.example',
      'a@b@contoso.example',
      '"a"@contoso.example',
    ];
    for (const text of [...none, 'a\0@contoso.example', 'a\ud800@contoso.example', `${'x'.repeat(65)}@contoso.example`, 'ann@10.0.0.1'])
      expect(readMailAddress(text), shown(text)).to.equal(null);
  });
});

describe('external text', () => {
  it('is stored whole, but names are reduced to one line', () => {
    expect(storableName('\0Con\ud800toso\r\n\u202egnol\t')).to.equal('Con\ufffdtoso gnol');
    expect(storableText('a\0b\udfff\nc')).to.equal('a\ufffdb\ufffd\nc');
  });

  it('is truncated with an ellipsis, without splitting a character', () => {
    expect(cutTo('abcdef', 6)).to.equal('abcdef');
    expect(cutTo('abcdefg', 6)).to.equal('abcde…');
    expect(cutTo('abcd😀fg', 6)).to.equal('abcd…');
  });

  it('becomes a domain only if it is one', () => {
    for (const text of ['', '\0', 'a', 'a b.example', 'contoso.example.', '10.0.0.1']) expect(normaliseDomain(text)).to.equal(null);
  });
});
