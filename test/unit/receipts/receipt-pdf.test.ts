import { expect } from 'chai';
import { receiptPdf } from '#libs/receipts/index.js';
import { readPdf, receiptContent } from '../../support/receipts.js';

/** Without the breaks that lines brought about. */
const flat = (pages: string[]): string => pages.join('').replace(/\s+/g, ' ');

describe('a receipt as PDF', () => {
  it('contains what was said, in order, and says its title and language', async () => {
    const { pages, title, language } = await readPdf(await receiptPdf(receiptContent));
    expect(flat(pages)).to.match(
      /Statement of work.*Customer.*Fabrikam Ltd.*What was signed.*We confirm it\..*2026-11-02 09:30:05.*Signed/,
    );
    expect(flat(pages)).to.include('https://claims.example.com/receipts').and.to.include('Page 1 of 1');
    expect({ title, language }).to.deep.equal({ title: 'Statement of work', language: 'en' });
  });

  it('contains Cyrillic as text that can be searched', async () => {
    const words = 'Съешь же ещё этих мягких французских булок, да выпей чаю № 7 «Ёлка»';
    const content = { ...receiptContent, language: 'ru' as const, title: 'Заявка на работы', sections: [{ paragraphs: [words] }] };
    const { pages, title, language } = await readPdf(await receiptPdf(content));
    expect(flat(pages)).to.include(words).and.to.include('Ход событий').and.to.include('Страница 1 из 1');
    expect({ title, language }).to.deep.equal({ title: 'Заявка на работы', language: 'ru' });
  });

  it('shows the number of a character that it cannot print', async () => {
    const { pages } = await readPdf(
      await receiptPdf({ ...receiptContent, facts: [{ label: '名', value: 'a李b 😀 \u202efdp.exe\u0000' }] }),
    );
    expect(flat(pages)).to.include('[U+540D]').and.to.include('a[U+674E]b').and.to.include('[U+202E]fdp.exe[U+0000]');
    // "Ё" contains the glyph of "E", which must stay a letter.
    const content = { ...receiptContent, title: 'ЁÉ Ё', facts: [{ label: 'Ёж', value: 'É, E' }] };
    for (let time = 1; time <= 2; time++) expect(flat((await readPdf(await receiptPdf(content))).pages), `time ${time}`).to.include('É, E');
    expect(flat(pages)).to.match(/😀|\[U\+1F600\]/);
  });

  it('continues on further pages, and numbers all of them', async () => {
    const trail = Array.from({ length: 120 }, (_, index) => ({ at: '2026-11-02T09:30:05Z', text: `Event ${index} of many` }));
    const { pages } = await readPdf(await receiptPdf({ ...receiptContent, trail }));
    expect(pages.length).to.be.greaterThan(2);
    for (const [index, page] of pages.entries()) expect(page).to.include(`Page ${index + 1} of ${pages.length}`);
    for (const { text } of trail)
      expect(
        pages.filter((page) => page.includes(text)),
        text,
      ).to.have.length(1);
  });

  it('loses nothing of texts and words of any length', async () => {
    const word = 'x7'.repeat(3_000);
    const facts = [
      { label: 'Long value', value: word },
      { label: 'A label '.repeat(400), value: 'beside it' },
    ];
    const { pages } = await readPdf(
      await receiptPdf({ ...receiptContent, facts, sections: [{ paragraphs: ['Some text. '.repeat(1_000)] }] }),
    );
    const text = pages.map((page) => page.replace(/Page \d+ of \d+/, '')).join('');
    expect(text.match(/x7/g)).to.have.length(3_000);
    expect(text.replace(/\s+/g, ' ').match(/A label/g)).to.have.length(400);
    expect(text.replace(/\s+/g, ' ').match(/Some text\./g)).to.have.length(1_000);
    expect(text).to.include('beside it');
  });

  it('is the same file for the same content', async () => {
    const [first, second] = [await receiptPdf(receiptContent), await receiptPdf({ ...receiptContent })];
    expect(Buffer.compare(first, second)).to.equal(0);
    expect(Buffer.compare(first, await receiptPdf({ ...receiptContent, title: 'Another' }))).not.to.equal(0);
  });

  it('prints an empty receipt, and an instant that is none', async () => {
    const empty = { ...receiptContent, title: '', facts: [], sections: [], trail: [] };
    expect((await readPdf(await receiptPdf(empty))).pages).to.have.length(1);
    const { pages } = await readPdf(await receiptPdf({ ...receiptContent, trail: [{ at: 'yesterday', text: 'Signed' }] }));
    expect(flat(pages)).to.include('yesterday');
  });
});
