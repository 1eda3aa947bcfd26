import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';
import type { MailboxConfig } from './mailbox.config.js';
import { MessageStore } from './message.store.js';
import { createPageServer } from './page.server.js';
import { MailboxPages } from './pages/mailbox.pages.js';
import { Product } from './product.js';
import { createSmtpServer } from './smtp.server.js';

export interface Mailbox {
  smtpPort: number;
  pagePort: number;
  close(): Promise<void>;
}

const host = '127.0.0.1';

/** Starts both servers on the loopback interface. Rejects when a port is taken. */
export async function startMailbox(config: MailboxConfig): Promise<Mailbox> {
  const product = new Product(config.databaseUrl);
  const store = await MessageStore.open(config.directory, async () => (await product.clock()).at);
  const smtp = createSmtpServer(store);
  const page = createPageServer(store, new MailboxPages(store, product, config));
  // Faults at start reject `listening`; later ones concern a single connection, which they end.
  smtp.on('error', () => undefined);
  const close = async () => {
    page.closeAllConnections();
    await Promise.all([
      new Promise<void>((resolve) => smtp.close(() => resolve())),
      new Promise<void>((resolve) => page.close(() => resolve())),
      product.close(),
    ]);
  };
  try {
    const smtpPort = await listening(smtp.listen(config.smtpPort, host));
    return { smtpPort, pagePort: await listening(page.listen(config.pagePort, host)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function listening(server: Server): Promise<number> {
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
