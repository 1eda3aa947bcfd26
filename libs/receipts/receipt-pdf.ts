import PDFDocument from 'pdfkit';
import type { ReceiptContent } from './content.js';
import { printable, receiptFonts } from './fonts.js';
import { type Paper, printReceipt } from './layout.js';
import { type Seal, sealedAs } from './seal.js';
import { addSignatureField, placeSignature } from './signature-field.js';
import { signBytes } from './cms.js';

/** Returns a receipt as a PDF without a seal. Equal content gives equal bytes. */
export function receiptPdf(content: ReceiptContent): Promise<Uint8Array> {
  return finish(content, newPaper(content), null);
}

/**
 * Returns a receipt as a PDF with the installation's seal. Equal content and an equal seal give equal bytes: the seal states the last instant of the
 * trail, not that of the call.
 */
export async function sealedReceipt(content: ReceiptContent, seal: Seal): Promise<Uint8Array> {
  const paper = newPaper(content);
  addSignatureField(paper.document, { name: sealedAs(seal), at: lastInstant(content) });
  return placeSignature(await finish(content, paper, seal), (bytes) => signBytes(bytes, seal));
}

function newPaper({ language, title, trail }: ReceiptContent): Paper {
  const at = lastInstant({ trail });
  const fonts = receiptFonts();
  const document = new PDFDocument({
    size: 'A4',
    margins: { top: 56, bottom: 64, left: 56, right: 56 },
    bufferPages: true,
    lang: language,
    displayTitle: true,
    pdfVersion: '1.7',
    // pdfkit takes a font that is open already; its types do not say so.
    font: fonts.regular as unknown as string,
    info: { Title: printable(title, fonts).replaceAll('\n', ' '), Producer: 'cpor', Creator: 'cpor', CreationDate: at, ModDate: at },
  });
  // pdfkit writes the title into XMP as it is, so that "<" or "&" breaks it. The same facts are in the information dictionary.
  return { document: Object.assign(document, { endMetadata: () => undefined }), fonts };
}

async function finish(content: ReceiptContent, paper: Paper, seal: Seal | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  const written = new Promise<void>((resolve, reject) => {
    paper.document.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    paper.document.on('end', resolve);
    paper.document.on('error', reject);
  });
  printReceipt(paper, content, seal);
  paper.document.end();
  await written;
  return Buffer.concat(chunks);
}

function lastInstant({ trail }: Pick<ReceiptContent, 'trail'>): Date {
  const instants = trail.map(({ at }) => Date.parse(at)).filter(Number.isFinite);
  return new Date(instants.length === 0 ? 0 : Math.max(...instants));
}
