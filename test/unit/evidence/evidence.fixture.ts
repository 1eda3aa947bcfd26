import { deflateRawSync } from 'node:zlib';

/** One file of an archive; `asLocalName` makes the header before the data lie about its name. */
export interface ArchiveFile {
  name: string;
  content: string | Buffer;
  asLocalName?: string;
}

/** Writes a ZIP archive the plain way: entries, directory, end record. */
export function archive(files: ArchiveFile[]): Buffer {
  const local: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const file of files) {
    const data = deflateRawSync(Buffer.from(file.content));
    const entry = Buffer.concat([header(0x04034b50, file.asLocalName ?? file.name, data, Buffer.from(file.content).length), data]);
    central.push(header(0x02014b50, file.name, data, Buffer.from(file.content).length, offset));
    local.push(entry);
    offset += entry.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(Buffer.concat(central).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...local, ...central, end]);
}

function header(signature: number, name: string, data: Buffer, size: number, offset?: number): Buffer {
  const isCentral = offset !== undefined;
  const bytes = Buffer.alloc(isCentral ? 46 : 30);
  const shift = isCentral ? 2 : 0;
  bytes.writeUInt32LE(signature, 0);
  bytes.writeUInt16LE(8, 8 + shift);
  bytes.writeUInt32LE(data.length, 18 + shift);
  bytes.writeUInt32LE(size, 22 + shift);
  bytes.writeUInt16LE(Buffer.byteLength(name), 26 + shift);
  if (isCentral) bytes.writeUInt32LE(offset, 42);
  return Buffer.concat([bytes, Buffer.from(name)]);
}

const parts = {
  docx: ['word/document.xml', 'wordprocessingml.document'],
  xlsx: ['xl/workbook.xml', 'spreadsheetml.sheet'],
  pptx: ['ppt/presentation.xml', 'presentationml.presentation'],
} as const;

export const contentTypes = (mainType: string): string =>
  `<?xml version="1.0"?><Types><Default Extension="xml" ContentType="application/xml"/><Override PartName="/main.xml" ContentType="${mainType}"/></Types>`;

export const officeType = (kind: keyof typeof parts): string => `application/vnd.openxmlformats-officedocument.${parts[kind][1]}.main+xml`;

/** An Office document with just the parts that make it one, and the files added to it. */
export const officeDocument = (kind: keyof typeof parts, ...added: ArchiveFile[]): Buffer =>
  archive([
    { name: '[Content_Types].xml', content: contentTypes(officeType(kind)) },
    { name: '_rels/.rels', content: '<Relationships/>' },
    { name: parts[kind][0], content: '<main/>' },
    ...added,
  ]);

export const pdf = Buffer.from('%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n');

/** A picture of one pixel. */
export const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

export const jpeg = Buffer.concat([
  Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
  Buffer.alloc(64, 1),
  Buffer.from('ffd9', 'hex'),
]);
