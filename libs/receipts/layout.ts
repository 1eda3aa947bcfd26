import type { ReceiptContent } from './content.js';
import { printable, type ReceiptFonts } from './fonts.js';
import { type Seal, sealedAs } from './seal.js';
import { texts } from './texts.js';

/** Where to print, and with which fonts. */
export interface Paper {
  document: PDFKit.PDFDocument;
  fonts: ReceiptFonts;
}

const colours = { text: '#1a1a1a', label: '#555555', line: '#cccccc', warning: '#a30000' };
const sizes = { title: 17, heading: 11.5, text: 9.5, footer: 8 };
const labelWidth = 140;
const gap = 12;

/** Prints the whole receipt, and then the numbers of its pages. */
export function printReceipt(paper: Paper, content: ReceiptContent, seal: Seal | null): void {
  const { document } = paper;
  const { language, title, facts, sections, trail, checkAt } = content;
  const words = texts[language];
  if (seal?.isSandbox) paragraph(paper, words.sandbox, { bold: true, colour: colours.warning });
  paragraph(paper, title, { bold: true, size: sizes.title });
  document.moveDown(0.5);
  for (const { label, value } of facts) row(paper, label, value);
  for (const section of sections) {
    if (section.heading !== undefined) heading(paper, section.heading);
    else document.moveDown(1);
    for (const text of section.paragraphs) paragraph(paper, text);
  }
  if (trail.length > 0) heading(paper, words.trail);
  for (const { at, text } of trail) row(paper, instantText(at), text);
  heading(paper, words.check);
  paragraph(paper, seal === null ? words.unsealed : words.sealed(sealedAs(seal), groupsOf(seal.fingerprint)));
  paragraph(paper, checkAt);
  numberPages(paper, words.page);
}

function paragraph(paper: Paper, text: string, { bold = false, size = sizes.text, colour = colours.text } = {}): void {
  const { document, fonts } = paper;
  use(paper, { bold, size, colour }).text(printable(text, fonts), left(paper), document.y, { width: textWidth(paper), lineGap: 2 });
  document.moveDown(0.5);
}

function heading(paper: Paper, text: string): void {
  const { document } = paper;
  document.moveDown(1);
  // A heading stays with the first lines below it.
  if (document.y + 60 > bottom(paper)) document.addPage();
  paragraph(paper, text, { bold: true, size: sizes.heading });
}

/** Prints a label with its value beside it, and moves both to the next page when they do not fit on this one but on that one. */
function row(paper: Paper, label: string, value: string): void {
  const { document, fonts } = paper;
  const [left1, left2] = [left(paper), left(paper) + labelWidth + gap];
  const [width1, width2] = [labelWidth, textWidth(paper) - labelWidth - gap];
  const style = { size: sizes.text, lineGap: 2 };
  const [text1, text2] = [printable(label, fonts), printable(value, fonts)];
  const heightOf = (text: string, width: number) => use(paper, style).heightOfString(text, { width, lineGap: style.lineGap });
  const [height1, height2] = [heightOf(text1, width1), heightOf(text2, width2)];
  const room = bottom(paper) - document.page.margins.top;
  const fits = (height: number) => document.y + height <= bottom(paper);
  if (!fits(Math.max(height1, height2)) && (Math.max(height1, height2) <= room || !fits(height1))) document.addPage();
  const top = document.y;
  use(paper, { ...style, colour: colours.label }).text(text1, left1, top, { width: width1, lineGap: style.lineGap });
  const isLabelLong = height1 > room;
  const below = document.y;
  use(paper, style).text(text2, left2, isLabelLong ? below : top, { width: width2, lineGap: style.lineGap });
  if (height2 < height1 && !isLabelLong) document.y = below;
  document
    .moveTo(left1, document.y + 2)
    .lineTo(left1 + textWidth(paper), document.y + 2)
    .lineWidth(0.5)
    .stroke(colours.line);
  document.y += 6;
}

function numberPages(paper: Paper, text: (page: number, pages: number) => string): void {
  const { document } = paper;
  const { start, count } = document.bufferedPageRange();
  for (let page = 0; page < count; page++) {
    document.switchToPage(start + page);
    // Without this, text in the margin starts a page.
    document.page.margins.bottom = 0;
    use(paper, { size: sizes.footer, colour: colours.label }).text(text(page + 1, count), left(paper), document.page.height - 40, {
      width: textWidth(paper),
      align: 'right',
      lineBreak: false,
    });
  }
}

function use({ document, fonts }: Paper, { bold = false, size = sizes.text, colour = colours.text }): PDFKit.PDFDocument {
  return document
    .font((bold ? fonts.bold : fonts.regular) as unknown as string)
    .fontSize(size)
    .fillColor(colour);
}

/** `2026-12-01 09:30:00`; what is not an instant stays as it is. */
function instantText(at: string): string {
  const instant = new Date(at);
  return Number.isNaN(instant.getTime()) ? at : instant.toISOString().slice(0, 19).replace('T', ' ');
}

/** Groups of four, which people can compare. */
const groupsOf = (hex: string): string => hex.match(/.{1,4}/g)!.join(' ');

const left = ({ document }: Paper): number => document.page.margins.left;
const bottom = ({ document }: Paper): number => document.page.height - document.page.margins.bottom;
const textWidth = ({ document }: Paper): number => document.page.width - document.page.margins.left - document.page.margins.right;
