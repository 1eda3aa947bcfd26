import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect } from 'chai';
import { parse } from 'yaml';
import { configurationVariables, readConfig } from '#libs/config/index.js';
import { type Container, examples, filesBelow, type Manifest, podsOf, readRendered, sampleFile, sampleSecrets } from './deploy-files.js';

/** What docs/how-to/deploy-on-kubernetes.md says that each Secret contains. */
const secretKeys: Record<string, string[]> = {
  cpor: ['DATABASE_URL', 'CPOR_WEBHOOK_KEY', 'CPOR_CODEC_KEYS'],
  'cpor-api': ['CPOR_SESSION_KEY'],
  'cpor-worker': ['CPOR_LINK_KEY', 'SMTP_URL'],
  'cpor-migrate': ['DATABASE_OWNER_URL'],
};
/**
 * Settings that an installation on Kubernetes has no use for. The chart replaces its workers, and a new build that nobody promotes would leave none
 * at work.
 */
const unused = ['CPOR_BUILD_ID', 'CPOR_DATA_DIR', 'CPOR_WEBHOOK_RETRY_SPEED', 'CPOR_WORKER_DEPLOYMENT', 'TEMPORAL_TLS'];

const schema = JSON.parse(readFileSync('deploy/helm/cpor/values.schema.json', 'utf8')) as {
  properties: { settings: { properties: Record<string, unknown> } };
};
const rulesFile = 'deploy/prometheus/cpor.rules.yml';
const ofKind = (manifests: Manifest[], kind: string): Manifest[] => manifests.filter((manifest) => manifest.kind === kind);

const readYaml = (file: string): unknown => parse(readFileSync(file, 'utf8'));
const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The values of a release: those of the chart, replaced field by field, as Helm does. */
function merged(base: unknown, own: unknown): unknown {
  if (!isMap(base) || !isMap(own)) return own;
  return { ...base, ...Object.fromEntries(Object.entries(own).map(([name, value]) => [name, merged(base[name], value)])) };
}

/** The environment that a container starts with: Secrets as documented, and a file for every mounted certificate. */
function environmentOf({ env, envFrom }: Container): NodeJS.ProcessEnv {
  const secrets = envFrom.flatMap(({ secretRef }) => secretKeys[secretRef.name]!.map((name) => [name, sampleSecrets[name]]));
  const values = env.map(({ name, value }) => [name, name.startsWith('TEMPORAL_TLS_') ? sampleFile('certificate') : value]);
  return Object.fromEntries([...secrets, ...values]) as NodeJS.ProcessEnv;
}

describe('the chart', () => {
  it('was rendered after its last change (deploy/helm/render.sh)', () => {
    const listed = readFileSync('deploy/helm/rendered/SOURCES.sha256', 'utf8').trim().split('\n');
    const hashes = Object.fromEntries(listed.map((line) => line.split(/\s+/).reverse() as [string, string]));
    const sources = ['cpor', 'examples'].flatMap((folder) => filesBelow(`deploy/helm/${folder}`));
    const now = sources.map((file) => [file.slice('deploy/helm/'.length), createHash('sha256').update(readFileSync(file)).digest('hex')]);
    expect(Object.fromEntries(now)).to.deep.equal(hashes);
  });

  it('takes every setting that is no secret, but for those that it sets itself', () => {
    const containers = podsOf(readRendered('self-hosted-temporal')).flatMap(({ pod }) => pod.containers);
    const own = containers
      .flatMap(({ env }) => env.map(({ name }) => name))
      .filter((name) => !(name in schema.properties.settings.properties));
    const open = configurationVariables.filter(({ isSecret }) => !isSecret).map(({ name }) => name);
    expect([...Object.keys(schema.properties.settings.properties), ...new Set(own), ...unused]).to.have.members(open);
  });

  it('is documented with what each Secret contains', () => {
    const page = readFileSync('docs/how-to/deploy-on-kubernetes.md', 'utf8');
    for (const [name, keys] of Object.entries(secretKeys)) {
      const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
      for (const key of keys) expect(row, name).to.include(`\`${key}\``);
    }
  });

  it('has the rules of deploy/prometheus, by a link', () => {
    expect(join('deploy/helm/cpor/rules', readlinkSync('deploy/helm/cpor/rules/cpor.rules.yml'))).to.equal(rulesFile);
    const rules = examples.flatMap((example) => ofKind(readRendered(example), 'PrometheusRule'));
    expect(rules).to.have.length(2);
    for (const rule of rules) expect(rule.spec).to.deep.equal(readYaml(rulesFile));
  });

  for (const example of examples)
    describe(`with the example ${example}`, () => {
      const manifests = readRendered(example);
      const pods = podsOf(manifests);
      const container = (name: string): Container => pods.flatMap(({ pod }) => pod.containers).find((one) => one.args[0]!.includes(name))!;

      it('has values that its schema accepts', () => {
        const values = merged(readYaml('deploy/helm/cpor/values.yaml'), readYaml(`deploy/helm/examples/${example}.yaml`));
        const validate = new Ajv({ strict: false }).compile(schema);
        expect(validate(values), JSON.stringify(validate.errors)).to.equal(true);
      });

      it('starts API, worker and migrations in production mode with every setting that they require', () => {
        const tls = { 'self-hosted-temporal': 'object', 'temporal-cloud-mtls': 'object', 'temporal-cloud-api-key': 'boolean' }[example];
        const withKey = example === 'temporal-cloud-api-key' ? { TEMPORAL_API_KEY: 'trial' } : {};
        for (const name of ['api', 'worker'] as const) {
          const config = readConfig({ ...environmentOf(container(`apps/${name}/`)), ...withKey }, name);
          expect([config.mode, typeof config.temporal.tls]).to.deep.equal(['production', tls]);
          expect(config.temporal.tls).not.to.equal(false);
        }
        const migrate = container('apps/cli/');
        expect(migrate.args).to.deep.equal(['dist/apps/cli/src/main.js', 'migrate']);
        expect(readConfig(environmentOf(migrate), 'cli').database.ownerUrl).to.equal(sampleSecrets.DATABASE_OWNER_URL);
      });

      it('runs every pod without root, without privileges, and with a root file system that is not written', () => {
        expect(pods).to.have.length(3);
        for (const { name, pod } of pods) {
          expect(pod.automountServiceAccountToken, name).to.equal(false);
          // Uploads pass through it, so it is on disk.
          expect(pod.volumes.find((volume) => volume.name === 'tmp')?.emptyDir, name).not.to.include.keys('medium');
          expect(pod.securityContext, name).to.deep.include({
            runAsNonRoot: true,
            runAsUser: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          });
          for (const { securityContext, resources, volumeMounts } of pod.containers) {
            expect(securityContext, name).to.deep.equal({
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              runAsNonRoot: true,
              capabilities: { drop: ['ALL'] },
            });
            expect(resources.requests, name).to.have.all.keys('cpu', 'memory');
            expect(resources.limits, name).to.have.keys('memory');
            expect(
              pod.volumes.map((volume) => volume.name),
              name,
            ).to.have.members(volumeMounts.map((mount) => mount.name));
          }
        }
      });

      it('probes nothing that depends on another service', () => {
        for (const name of ['api', 'worker']) {
          const { startupProbe, livenessProbe, readinessProbe } = container(`apps/${name}/`);
          const probes = [startupProbe, livenessProbe, ...(name === 'api' ? [readinessProbe] : [])];
          for (const probe of probes) expect(probe?.httpGet.path).to.equal('/livez');
        }
      });

      it('migrates before the new processes start, with the only account that owns tables', () => {
        const [job] = ofKind(manifests, 'Job');
        expect(job!.metadata.annotations).to.include({ 'helm.sh/hook': 'pre-install,pre-upgrade' });
        for (const { name, pod } of pods) {
          const ownsTables = pod.containers.some(({ envFrom }) => envFrom.some(({ secretRef }) => secretRef.name === 'cpor-migrate'));
          expect(ownsTables, name).to.equal(name === 'Job cpor-migrate');
        }
      });

      it('opens the metrics to the monitoring only, and the API to the ingress only', () => {
        const rules = ofKind(manifests, 'NetworkPolicy').flatMap(
          ({ spec }) => spec.ingress as { from: unknown; ports: { port: string }[] }[],
        );
        const reached = rules.map(({ from, ports }) => [
          JSON.stringify(from).match(/ingress-nginx|monitoring/)?.[0],
          ports.map(({ port }) => port),
        ]);
        expect(reached).to.deep.equal([
          ['ingress-nginx', ['http']],
          ['monitoring', ['metrics']],
          ['monitoring', ['metrics', 'temporal-sdk']],
        ]);
        const service = ofKind(manifests, 'Service').find(({ metadata }) => metadata.name === 'cpor-api');
        expect(service!.spec.ports).to.deep.equal([{ name: 'http', port: 80, targetPort: 'http' }]);
      });

      it('loses at most one pod of a kind at a time', () => {
        const budgets = ofKind(manifests, 'PodDisruptionBudget').map(({ metadata, spec }) => [metadata.name, spec.maxUnavailable]);
        expect(budgets).to.deep.equal([
          ['cpor-api', 1],
          ['cpor-worker', 1],
        ]);
      });
    });
});
