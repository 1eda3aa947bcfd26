export { type EvidenceRules, inMebibytes } from './check-file.js';
export { EvidenceUpload } from './evidence-upload.js';
export { type ClaimCover, type Uploads, useUploads } from './use-uploads.js';
export { sendWithProgress } from './send-with-progress.js';
