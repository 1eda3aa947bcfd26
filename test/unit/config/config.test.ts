import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { ConfigError, configurationVariables, readConfig } from '#libs/config/index.js';

const sandbox = {
  CPOR_MODE: 'sandbox',
  DATABASE_URL: 'postgres://cpor_app:hunter2@127.0.0.1:5433/cpor',
  TEMPORAL_ADDRESS: '127.0.0.1:7233',
};
const production = {
  ...sandbox,
  CPOR_MODE: 'production',
  NODE_ENV: 'production',
  CPOR_PUBLIC_URL: 'https://claims.vendor.example/',
  OIDC_ISSUER: 'https://login.vendor.example/',
  SMTP_URL: 'smtps://relay.vendor.example:465',
  CPOR_MAIL_FROM: 'Claims <claims@vendor.example>',
  CPOR_LINK_KEY: randomBytes(32).toString('base64'),
};

function faultsOf(env: NodeJS.ProcessEnv, name: 'api' | 'worker' | 'cli'): ConfigError {
  try {
    if (name === 'cli') readConfig(env, name);
    else readConfig(env, name);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('The configuration was accepted.');
}

describe('the configuration', () => {
  it('fills in the defaults of a sandbox', () => {
    expect(readConfig(sandbox, 'api')).to.deep.equal({
      mode: 'sandbox',
      api: { host: '127.0.0.1', port: 3000, publicUrl: 'http://127.0.0.1:3000', trustedProxies: [] },
      database: { url: sandbox.DATABASE_URL, ownerUrl: null },
      temporal: { address: '127.0.0.1:7233', namespace: 'cpor', apiKey: null, tls: false, uiUrl: null },
      deployment: null,
      mail: { smtpUrl: 'smtp://127.0.0.1:1025', from: 'cpor <notices@cpor.example>' },
      directory: null,
      oidc: { issuer: 'http://127.0.0.1:3000/sandbox/issuer', audience: 'cpor', isEmbedded: true },
      signIn: {
        clientId: 'cpor-console',
        clientSecret: null,
        scopes: 'openid profile email offline_access',
        tokenTarget: null,
        sessionKey: null,
        idleMinutes: 30,
        maximumHours: 12,
      },
      commandLine: { clientId: 'cpor-cli', scopes: 'openid profile email offline_access', tokenTarget: null },
      dataDirectory: resolve('.data'),
      codecKeys: [],
      linkKey: null,
      webhooks: { key: null, allowedNetworks: ['127.0.0.0/8', '::1/128'], allowsHttp: true, retrySpeed: 1 },
      sealFile: null,
      clamd: null,
      checkpoints: { folder: null, keyFile: null },
      rateLimits: {
        read: { requests: 100, seconds: 10 },
        write: { requests: 30, seconds: 10 },
        bulk: { requests: 20, seconds: 60 },
        answer: { requests: 60, seconds: 60 },
      },
      metrics: { own: null, temporal: null },
      traces: null,
      logLevel: 'info',
    });
  });

  it('reads production settings, keeps the issuer exactly as given and trims the public URL', () => {
    const config = readConfig(production, 'worker');
    expect(config.oidc).to.deep.equal({ issuer: 'https://login.vendor.example/', audience: 'cpor', isEmbedded: false });
    expect(config.api.publicUrl).to.equal('https://claims.vendor.example');
  });

  it('lets nobody sign in with a browser to another issuer unless it names a client, whose sessions need a key in production', () => {
    expect(readConfig(production, 'api')).to.include({ signIn: null, commandLine: null });
    expect(readConfig({ ...production, OIDC_CLI_CLIENT_ID: 'cli' }, 'api').commandLine).to.include({ clientId: 'cli' });
    expect(readConfig({ ...sandbox, OIDC_ISSUER: 'http://127.0.0.1:9/' }, 'api').signIn).to.equal(null);
    const named = { ...production, OIDC_CLIENT_ID: 'claims', OIDC_TOKEN_TARGET: 'resource=https://api.example/?a=b' };
    expect(faultsOf(named, 'api').faults.map(({ variable }) => variable)).to.deep.equal(['CPOR_SESSION_KEY']);
    const { signIn } = readConfig({ ...named, CPOR_SESSION_KEY: randomBytes(32).toString('base64'), CPOR_SESSION_HOURS: '8' }, 'api');
    expect(signIn).to.include({ clientId: 'claims', clientSecret: null, maximumHours: 8 });
    expect(signIn?.tokenTarget).to.deep.equal({ name: 'resource', value: 'https://api.example/?a=b' });
    const wrong = { ...sandbox, OIDC_SCOPES: 'profile', OIDC_TOKEN_TARGET: 'cpor', CPOR_SESSION_IDLE_MINUTES: '0' };
    expect(faultsOf(wrong, 'api').faults).to.have.length(3);
  });

  it('defaults to production mode', () => {
    expect(readConfig({ ...production, CPOR_MODE: undefined }, 'api').mode).to.equal('production');
  });

  it('lists all malformed and missing values at once', () => {
    const { faults } = faultsOf(
      { CPOR_API_PORT: '99999', CPOR_LOG_LEVEL: 'loud', TEMPORAL_ADDRESS: '', OIDC_ISSUER: 'http://a.example' },
      'worker',
    );
    expect(faults.map(({ variable, fault }) => `${variable} ${fault}`)).to.deep.equal([
      'CPOR_API_PORT is not a port number: "99999"',
      'CPOR_LOG_LEVEL is not a log level: "loud"',
      'DATABASE_URL is required',
      'TEMPORAL_ADDRESS is required',
      'CPOR_PUBLIC_URL is required in production',
      'SMTP_URL is required in production',
      'CPOR_MAIL_FROM is required in production',
      'CPOR_LINK_KEY is required in production',
      'OIDC_ISSUER must be https in production',
    ]);
  });

  it('lets only a sandbox hurry the retries of webhooks', () => {
    expect(readConfig({ ...sandbox, CPOR_WEBHOOK_RETRY_SPEED: '60' }, 'worker').webhooks.retrySpeed).to.equal(60);
    const faultOf = (env: NodeJS.ProcessEnv) => faultsOf(env, 'worker').faults.map(({ variable }) => variable);
    expect(faultOf({ ...production, CPOR_WEBHOOK_RETRY_SPEED: '60' })).to.deep.equal(['CPOR_WEBHOOK_RETRY_SPEED']);
    for (const speed of ['0', 'fast', '1001'])
      expect(faultOf({ ...sandbox, CPOR_WEBHOOK_RETRY_SPEED: speed })).to.deep.equal(['CPOR_WEBHOOK_RETRY_SPEED']);
  });

  it('says in each line what to set instead', () => {
    expect(faultsOf({ ...sandbox, TEMPORAL_ADDRESS: undefined }, 'api').message).to.equal(
      'The configuration has 1 fault:\n  TEMPORAL_ADDRESS is required. Set <host>:7233.',
    );
  });

  it('never repeats a secret, even one that is in the wrong variable', () => {
    const error = faultsOf(
      {
        ...sandbox,
        DATABASE_URL: 'mysql://u:hunter2@h/d',
        SMTP_URL: 'hunter2',
        CPOR_CODEC_KEYS: 'k1:hunter2',
        TEMPORAL_ADDRESS: 'postgres://u:hunter2@h/d',
      },
      'worker',
    );
    expect(error.faults.map(({ variable }) => variable)).to.have.members([
      'DATABASE_URL',
      'SMTP_URL',
      'CPOR_CODEC_KEYS',
      'TEMPORAL_ADDRESS',
    ]);
    expect(error.message).not.to.contain('hunter2');
  });

  for (const name of ['api', 'worker', 'cli'] as const) {
    it(`refuses sandbox mode in the ${name} when NODE_ENV is production`, () => {
      const { faults } = faultsOf({ ...sandbox, NODE_ENV: 'production' }, name);
      expect(faults.map(({ variable }) => variable)).to.deep.equal(['CPOR_MODE']);
    });
  }

  it('uses a configured issuer instead of the embedded one in sandbox mode', () => {
    const { oidc } = readConfig({ ...sandbox, OIDC_ISSUER: 'http://127.0.0.1:9000' }, 'api');
    expect(oidc).to.deep.equal({ issuer: 'http://127.0.0.1:9000', audience: 'cpor', isEmbedded: false });
  });

  it("accepts the vendor's own directory, which needs https and a token in production", () => {
    const directory = { DIRECTORY_URL: 'https://directory.vendor.example/look-up', DIRECTORY_TOKEN: 'hunter2' };
    expect(readConfig({ ...production, ...directory }, 'api').directory).to.deep.equal({ url: directory.DIRECTORY_URL, token: 'hunter2' });
    expect(readConfig({ ...sandbox, DIRECTORY_URL: 'http://127.0.0.1:9000' }, 'worker').directory).to.deep.equal({
      url: 'http://127.0.0.1:9000',
      token: null,
    });
    const { faults } = faultsOf({ ...production, DIRECTORY_URL: 'http://directory.vendor.example' }, 'api');
    expect(faults.map(({ variable }) => variable)).to.deep.equal(['DIRECTORY_URL', 'DIRECTORY_TOKEN']);
    const named = faultsOf({ ...sandbox, DIRECTORY_URL: 'http://someone:hunter2@127.0.0.1:9000' }, 'api');
    expect(named.message).to.contain('must not contain a user or password').and.not.to.contain('hunter2');
  });

  it('reads codec keys in order', () => {
    const [first, second] = [randomBytes(32), randomBytes(32)];
    const keys = readConfig(
      { ...sandbox, CPOR_CODEC_KEYS: `2026b:${first?.toString('base64')},2026a:${second?.toString('base64')}` },
      'api',
    ).codecKeys;
    expect(keys.map(({ id, key }) => [id, Buffer.from(key).equals(id === '2026b' ? first : second)])).to.deep.equal([
      ['2026b', true],
      ['2026a', true],
    ]);
  });

  it('refuses a codec key of the wrong length or with a duplicate id', () => {
    const key = randomBytes(32).toString('base64');
    const short = faultsOf({ ...sandbox, CPOR_CODEC_KEYS: `a:${key},b:${randomBytes(16).toString('base64')}` }, 'api');
    expect(short.faults[0]?.fault).to.equal('has an invalid entry 2: it must be id:base64 of 32 bytes');
    expect(faultsOf({ ...sandbox, CPOR_CODEC_KEYS: `a:${key},a:${key}` }, 'api').faults[0]?.fault).to.equal(
      'contains the same key id twice',
    );
  });

  it('uses TLS for Temporal when there is an API key, unless TEMPORAL_TLS is false', () => {
    expect(readConfig({ ...sandbox, TEMPORAL_API_KEY: 'k' }, 'api').temporal.tls).to.equal(true);
    expect(readConfig({ ...sandbox, TEMPORAL_API_KEY: 'k', TEMPORAL_TLS: 'false' }, 'api').temporal.tls).to.equal(false);
  });

  it('takes an address with a port for metrics', () => {
    for (const address of ['127.0.0.1:9464', '[::]:9464', 'metrics.internal:1'])
      expect(readConfig({ ...sandbox, CPOR_METRICS: address }, 'worker').metrics).to.deep.equal({ own: address, temporal: null });
    for (const address of ['9464', ':9464', '::1:9464', '127.0.0.1:70000', 'http://127.0.0.1:9464'])
      expect(faultsOf({ ...sandbox, CPOR_METRICS: address }, 'api').faults.map(({ variable }) => variable)).to.deep.equal(['CPOR_METRICS']);
  });

  it('reads where traces are sent, and never shows the headers', () => {
    const traced = { ...sandbox, OTEL_EXPORTER_OTLP_ENDPOINT: 'https://otel.vendor.example' };
    expect(readConfig(traced, 'worker').traces).to.deep.equal({ endpoint: 'https://otel.vendor.example', headers: {} });
    const keyed = { ...traced, OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20a=, x-tenant=vendor' };
    expect(readConfig(keyed, 'api').traces?.headers).to.deep.equal({ authorization: 'Bearer a=', 'x-tenant': 'vendor' });
    for (const headers of ['authorization', 'a=b,', 'a=%', 'a b=c']) {
      const [fault] = faultsOf({ ...traced, OTEL_EXPORTER_OTLP_HEADERS: headers }, 'api').faults;
      expect(fault).to.include({ variable: 'OTEL_EXPORTER_OTLP_HEADERS', fault: 'is not a list of headers' });
    }
  });

  it('requires no variable for the command line', () => {
    expect(readConfig({}, 'cli').database.url).to.equal(null);
  });

  it('requires a checkpoint key if the worker writes checkpoints', () => {
    const checkpoints = { CPOR_CHECKPOINT_FOLDER: '/mnt/worm' };
    expect(faultsOf({ ...sandbox, ...checkpoints }, 'worker').faults.map(({ variable }) => variable)).to.deep.equal([
      'CPOR_CHECKPOINT_KEY_FILE',
    ]);
    expect(readConfig(checkpoints, 'cli').checkpoints).to.deep.equal({ folder: '/mnt/worm', keyFile: null });
  });

  it('has a name, a meaning and a form for every variable', () => {
    expect(configurationVariables).to.have.length(49);
    for (const { name, meaning, form } of configurationVariables) expect([name, meaning, form].every(Boolean), name).to.equal(true);
    expect(configurationVariables.find(({ name }) => name === 'CPOR_API_PORT')?.default).to.equal('3000');
    expect(configurationVariables.filter(({ isSecret }) => isSecret).map(({ name }) => name)).to.deep.equal([
      'DATABASE_URL',
      'DATABASE_OWNER_URL',
      'TEMPORAL_API_KEY',
      'SMTP_URL',
      'DIRECTORY_TOKEN',
      'OIDC_CLIENT_SECRET',
      'CPOR_SESSION_KEY',
      'CPOR_CODEC_KEYS',
      'CPOR_LINK_KEY',
      'CPOR_WEBHOOK_KEY',
      'OTEL_EXPORTER_OTLP_HEADERS',
    ]);
  });
});
