export { repairClaims, type RepairReason, type RepairReport } from './repair-claims.js';
