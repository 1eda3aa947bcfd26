import { randomUUID } from 'node:crypto';
import type { CliConfig } from '#libs/config/index.js';
import type { DirectoryProvider } from '#libs/directory/index.js';
import { ClamdScanner } from '#libs/evidence/index.js';
import { checkRelay } from '#libs/notices/index.js';
import { type Checks, fault, ok, sentence, skipped, warning } from './check.js';

/** Checks of what cpor calls, and of the keys it needs. */
export const outwardChecks = (config: CliConfig, directory: DirectoryProvider): Checks => ({
  async relay() {
    try {
      await checkRelay(config.mail.smtpUrl);
      return ok('The mail relay takes connections and credentials.');
    } catch (error) {
      return fault(
        `The mail relay at ${new URL(config.mail.smtpUrl).host} does not: ${sentence((error as Error).message)}`,
        'No notice is sent, so no window begins. Mails are tried again.',
        'Check SMTP_URL. docs/runbooks/relay-refusing.md',
      );
    }
  },

  async directory() {
    if (config.directory === null) return ok('The built-in directory is used.');
    try {
      // Nobody has this tenant; what counts is that the answer keeps the contract.
      await directory.lookUp({ partnerId: '0', tenantId: randomUUID(), identifiers: [] });
      return ok(`The directory at ${new URL(config.directory.url).host} answers by the contract.`);
    } catch (error) {
      return fault(
        `The directory at ${new URL(config.directory.url).host} does not: ${sentence((error as Error).message)}`,
        'Claims are accepted and wait for its answer.',
        'docs/reference/directory-api.md has the contract; check DIRECTORY_URL and DIRECTORY_TOKEN.',
      );
    }
  },

  async scanner() {
    if (config.clamd === null) return skipped('No malware scanner is set up; evidence is marked as not scanned.');
    const address = 'path' in config.clamd ? config.clamd.path : `${config.clamd.host}:${config.clamd.port}`;
    try {
      return ok(`The malware scanner at ${address} answers: ${await new ClamdScanner(config.clamd).version()}.`);
    } catch (error) {
      return fault(
        `The malware scanner at ${address} does not answer: ${sentence((error as Error).message)}`,
        'New evidence stays in quarantine, and its claims cannot be approved.',
        'Check clamd and CPOR_CLAMD_ADDRESS. docs/runbooks/scanner-silent.md',
      );
    }
  },

  keys: () => Promise.resolve(missingKeys(config)),
});

function missingKeys({ mode, linkKey, webhooks, codecKeys }: CliConfig) {
  if (mode === 'sandbox') return skipped('A sandbox makes its own keys.');
  if (linkKey === null)
    return fault(
      'CPOR_LINK_KEY is not set here.',
      'A worker does not start without it.',
      'Run the command with the settings of the worker.',
    );
  if (webhooks.key === null)
    return warning('CPOR_WEBHOOK_KEY is not set.', 'No webhooks are sent.', 'Set it to the output of: openssl rand -base64 32');
  return ok(
    `The keys are set; payloads in Temporal are ${codecKeys.length === 0 ? 'not encrypted (they hold no personal data)' : 'encrypted'}.`,
  );
}
