/** What is known of a file: `waiting` when the scanner has not answered. */
export type ScanResult = 'clean' | 'infected' | 'unscanned' | 'waiting';

export interface Scan {
  result: ScanResult;
  /** Engine and version of its signatures, such as `ClamAV 1.4.6/27500`; null if there is none, or it does not answer at all. */
  scanner: string | null;
}

/** The extension point for a malware scanner. A scanner that cannot answer says `waiting`: a file is never taken for clean without its word. */
export interface EvidenceScanner {
  scan(bytes: Uint8Array): Promise<Scan>;
}
