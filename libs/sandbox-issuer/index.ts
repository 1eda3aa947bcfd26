export { createSandboxIssuer, issuerRoutes, type SandboxIssuer, type SandboxIssuerOptions } from './issuer.js';
export { prepareRecords, RecordFolder, sweepRecords } from './record-folder.js';
