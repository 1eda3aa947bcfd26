import type { FileTypeResult } from 'file-type';
import { hasExtension } from './file-name.js';
import { entryNames, macroPart } from './office-type.js';

/** How many bytes are searched for the type of a file without a signature. */
const headBytes = 4096;
const printToPdf = 'Open it, print it to PDF and upload the PDF.';
const unpack = 'Unpack it and upload its documents one by one.';
const mailAdvice = 'The file is an e-mail. Print it to PDF and upload the PDF; upload each attachment as a separate file.';
const headerLine = /^[A-Za-z][A-Za-z-]*:[ \t]/;
const mailHeader = /^(?:Received|Return-Path|Message-ID|MIME-Version|From|Subject|X-Unsent):/im;

const imageTypes = new Set(['heic', 'heif', 'avif', 'tif', 'gif', 'bmp', 'webp', 'jp2', 'jxl', 'psd', 'dng', 'cr2', 'cr3', 'nef', 'arw']);
const archiveTypes = new Set(['zip', 'rar', '7z', 'gz', 'tar', 'bz2', 'xz', 'zst', 'lz']);
const documentTypes = new Set(['rtf', 'ps', 'eps', 'xml', 'epub', 'mobi', 'djvu', 'indd']);

/** Says what to do with a file whose type is recognised but never accepted. */
export function adviceOnDetected({ ext, mime }: FileTypeResult): string {
  if (imageTypes.has(ext)) {
    const camera = ext === 'heic' || ext === 'heif' ? ' (on an iPhone: Settings > Camera > Formats > Most Compatible)' : '';
    return `The file is an image of type ${mime}. Save it as JPEG or PNG${camera}, or print it to PDF, and upload the result.`;
  }
  if (archiveTypes.has(ext)) return `The file is an archive (${mime}). ${unpack}`;
  return documentTypes.has(ext) ? `The file is of type ${mime}. ${printToPdf}` : `The file is of type ${mime}.`;
}

/** Says what to do with a ZIP archive that is not an acceptable Office document. */
export function adviceOnArchive(bytes: Buffer): string {
  const names = entryNames(bytes);
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(macroPart)) {
    return 'The file is an Office document with macros. Save it without macros as docx, xlsx or pptx, or print it to PDF.';
  }
  if (has(/^\[Content_Types\]\.xml$/i)) {
    return 'The file is a damaged Office file, or one of another type (a template, a slide show, one with macros). Open it and save it as docx, xlsx or pptx, or print it to PDF.';
  }
  if (has(/^Index(?:\.zip|\/)/)) return 'The file is a Pages, Numbers or Keynote document. Export it as PDF and upload the PDF.';
  if (bytes.toString('latin1', 30, headBytes).startsWith('mimetypeapplication/vnd.oasis.opendocument')) {
    return 'The file is an OpenDocument file. Export it as PDF, or save it as docx, xlsx or pptx.';
  }
  return `The file is an archive. ${unpack} If it should be an Office document, it is damaged: open it and save it again.`;
}

/** Says what to do with a file in Microsoft's compound format: old Office documents, password-protected new ones, and Outlook mails. */
export function adviceOnCompoundFile(bytes: Buffer): string {
  const has = (stream: string): boolean => bytes.includes(Buffer.from(stream, 'utf16le'));
  if (has('EncryptedPackage')) return 'The file is a password-protected Office document. Save it without a password and upload it again.';
  if (has('__properties_version1.0')) return mailAdvice;
  return 'The file is an Office document that is password-protected or in an old format. Save it as docx, xlsx or pptx without a password.';
}

/** Says what to do with a file that has no signature. */
export function adviceOnText(bytes: Buffer, declaredName: string): string {
  const head = bytes.toString('latin1', 0, headBytes);
  const name = declaredName.trim();
  if (/\.(?:eml|emlx|msg|mht|mhtml)$/i.test(name) || (headerLine.test(head) && mailHeader.test(head))) return mailAdvice;
  if (/<\s*(?:!doctype\s+html|html|head|body)\b/i.test(head)) return `The file is a web page. ${printToPdf}`;
  if (hasExtension(name, 'pdf')) {
    return 'The file is named .pdf but has no PDF header in its first 1,024 bytes. Open it and print it to PDF again; if it does not open, ask for a new copy.';
  }
  return `The type of the file was not recognised. ${printToPdf}`;
}
