import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { inspectEvidence } from '#libs/evidence/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { archive, jpeg, officeDocument, pdf, png } from '../unit/evidence/evidence.fixture.js';

const { types, maximumBytes } = samplePolicy.evidence;
const samplesFolder = 'test/unit/evidence/pdf-samples';
const originals: Buffer[] = [
  pdf,
  png,
  jpeg,
  Buffer.from(statementOfWork(['Statement of work'])),
  ...(['docx', 'xlsx', 'pptx'] as const).map((kind) => officeDocument(kind)),
  ...readdirSync(samplesFolder)
    .filter((file) => file.endsWith('.pdf'))
    .map((file) => readFileSync(`${samplesFolder}/${file}`)),
  archive([{ name: 'a.txt', content: 'text' }]),
  Buffer.from('product,users\nSales,12\n'),
  Buffer.from('\ufeffa;b\r\n"1";2\r\n', 'utf16le'),
];

/** Beginnings that make a detector choose a branch, whatever follows. */
const signatures = [
  '25504446',
  '504b0304',
  'd0cf11e0a1b11ae1',
  '1f8b08',
  '89504e470d0a1a0a',
  'ffd8ff',
  '3026b2758e66cf11a6d900aa0062ce6c',
  '1a45dfa3',
  '49492a00',
  '4d4d002a',
  '0000001866747970',
  '4f676753',
  '52494646',
  '494433',
  'fffe',
  'feff',
  'efbbbf',
  '377abcaf271c',
  '4d5a',
  '7f454c46',
].map((hex) => Buffer.from(hex, 'hex'));

const anyOriginal = fc.constantFrom(...originals);
/** A length or an offset that parsers trust too easily. */
const anyNumber = fc.constantFrom(0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff);

type Change = (bytes: Buffer) => Buffer;
const at = (place: number, { length }: Buffer): number => Math.floor(place * (length + 1));
const place = fc.double({ min: 0, max: 0.999_999, noNaN: true });
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  fc.tuple(place, fc.nat(255)).map(
    ([where, value]): Change =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        if (changed.length > 0) changed[Math.min(at(where, bytes), bytes.length - 1)] = value;
        return changed;
      },
  ),
  fc.tuple(place, anyNumber, fc.boolean()).map(
    ([where, value, isLittle]): Change =>
      (bytes) => {
        const changed = Buffer.from(bytes);
        const offset = Math.min(at(where, bytes), bytes.length - 4);
        if (offset >= 0) changed[isLittle ? 'writeUInt32LE' : 'writeUInt32BE'](value, offset);
        return changed;
      },
  ),
  place.map(
    (where): Change =>
      (bytes) =>
        bytes.subarray(0, at(where, bytes)),
  ),
  place.map(
    (where): Change =>
      (bytes) =>
        bytes.subarray(at(where, bytes)),
  ),
  fc.tuple(place, place).map(
    ([from, to]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(to, bytes)), bytes.subarray(at(from, bytes))]),
  ),
  fc.tuple(place, anyOriginal).map(
    ([where, other]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(where, bytes)), other, bytes.subarray(at(where, bytes))]),
  ),
  fc.tuple(place, fc.uint8Array({ maxLength: 40 })).map(
    ([where, more]): Change =>
      (bytes) =>
        Buffer.concat([bytes.subarray(0, at(where, bytes)), more, bytes.subarray(at(where, bytes))]),
  ),
);
const damaged = fc
  .tuple(anyOriginal, fc.array(anyChange, { minLength: 1, maxLength: 5 }))
  .map(([original, changes]) => changes.reduce((bytes, change) => change(bytes), original));
const signed = fc
  .tuple(fc.constantFrom(...signatures), fc.uint8Array({ maxLength: 400 }))
  .map(([signature, rest]) => Buffer.concat([signature, rest]));
const anyName = fc
  .tuple(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('', '.pdf', '.PDF', '.csv', '.docx', '.png', '.exe', '.pdf.exe', '.eml', '\0.pdf', '/../x.csv'),
  )
  .map((parts) => parts.join(''));

describe('any file sent as evidence', () => {
  it('is accepted as one of the accepted types, with a safe name, or refused with what to do, and never throws', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof({ weight: 3, arbitrary: damaged }, signed), anyName, async (bytes, name) => {
        const result = await inspectEvidence(bytes, name, types, maximumBytes);
        if (!result.ok) {
          expect(result.code).to.be.oneOf(['evidence_type', 'evidence_too_large']);
          expect(result.message).to.match(/^The .*\.$/);
          return;
        }
        expect(result.type).to.be.oneOf(types);
        expect(result.bytes).to.equal(bytes.length);
        expect(result.fileName)
          .to.match(/^[^\p{Cc}/\\:*?"<>|]{1,200}$/u)
          .and.match(/\.(pdf|docx|xlsx|pptx|png|jpe?g|csv)$/i);
        expect(result.fileName.isWellFormed()).to.equal(true);
      }),
      { numRuns: 400 },
    );
  });

  /** Central entries that overlap: every 46 bytes begin a name of 64 KiB. */
  const overlapping = (): Buffer => {
    const entry = Buffer.alloc(46, 'A');
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(0xffff, 28);
    return Buffer.concat([Buffer.from('PK\x03\x04'), ...Array<Buffer>(20_000).fill(entry), Buffer.alloc(70_000, 'A')]);
  };
  /** A picture whose header promises 2^31 by 2^31 pixels, which would take exabytes if anyone decoded it. */
  const immense = (): Buffer => {
    const picture = Buffer.from(png);
    picture.writeUInt32BE(0x7fffffff, 16);
    picture.writeUInt32BE(0x7fffffff, 20);
    return picture;
  };
  const mebibyte = 1024 * 1024;
  const bombs: [string, () => Buffer, string][] = [
    ['an archive whose entry names overlap', overlapping, 'a.docx'],
    [
      'a document with a part that unpacks to 100 MiB',
      () => officeDocument('docx', { name: 'word/media/a.bmp', content: Buffer.alloc(100 * mebibyte) }),
      'a.docx',
    ],
    ['100 MiB of zeros, compressed', () => gzipSync(Buffer.alloc(100 * mebibyte)), 'a.csv'],
    ['a picture of immense size', immense, 'a.png'],
    [
      'a PDF of nothing but open brackets',
      () => Buffer.concat([Buffer.from('%PDF-1.7\ntrailer'), Buffer.alloc(4 * mebibyte, '['), Buffer.from('%%EOF')]),
      'a.pdf',
    ],
    [
      'a PDF of nothing but trailers',
      () => Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.alloc(4 * mebibyte, 'trailer<</Root'), Buffer.from('%%EOF')]),
      'a.pdf',
    ],
    ['a table of nothing but quotes', () => Buffer.alloc(2 * mebibyte, '"'), 'a.csv'],
    [
      'a table of one enormous cell',
      () => Buffer.concat([Buffer.from('a,b\n"'), Buffer.alloc(10 * mebibyte, 'x'), Buffer.from('",1\n')]),
      'a.csv',
    ],
  ];
  for (const [what, make, name] of bombs) {
    it(`takes no more memory than its size allows: ${what}`, async () => {
      const code = `
        const { parentPort, workerData } = require('node:worker_threads');
        const { library, content, name, types, maximumBytes } = workerData;
        import(library).then(({ inspectEvidence }) => inspectEvidence(content, name, types, maximumBytes))
          .then(({ ok, code }) => parentPort.postMessage({ ok, code }));`;
      const workerData = { library: import.meta.resolve('#libs/evidence/index.js'), content: make(), name, types, maximumBytes };
      // A heap that the text of the largest of these files fits into, but nothing that grows faster.
      const worker = new Worker(code, {
        eval: true,
        workerData,
        resourceLimits: { maxOldGenerationSizeMb: 96, maxYoungGenerationSizeMb: 16 },
      });
      const answer = await new Promise((resolve, reject) => {
        worker.once('message', resolve);
        worker.once('error', reject);
        worker.once('exit', (status) => reject(new Error(`The inspection ended with ${status}.`)));
      });
      expect(answer).to.have.property('ok');
      await worker.terminate();
    });
  }
});
