import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { create, type Font } from 'fontkit';

export interface ReceiptFonts {
  regular: Font;
  bold: Font;
}

const paths = {
  regular: import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'),
  bold: import.meta.resolve('dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf'),
};
const files = new Map<string, Buffer>();

function load(url: string): Font {
  const file = files.get(url) ?? readFileSync(fileURLToPath(url));
  files.set(url, file);
  const font = create(file);
  if (!('hasGlyphForCodePoint' in font)) throw new Error(`${url} is a collection of fonts.`);
  return font;
}

/**
 * Returns the fonts for one receipt. They are not shared: fontkit remembers of each glyph how it met it first, and a glyph that it met as a part of
 * another one, such as E in É, would be printed without its character, so that no reader finds it.
 */
export function receiptFonts(): ReceiptFonts {
  return { regular: load(paths.regular), bold: load(paths.bold) };
}

// Marks of direction can make text read differently from what it says.
const misleading = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/**
 * Returns text that the fonts can print: a character that they lack, or that would not be seen, becomes its number, such as `[U+674E]`, because a
 * receipt must not drop what was said. Line breaks stay; tabs become spaces.
 */
export function printable(text: string, { regular, bold }: ReceiptFonts): string {
  return [
    ...text
      .normalize('NFC')
      .replace(/\r\n?|[\u0085\u2028\u2029]/g, '\n')
      .replaceAll('\t', ' '),
  ]
    .map((character) => {
      const point = character.codePointAt(0)!;
      const isPrintable = !misleading.test(character) && regular.hasGlyphForCodePoint(point) && bold.hasGlyphForCodePoint(point);
      return character === '\n' || isPrintable ? character : `[U+${point.toString(16).toUpperCase().padStart(4, '0')}]`;
    })
    .join('');
}
