import { readFileSync } from 'node:fs';

/** Fails if the Node that runs this is not one that package.json allows: `^24.15.0`. */
const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
const numbers = (/** @type {string} */ version) => version.replace('^', '').split('.').map(Number);
const [major = 0, minor = 0] = numbers(engines.node);
const [ownMajor = 0, ownMinor = 0] = numbers(process.versions.node);
if (ownMajor !== major || ownMinor < minor) {
  process.stderr.write(`The runtime image has Node ${process.versions.node}; package.json needs ${engines.node}. Renew RUNTIME_BASE.\n`);
  process.exit(1);
}
