export { EvidenceViewer } from './evidence-viewer.js';
