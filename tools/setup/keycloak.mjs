import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runLogged, saysNoNetwork, tail } from './command.mjs';
import { SetupFault } from './fault.mjs';
import { partialFolder, root, toolFolder } from './paths.mjs';

const version = readFileSync(join(root, 'tools/keycloak/version'), 'utf8').trim();
const plugin = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

const keycloakFolder = join(toolFolder, `keycloak-${version}`);

/** @type {import('../setup.mjs').Step} */
export const keycloakStep = {
  title: `Keycloak ${version}`,
  isDone: () => existsSync(keycloakFolder),
  run: provide,
};

/** Takes the distribution from Maven Central: Maven checks it, and unpacks it without a project. */
async function provide() {
  const folder = join(partialFolder, 'keycloak');
  rmSync(folder, { recursive: true, force: true });
  const artifact = `org.keycloak:keycloak-quarkus-dist:${version}:zip`;
  const unpacked = await runLogged('keycloak', 'mvn', [
    '-B',
    '-q',
    `${plugin}:unpack`,
    `-Dartifact=${artifact}`,
    `-DoutputDirectory=${folder}`,
  ]);
  if (unpacked.code !== 0) throw new SetupFault(`Keycloak ${version} could not be installed: ${reasonOf(unpacked)}.`);
  renameSync(join(folder, `keycloak-${version}`), keycloakFolder);
}

/** @param {import('./command.mjs').CommandResult} result */
function reasonOf({ code, output }) {
  if (code === 127) return 'mvn is not on PATH; install Java 17 or newer with Maven and try again';
  if (saysNoNetwork(output))
    return 'Maven Central is unreachable; check the network, or name a mirror in ~/.m2/settings.xml, and try again';
  return tail(output, 1);
}
