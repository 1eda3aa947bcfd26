export { repairImports } from './repair-imports.js';
export { repairClaims, type RepairReason, type RepairReport } from './repair-claims.js';
