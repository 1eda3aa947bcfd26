import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { ConfigError, readConfig } from '#libs/config/index.js';

const base = { CPOR_MODE: 'sandbox', TEMPORAL_ADDRESS: '127.0.0.1:7233' };
const url = 'postgres://cpor_app:hunter2@127.0.0.1:5433/cpor';

describe('settings in files', () => {
  let folder: string;
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const faultsOf = (env: NodeJS.ProcessEnv): string[] => {
    try {
      readConfig({ ...base, ...env }, 'api');
      return [];
    } catch (error) {
      if (error instanceof ConfigError) return error.faults.map(({ variable, fault }) => `${variable} ${fault}`);
      throw error;
    }
  };

  before(() => (folder = mkdtempSync(join(tmpdir(), 'cpor-settings-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('reads a secret from the file that its variable with _FILE names, without its last line break', () => {
    const config = readConfig({ ...base, DATABASE_URL_FILE: file('url', `${url}\n`) }, 'api');
    expect(config.database.url).to.equal(url);
  });

  it('refuses a file that is missing or empty, and a secret that is set twice', () => {
    expect(faultsOf({ DATABASE_URL_FILE: join(folder, 'none') })).to.deep.equal([
      'DATABASE_URL cannot be read from the file that DATABASE_URL_FILE names (ENOENT)',
    ]);
    expect(faultsOf({ DATABASE_URL_FILE: file('empty', '\n') })).to.deep.equal([
      'DATABASE_URL is empty in the file that DATABASE_URL_FILE names',
    ]);
    expect(faultsOf({ DATABASE_URL: url, DATABASE_URL_FILE: file('other', url) })).to.deep.equal([
      'DATABASE_URL is set together with DATABASE_URL_FILE',
    ]);
  });

  it('never shows what the file contains', () => {
    expect(faultsOf({ DATABASE_URL_FILE: file('wrong', 'hunter2') })).to.deep.equal(['DATABASE_URL is not a PostgreSQL URL']);
  });

  it('takes only secrets from files', () => {
    const config = readConfig({ ...base, DATABASE_URL: url, CPOR_LOG_LEVEL_FILE: join(folder, 'none') }, 'api');
    expect(config.logLevel).to.equal('info');
  });

  it('reads the certificates for Temporal, which turn TLS on', () => {
    const paths = {
      TEMPORAL_TLS_CLIENT_CERT_PATH: file('tls.crt', 'certificate'),
      TEMPORAL_TLS_CLIENT_KEY_PATH: file('tls.key', 'key'),
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.crt', 'authority'),
    };
    const { tls } = readConfig({ ...base, DATABASE_URL: url, ...paths }, 'api').temporal;
    const bytes = (text: string) => Buffer.from(text);
    expect(tls).to.deep.equal({ client: { certificate: bytes('certificate'), key: bytes('key') }, serverCa: bytes('authority') });
    expect(readConfig({ ...base, DATABASE_URL: url, ...paths, TEMPORAL_TLS: 'false' }, 'api').temporal.tls).to.equal(false);
    expect(faultsOf({ DATABASE_URL: url, TEMPORAL_TLS_CLIENT_CERT_PATH: paths.TEMPORAL_TLS_CLIENT_CERT_PATH })).to.deep.equal([
      'TEMPORAL_TLS_CLIENT_KEY_PATH is required with TEMPORAL_TLS_CLIENT_CERT_PATH',
    ]);
    expect(faultsOf({ DATABASE_URL: url, TEMPORAL_TLS_SERVER_CA_CERT_PATH: join(folder, 'none') })).to.deep.equal([
      'TEMPORAL_TLS_SERVER_CA_CERT_PATH cannot be read from the file that TEMPORAL_TLS_SERVER_CA_CERT_PATH names (ENOENT)',
    ]);
  });
});
