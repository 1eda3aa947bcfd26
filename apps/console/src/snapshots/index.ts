export { SharedVersions } from './shared-versions.js';
