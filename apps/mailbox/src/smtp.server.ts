import { buffer } from 'node:stream/consumers';
import { SMTPServer } from 'smtp-server';
import type { MessageStore } from './message.store.js';

/** Accepts mail for any recipient except at domains ending in `.invalid` (RFC 2606), which stand for addresses that do not exist. */
export function createSmtpServer(store: MessageStore): SMTPServer {
  return new SMTPServer({
    name: 'mailbox.localhost',
    banner: 'cpor mailbox',
    disabledCommands: ['AUTH', 'STARTTLS'],
    disableReverseLookup: true,
    size: 10 * 1024 * 1024,
    closeTimeout: 2_000,
    logger: false,
    onRcptTo({ address }, _session, done) {
      done(/\.invalid$/i.test(address) ? smtpError(550, `5.1.1 <${address}>: no such mailbox`) : null);
    },
    async onData(stream, session, done) {
      try {
        const source = await buffer(stream);
        if (stream.sizeExceeded) return done(smtpError(552, '5.3.4 The message is larger than 10 MB'));
        const stored = [];
        for (const { address } of session.envelope.rcptTo) stored.push(await store.deliver(address, source));
        done(null, `2.0.0 Stored as ${stored.map(({ id }) => id).join(', ')}`);
      } catch (error) {
        process.stderr.write(`mailbox: a message could not be stored: ${(error as Error).message}\n`);
        done(smtpError(451, '4.3.0 The message could not be stored'));
      }
    },
  });
}

function smtpError(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode });
}
