import type { FileTypeResult } from 'file-type';
import { hasExtension } from './file-name.js';
import { entryNames, macroPart } from './office.js';

/** How far into a file its kind is looked for, where it has no signature. */
const headBytes = 4096;
const print = 'Open it, print it to PDF, and upload that.';
const unpack = 'Unpack it, and upload the documents in it one by one.';
const mail = 'The file is a mail. Print the mail to PDF and upload that; upload what is attached to it as files of their own.';
const headerLine = /^[A-Za-z][A-Za-z-]*:[ \t]/;
const mailHeader = /^(?:Received|Return-Path|Message-ID|MIME-Version|From|Subject|X-Unsent):/im;

const pictures = new Set(['heic', 'heif', 'avif', 'tif', 'gif', 'bmp', 'webp', 'jp2', 'jxl', 'psd', 'dng', 'cr2', 'cr3', 'nef', 'arw']);
const archives = new Set(['zip', 'rar', '7z', 'gz', 'tar', 'bz2', 'xz', 'zst', 'lz']);
const documents = new Set(['rtf', 'ps', 'eps', 'xml', 'epub', 'mobi', 'djvu', 'indd']);

/** What to do about a file of a type that is known, but never accepted. */
export function adviceOnDetected({ ext, mime }: FileTypeResult): string {
  if (pictures.has(ext)) {
    const camera = ext === 'heic' || ext === 'heif' ? ' (on an iPhone: Settings, Camera, Formats, Most Compatible)' : '';
    return `The file is a picture of the type ${mime}. Save it as JPEG or PNG${camera}, or print it to PDF, and upload that.`;
  }
  if (archives.has(ext)) return `The file is an archive (${mime}). ${unpack}`;
  return documents.has(ext) ? `The content of the file is ${mime}. ${print}` : `The content of the file is ${mime}.`;
}

/** What to do about a ZIP archive that is no Office document as we take them. */
export function adviceOnArchive(bytes: Buffer): string {
  const names = entryNames(bytes);
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(macroPart))
    return 'The file is an Office document with macros. Save it without macros (as docx, xlsx or pptx), or print it to PDF.';
  if (has(/^\[Content_Types\]\.xml$/i)) {
    return 'The file is an Office archive of another kind (a template, a slide show, with macros), or is damaged. Open it and save it as docx, xlsx or pptx, or print it to PDF.';
  }
  if (has(/^Index(?:\.zip|\/)/)) return 'The file is an archive of Pages, Numbers or Keynote. Export it as PDF, and upload that.';
  if (bytes.toString('latin1', 30, headBytes).startsWith('mimetypeapplication/vnd.oasis.opendocument')) {
    return 'The file is an archive in the OpenDocument format. Export it as PDF, or save it as docx, xlsx or pptx.';
  }
  return `The file is an archive. ${unpack} If it is an Office document, it is damaged: open it and save it again.`;
}

/** What to do about a file in Microsoft's compound format: old Office documents, locked new ones, and mails. */
export function adviceOnCompoundFile(bytes: Buffer): string {
  const has = (stream: string): boolean => bytes.includes(Buffer.from(stream, 'utf16le'));
  if (has('EncryptedPackage')) return 'The file is a password-protected Office document. Save it without a password, and upload that.';
  if (has('__properties_version1.0')) return mail;
  return 'The file is an older or password-protected Office document. Save it in the current format without a password.';
}

/** What to do about a file without a signature. */
export function adviceOnText(bytes: Buffer, declaredName: string): string {
  const head = bytes.toString('latin1', 0, headBytes);
  const name = declaredName.trim();
  if (/\.(?:eml|emlx|msg|mht|mhtml)$/i.test(name) || (headerLine.test(head) && mailHeader.test(head))) return mail;
  if (/<\s*(?:!doctype\s+html|html|head|body)\b/i.test(head))
    return `The file is a web page, whose content was not recognised as a document. ${print}`;
  if (hasExtension(name, 'pdf')) {
    return 'The file is named .pdf, but its content was not recognised: it has no PDF header within its first 1,024 bytes. Open it and print it to PDF again; if it does not open, get it once more.';
  }
  return `The content of the file was not recognised. ${print}`;
}
