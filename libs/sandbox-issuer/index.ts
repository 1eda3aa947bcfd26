export { createSandboxIssuer, issuerRoutes, type SandboxIssuer, type SandboxIssuerOptions } from './issuer.js';
