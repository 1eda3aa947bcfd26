export { type EvidenceFile, EvidenceStore, type NewEvidence } from './evidence-store.js';
export { contentDisposition, sanitiseFileName } from './file-name.js';
export { type EvidenceRefusal, evidenceMediaTypes, inspectEvidence, type InspectedEvidence, screenEvidence } from './inspect-evidence.js';
export { type ClamdAddress, ClamdScanner } from './clamd-scanner.js';
export type { EvidenceScanner, Scan, ScanResult } from './evidence-scanner.js';
export { createScanner, noScanner } from './malware-scanner.js';
