import { startMailbox } from './mailbox.js';
import { readMailboxConfig } from './mailbox.config.js';

try {
  const config = readMailboxConfig(process.env);
  const mailbox = await startMailbox(config);
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void mailbox.close());
  process.stdout.write(
    `mailbox: SMTP 127.0.0.1:${mailbox.smtpPort}, page http://127.0.0.1:${mailbox.pagePort}, messages in ${config.directory}\n`,
  );
} catch (error) {
  process.stderr.write(`mailbox: not started. ${(error as Error).message}\n`);
  process.exitCode = 1;
}
