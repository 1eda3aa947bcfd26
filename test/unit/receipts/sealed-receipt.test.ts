import { expect } from 'chai';
import {
  readSeal,
  readSealCertificates,
  receiptPdf,
  type Seal,
  sandboxSeal,
  sealedReceipt,
  verifySealedPdf,
} from '#libs/receipts/index.js';
import { pemFile, readPdf, receiptContent, temporaryFolder, validPair } from '../../support/receipts.js';

describe('a sealed receipt', () => {
  const folder = temporaryFolder();
  let seal: Seal;
  let receipt: Buffer;

  before(async () => {
    seal = readSeal(pemFile(folder.path, 'own.pem', await validPair({ name: 'Example, Ltd' })), new Date());
    receipt = Buffer.from(await sealedReceipt(receiptContent, seal));
  });
  after(() => folder.remove());

  const verdictOf = async (bytes: Uint8Array) => (await verifySealedPdf(bytes, seal)).verdict;

  it('is genuine, names its certificate and covers the whole file', async () => {
    const { validFrom, validTo, ...certificate } = (await verifySealedPdf(receipt, seal)).certificate!;
    expect(certificate).to.deep.equal({ subject: 'CN=Example\\, Ltd', fingerprint: seal.fingerprint, isOurs: true });
    expect([Date.parse(validFrom), Date.parse(validTo)]).to.satisfy(([from, to]: [number, number]) => from < to);
    expect(await verifySealedPdf(receipt, seal)).to.include({ verdict: 'genuine', isIntact: true, bytesOutside: 0 });
  });

  it('says whose seal it has, and is the same file when it is made again', async () => {
    const text = (await readPdf(receipt)).pages.join('').replace(/\s+/g, '');
    expect(text).to.include('belongstoExample,Ltd.').and.to.include(seal.fingerprint);
    expect(Buffer.compare(receipt, await sealedReceipt(receiptContent, seal))).to.equal(0);
  });

  it('is not genuine with any one byte changed', async () => {
    // Every byte of the signature and what stands before it, and some of the padding and the rest.
    const signatureAt = receipt.indexOf('/Contents <');
    const places = [...receipt.keys()].filter((place) => place < signatureAt + 3_800 || place % 97 === 0);
    const missed: number[] = [];
    for (const place of places) {
      const changed = Buffer.from(receipt);
      changed[place]! ^= 1 << (place % 8);
      if ((await verdictOf(changed)) === 'genuine') missed.push(place);
    }
    expect(missed).to.deep.equal([]);
  }).timeout(120_000);

  it('is not genuine when its signature is written in another way', async () => {
    const end = receipt.indexOf('>', receipt.indexOf('/Contents <'));
    const changed = Buffer.from(receipt);
    changed[receipt.indexOf('a', receipt.indexOf('/Contents <'))] = 0x41;
    expect(await verdictOf(changed)).to.equal('changed');
    const padded = Buffer.from(receipt);
    padded[end - 1] = 0x31;
    expect(await verdictOf(padded)).to.equal('changed');
  });

  it('shows that something was added, though what was sealed is intact', async () => {
    const added = Buffer.concat([receipt, Buffer.from('\n1 0 obj\n<</Type/Catalog>>\nendobj\n')]);
    expect(await verifySealedPdf(added, seal)).to.deep.include({ verdict: 'added_to', isIntact: true, bytesOutside: 34 });
  });

  it('shows that a part is missing', async () => {
    for (const length of [receipt.length - 1, receipt.length >> 1, 20_000])
      expect(await verdictOf(receipt.subarray(0, length))).to.equal('changed');
  });

  it('has another seal when another installation made it, or when nobody says whose it should be', async () => {
    const other = await sandboxSeal(folder.path);
    const foreign = await sealedReceipt(receiptContent, other);
    expect(await verdictOf(foreign)).to.equal('other_seal');
    expect(await verifySealedPdf(receipt, null)).to.include({ verdict: 'other_seal', isIntact: true });
    expect((await verifySealedPdf(foreign, other)).verdict).to.equal('genuine');
    expect((await readPdf(foreign)).pages[0]).to.include('SANDBOX');
  });

  it('is recognised by an earlier certificate of the installation', async () => {
    const [newer, older] = [await validPair(), await validPair()];
    const before = readSeal(pemFile(folder.path, 'older.pem', older), new Date());
    const both = pemFile(folder.path, 'both.pem', newer, older.replace(/^[^]*(?=-----BEGIN CERT)/, ''));
    expect((await verifySealedPdf(await sealedReceipt(receiptContent, before), readSealCertificates(both))).verdict).to.equal('genuine');
  });

  it('cannot be taken in by a title that looks like a signature', async () => {
    const title = '/ByteRange [0 /********** /********** /**********] /Contents <00> /ByteRange [0 1 2 3]';
    expect(await verdictOf(await sealedReceipt({ ...receiptContent, title }, seal))).to.equal('genuine');
  });

  it('is told from a PDF without a seal, and from what is no PDF', async () => {
    expect(await verdictOf(await receiptPdf(receiptContent))).to.equal('unsealed');
    for (const text of ['', '%PDF', 'PK\u0003\u0004 not a pdf']) expect(await verdictOf(Buffer.from(text))).to.equal('not_a_pdf');
    for (const range of ['[0 9 1 5]', '[0 5 9999999999 5]', '[0 5 8 5]', '[0 -1 8 5]']) {
      expect(await verdictOf(Buffer.from(`%PDF-1.7 /ByteRange ${range} <30>`))).to.be.oneOf(['changed', 'unsealed']);
    }
  });
});
