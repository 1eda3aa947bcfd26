export { type EvidenceFile, EvidenceStore, type NewEvidence } from './evidence-store.js';
export { contentDisposition, sanitiseFileName } from './file-name.js';
export { type EvidenceRefusal, evidenceMediaTypes, inspectEvidence, type InspectedEvidence, screenEvidence } from './inspect-evidence.js';
export { createScanner, type EvidenceScanner, noScanner, type ScanResult, type StoredScanResult } from './malware-scanner.js';
