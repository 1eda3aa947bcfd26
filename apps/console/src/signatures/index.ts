export { SignaturesSection } from './signatures-section.js';
export { SignedStatement } from './signed-statement.js';
