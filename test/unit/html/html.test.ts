import { expect } from 'chai';
import { type HtmlValue, html, raw } from '#libs/html/index.js';

describe('the html template', () => {
  it('escapes a value in text', () => {
    expect(String(html`<p>${'<script>alert(1)</script> & co'}</p>`)).to.equal('<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; co</p>');
  });

  it('escapes a value that tries to break out of an attribute in either kind of quotes', () => {
    const hostile = `" onclick='x' "`;
    expect(String(html`<a title="${hostile}"></a>`)).to.equal('<a title="&quot; onclick=&#39;x&#39; &quot;"></a>');
    expect(String(html`<a title='${hostile}'></a>`)).to.equal(`<a title='&quot; onclick=&#39;x&#39; &quot;'></a>`);
  });

  it('keeps nested markup', () => {
    expect(String(html`<ul>${html`<li>${'<b>'}</li>`}</ul>`)).to.equal('<ul><li>&lt;b&gt;</li></ul>');
  });

  it('joins lists without separators and escapes their plain items', () => {
    expect(String(html`<ul>${[html`<li>1</li>`, '<', [2, html`<hr>`]]}</ul>`)).to.equal('<ul><li>1</li>&lt;2<hr></ul>');
  });

  it('writes zero, but nothing for null, undefined and false', () => {
    expect(String(html`[${null}${undefined}${false}${0}]`)).to.equal('[0]');
  });

  it('does not escape twice', () => {
    const inner = html`${'&'}`;
    expect(String(html`${html`${inner}`}`)).to.equal('&amp;');
  });

  it('keeps raw markup', () => {
    expect(String(html`${raw('<hr>')}`)).to.equal('<hr>');
  });

  it('escapes an object that only looks like markup', () => {
    const forged = JSON.parse('{"markup":"<script>"}') as HtmlValue;
    expect(() => html`${forged}`).to.throw(TypeError);
  });
});
