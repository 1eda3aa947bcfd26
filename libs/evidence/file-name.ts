import type { EvidenceType } from '#libs/programmes/policy.js';

export const maximumFileNameLength = 200;

const extensions: Record<EvidenceType, string[]> = {
  pdf: ['pdf'],
  docx: ['docx'],
  xlsx: ['xlsx'],
  pptx: ['pptx'],
  png: ['png'],
  jpeg: ['jpg', 'jpeg'],
  csv: ['csv'],
};

// Characters that are invisible and can make one name look like another: control, bidirectional, zero-width and tag characters, line and
// paragraph separators, and lone surrogates.
const invisible = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u200b\u2028\u2029\u2060\ufeff\u{e0000}-\u{e007f}]/gu;
const reservedOnWindows = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?=\.|$)/i;

/** Returns a name that is safe to store and to download: no path, nothing invisible, at most 200 characters. Letters of any script are kept. */
export function sanitiseFileName(declaredName: string): string {
  const visible = declaredName.normalize('NFC').replace(invisible, '');
  const base = visible.slice(Math.max(visible.lastIndexOf('/'), visible.lastIndexOf('\\')) + 1);
  const plain = base
    .replace(/[<>:"|?*]/g, '_')
    .replace(/\s+/g, ' ')
    .replace(/^[. ]+|[. ]+$/g, '')
    .replace(reservedOnWindows, '_$&');
  return shorten(plain || 'file', maximumFileNameLength);
}

/** Returns the sanitised name, with an extension that matches the actual type. */
export function evidenceFileName(declaredName: string, type: EvidenceType): string {
  const name = sanitiseFileName(declaredName);
  const [extension = ''] = extensions[type];
  return hasExtension(name, type) ? name : `${shorten(name, maximumFileNameLength - extension.length - 1)}.${extension}`;
}

export const hasExtension = (name: string, type: EvidenceType): boolean =>
  extensions[type].some((end) => name.toLowerCase().endsWith(`.${end}`));

/** Returns a Content-Disposition header that makes browsers save the file and never display it (RFC 6266, RFC 8187), with an ASCII fallback. */
export function contentDisposition(fileName: string): string {
  const name = sanitiseFileName(fileName);
  const ascii = name.replace(/[^\x20-\x7e]/gu, '_').replace(/[%\\"]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}

/** Cuts from the middle, so that the extension stays, and between whole characters. */
function shorten(name: string, length: number): string {
  if (name.length <= length) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 16 ? name.slice(dot) : '';
  let start = '';
  for (const character of name) {
    if (start.length + character.length + ending.length > length) break;
    start += character;
  }
  return start + ending;
}
