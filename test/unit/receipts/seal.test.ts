import { generateKeyPairSync } from 'node:crypto';
import { expect } from 'chai';
import { readSeal, SealError, sandboxSeal, sealOf } from '#libs/receipts/index.js';
import { pemFile, temporaryFolder, validPair } from '../../support/receipts.js';

const certificate = (pair: string): string => pair.replace(/^[^]*(?=-----BEGIN CERT)/, '');
const keyOf = (pair: string): string => pair.replace(/-----BEGIN CERT[^]*$/, '');

describe('the seal of an installation', () => {
  const folder = temporaryFolder();
  after(() => folder.remove());

  function faultOf(...parts: string[]): string {
    try {
      readSeal(pemFile(folder.path, 'fault.pem', ...parts), new Date());
    } catch (error) {
      if (error instanceof SealError) return error.message;
      throw error;
    }
    throw new Error('The seal was accepted.');
  }

  it('is refused in one line that says what to do', async () => {
    const [pair, other] = [await validPair(), await validPair()];
    const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const ended = await validPair({ to: new Date(Date.now() - 86_400_000) });
    const early = await validPair({ from: new Date(Date.now() + 86_400_000) });
    expect(faultOf(keyOf(pair), certificate(other))).to.include('does not belong to the first certificate');
    expect(faultOf(elliptic, certificate(pair))).to.include('is not an RSA key of 2048 bits');
    expect(faultOf(ended)).to.include('expired on');
    expect(faultOf(early)).to.include('is not valid before');
    expect(faultOf(keyOf(pair))).to.include('no certificate');
    expect(faultOf(certificate(pair))).to.include('no private key');
    expect(faultOf(pair.replace(/(?<=PRIVATE KEY-----\n)M/, 'A'))).to.include('The private key');
    expect(faultOf(keyOf(pair), certificate(pair).replace(/(?<=CERTIFICATE-----\n)M/, 'A'))).to.include('A certificate');
    expect(() => readSeal(`${folder.path}/missing.pem`, new Date())).to.throw(SealError, /ENOENT.*CPOR_SEAL_FILE/);
  });

  it('is made for a sandbox once, also by many at a time, and production has none by itself', async () => {
    const seals = await Promise.all(Array.from({ length: 3 }, () => sandboxSeal(folder.path)));
    expect(new Set(seals.map(({ fingerprint }) => fingerprint)).size).to.equal(1);
    const [sandbox, production] = await Promise.all(
      (['sandbox', 'production'] as const).map((mode) => sealOf({ mode, dataDirectory: folder.path, sealFile: null })),
    );
    expect(sandbox).to.include({ fingerprint: seals[0]!.fingerprint, isSandbox: true });
    expect(production).to.equal(null);
  });

  it('comes from the file that is named, even in a sandbox', async () => {
    const sealFile = pemFile(folder.path, 'named.pem', await validPair());
    expect(await sealOf({ mode: 'sandbox', dataDirectory: folder.path, sealFile })).to.include({ isSandbox: false });
  });
});
