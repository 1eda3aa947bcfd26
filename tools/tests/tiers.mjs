/**
 * @typedef {object} Tier a folder of `test/`
 * @property {string} name
 * @property {('postgres' | 'temporal')[]} servers what its files share; what a file starts for itself is not named here
 * @property {string} [pattern] its compiled files; default: every `*.test.js`
 * @property {boolean} [isNamedOnly] it runs only when it is named
 * @property {boolean} [hasSecondTry] its real servers and browsers may be slow or busy: a file that fails gets one more try
 */

/** In the order in which `--mocha all` starts their files: the longest first, so that no long file is left for the end. @type {Tier[]} */
export const tiers = [
  { name: 'story', servers: [], hasSecondTry: true },
  { name: 'web', servers: ['postgres', 'temporal'], hasSecondTry: true },
  { name: 'setup', servers: [], hasSecondTry: true },
  { name: 'workflow', servers: ['postgres', 'temporal'], hasSecondTry: true },
  { name: 'api', servers: ['postgres', 'temporal'], hasSecondTry: true },
  { name: 'database', servers: ['postgres'] },
  { name: 'property', servers: [] },
  { name: 'replay', servers: [] },
  { name: 'unit', servers: [] },
  { name: 'chaos', servers: ['postgres', 'temporal'], isNamedOnly: true },
  { name: 'keycloak', servers: ['postgres'], isNamedOnly: true },
  { name: 'monitoring', servers: [], isNamedOnly: true },
  { name: 'rehearsal', servers: [], isNamedOnly: true },
  { name: 'histories', servers: ['postgres', 'temporal'], pattern: 'record.js', isNamedOnly: true },
];

/** @param {string} file a test file, relative to the checkout */
export function tierOf(file) {
  return tiers.find(({ name }) => file.startsWith(`test/${name}/`));
}
