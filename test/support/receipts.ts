import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getDocument } from 'pdfjs-dist/legacy/build/pdf.mjs';
import type { ReceiptContent } from '#libs/receipts/index.js';
import { type NewPair, newPair } from '#libs/receipts/pair.js';

const day = 86_400_000;

/** A small receipt. */
export const receiptContent: ReceiptContent = {
  language: 'en',
  title: 'Statement of work',
  facts: [{ label: 'Customer', value: 'Fabrikam Ltd' }],
  sections: [{ heading: 'What was signed', paragraphs: ['We confirm it.'] }],
  trail: [{ at: '2026-11-02T09:30:05Z', text: 'Signed' }],
  checkAt: 'https://claims.example.com/receipts',
};

/** Use it when a test needs files of its own: a folder that `remove` takes away. */
export function temporaryFolder(): { path: string; remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'cpor-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Writes PEM texts into one file and returns its path. */
export function pemFile(folder: string, name: string, ...parts: string[]): string {
  const file = join(folder, name);
  writeFileSync(file, parts.join(''));
  return file;
}

/** A key with a certificate that is valid now, whatever day it is. */
export function validPair(changes: Partial<NewPair> = {}): Promise<string> {
  return newPair({ name: 'Example Ltd', from: new Date(Date.now() - 40 * day), to: new Date(Date.now() + 40 * day), ...changes });
}

/** What a reader extracts: the text of each page, and what the file says of itself. */
export async function readPdf(pdf: Uint8Array): Promise<{ pages: string[]; title: string; language: string }> {
  const document = await getDocument({ data: new Uint8Array(pdf), useSystemFonts: false, verbosity: 0 }).promise;
  try {
    const pages: string[] = [];
    for (let number = 1; number <= document.numPages; number++) {
      const { items } = await (await document.getPage(number)).getTextContent();
      pages.push(items.map((item) => ('str' in item ? item.str + (item.hasEOL ? '\n' : '') : '')).join(''));
    }
    const { info } = (await document.getMetadata()) as { info: { Title: string; Language: string } };
    return { pages, title: info.Title, language: info.Language };
  } finally {
    await document.loadingTask.destroy();
  }
}
