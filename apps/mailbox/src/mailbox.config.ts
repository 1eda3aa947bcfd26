import { join } from 'node:path';

export interface MailboxConfig {
  /** Where messages are stored. */
  directory: string;
  /** 0 picks a free port, for both. */
  smtpPort: number;
  pagePort: number;
  /** The product's database, whose clock stamps the messages and which knows their claims. Without it, this machine's clock does, and no claim is shown. */
  databaseUrl?: string;
  /** Where people reach the API, whose console shows the claims. Without it, claims are named but not linked. */
  publicUrl?: string;
  /** The zone that instants are shown in, such as `Europe/Moscow`; by default this machine's, since its user is the reader. */
  zone?: string;
}

/** Reads MAILBOX_DIRECTORY, MAILBOX_SMTP_PORT, MAILBOX_PAGE_PORT, DATABASE_URL and CPOR_PUBLIC_URL. Throws one error that lists every fault. */
export function readMailboxConfig(environment: NodeJS.ProcessEnv): MailboxConfig {
  const faults: string[] = [];
  const port = (name: string, standard: number) => {
    const text = environment[name] || String(standard);
    if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) faults.push(`${name} must be a port number from 0 to 65535, not "${text}".`);
    return Number(text);
  };
  const publicUrl = environment.CPOR_PUBLIC_URL?.replace(/\/+$/, '');
  if (publicUrl && !/^https?:\/\//.test(publicUrl)) faults.push(`CPOR_PUBLIC_URL must be a web address, not "${publicUrl}".`);
  const config = {
    directory: environment.MAILBOX_DIRECTORY || join(environment.CPOR_DATA_DIR || '.data', 'mailbox'),
    smtpPort: port('MAILBOX_SMTP_PORT', 1025),
    pagePort: port('MAILBOX_PAGE_PORT', 8025),
    ...(environment.DATABASE_URL && { databaseUrl: environment.DATABASE_URL }),
    ...(publicUrl && { publicUrl }),
  };
  if (faults.length > 0) throw new Error(faults.join('\n'));
  return config;
}
