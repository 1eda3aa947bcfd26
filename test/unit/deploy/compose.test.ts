import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { readConfig, configurationVariables } from '#libs/config/index.js';
import { composeVariables, readCompose, sampleFile, sampleSecrets } from './deploy-files.js';

const { services, secrets, networks } = readCompose();
const ours = ['migrate', 'api', 'worker'] as const;
/** They end: whoever waits for them waits for their success. */
const steps = ['temporal-schema', 'temporal-namespace', 'migrate'];

/** The environment of a process of ours, with samples for the secrets. */
function environmentOf(name: (typeof ours)[number]): NodeJS.ProcessEnv {
  const environment = Object.entries(services[name]!.environment ?? {});
  return Object.fromEntries(
    environment.map(([variable, value]) => {
      const secret = variable.replace(/_FILE$/, '');
      return [variable, value.startsWith('/run/secrets/') && secret in sampleSecrets ? sampleFile(sampleSecrets[secret]!) : value];
    }),
  );
}

describe('the compose file', () => {
  it('starts API, worker and migrations in production mode with every setting that they require', () => {
    const api = readConfig(environmentOf('api'), 'api');
    expect(api).to.include({ mode: 'production' });
    expect(api.signIn?.sessionKey).to.have.length(32);
    expect(api.sealFile).not.to.equal(null);
    // Only the worker makes customers' links.
    expect(api.linkKey).to.equal(null);
    const worker = readConfig(environmentOf('worker'), 'worker');
    expect(worker).to.include({ mode: 'production' });
    expect([worker.webhooks.key, worker.linkKey, worker.checkpoints.folder]).not.to.include(null);
    expect(readConfig(environmentOf('migrate'), 'cli').database.ownerUrl).to.equal(sampleSecrets.DATABASE_OWNER_URL);
  });

  it('names only settings that exist, and secrets only as files', () => {
    for (const name of ours)
      for (const variable of Object.keys(services[name]!.environment ?? {})) {
        if (variable === 'NODE_EXTRA_CA_CERTS') continue;
        const setting = configurationVariables.find((known) => variable === (known.isSecret ? `${known.name}_FILE` : known.name));
        expect(setting, `${name}: ${variable}`).not.to.equal(undefined);
      }
  });

  it('keeps the account that owns the tables from everything that runs on', () => {
    for (const [name, service] of Object.entries(services))
      expect(service.secrets?.includes('database_owner_url') ?? false, name).to.equal(name === 'migrate');
  });

  it('mounts every secret that it names, from files that create-secrets.sh creates', () => {
    const script = readFileSync('deploy/compose/create-secrets.sh', 'utf8');
    for (const [name, service] of Object.entries(services)) {
      const named = JSON.stringify(service).matchAll(/\/run\/secrets\/(\w+)/g);
      expect(service.secrets ?? [], name).to.include.members([...named].map(([, secret]) => secret));
      expect(Object.keys(secrets), name).to.include.members(service.secrets ?? []);
    }
    const passwords = /^for name in (postgres .*); do$/m
      .exec(script)?.[1]
      ?.split(' ')
      .map((name) => `${name}_password`);
    for (const { file } of Object.values(secrets)) {
      const name = file.replace('./secrets/', '');
      expect(passwords?.includes(name) === true || script.includes(name), name).to.equal(true);
    }
  });

  it('opens ports on the loopback address only', () => {
    const ports = Object.values(services).flatMap((service) => service.ports ?? []);
    expect(ports).to.have.length.greaterThan(3);
    for (const port of ports) expect(port).to.match(/^127\.0\.0\.1:\d+:\d+$/);
  });

  it('keeps databases and metrics in networks without a way out, and trusts the network of its proxy', () => {
    expect([networks.data?.internal, networks.monitoring?.internal]).to.deep.equal([true, true]);
    expect(services.api!.environment!.CPOR_TRUSTED_PROXIES).to.equal(networks.front!.ipam!.config[0]!.subnet);
  });

  it('checks the health of everything that runs on, and starts nothing before what it needs', () => {
    for (const [name, service] of Object.entries(services)) {
      const isChecked = service.healthcheck?.test !== undefined || service.build !== undefined;
      if (!steps.includes(name) && name !== 'temporal-ui') expect(isChecked, name).to.equal(true);
      for (const [other, { condition }] of Object.entries(service.depends_on ?? {})) {
        expect(Object.keys(services), name).to.include(other);
        if (steps.includes(other)) expect(condition, `${name} needs ${other}`).to.equal('service_completed_successfully');
      }
    }
  });

  it('runs its own processes with a root file system that is not written, and without privileges', () => {
    for (const name of ours) {
      const { read_only, cap_drop, security_opt, image, volumes } = services[name]!;
      // Uploads pass through it, so it is on disk.
      expect(volumes?.[0], name).to.deep.equal({ type: 'volume', target: '/tmp' });
      expect({ read_only, cap_drop, security_opt, image }).to.deep.equal({
        read_only: true,
        cap_drop: ['ALL'],
        security_opt: ['no-new-privileges:true'],
        image: `cpor:${composeVariables.CPOR_VERSION}`,
      });
    }
  });
});
