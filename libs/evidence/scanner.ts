import type { Config } from '#libs/config/index.js';

export type ScanResult = 'clean' | 'infected' | 'unscanned';

/** What is found infected is never stored. */
export type StoredScanResult = Exclude<ScanResult, 'infected'>;

/** Where a malware scanner is plugged in. A scanner that cannot answer throws; the upload is then not accepted. */
export interface EvidenceScanner {
  scan(bytes: Uint8Array): Promise<ScanResult>;
}

// The industry's harmless test file, in two parts, so that scanners leave this file alone.
const testFile = ['X5O!P%@AP[4\\PZX54(P^)7CC)7}$', 'EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*'].join('');

/** The scanner of this installation: for every process that takes files, one and the same. */
export function createScanner(name: Config['evidenceScanner']): EvidenceScanner {
  return scanners[name];
}

/** Scans nothing and says so, except that it reports the EICAR test file, so that the way of an infected file can be tried. */
export const noScanner: EvidenceScanner = {
  scan: (bytes) =>
    Promise.resolve(
      Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(testFile, 0, 'latin1') ? 'infected' : 'unscanned',
    ),
};

const scanners: Record<Config['evidenceScanner'], EvidenceScanner> = { none: noScanner };
