import { simpleParser } from 'mailparser';
import type { TestRelay } from './relay.js';
import { waitFor } from './wait.js';

/** Use it when a person signs by the mails that really arrived: waits for the latest link or code that was sent to an address. */
export class SigningMails {
  constructor(
    private readonly relay: TestRelay,
    private readonly apiUrl: string,
  ) {}

  /** The address of the signing page, on the test's API; not `before`, the link of an earlier mail. */
  link(to: string, before?: string): Promise<string> {
    return this.latest('link to sign', to, before, (text) => {
      const path = /https:\/\/cpor\.example(\/s\/[\w-]+)/.exec(text)?.[1];
      return path && `${this.apiUrl}${path}`;
    });
  }

  code(to: string, before?: string): Promise<string> {
    return this.latest('code', to, before, (text) => /^\s*(\d{6})\s*$/m.exec(text)?.[1]);
  }

  private async latest(what: string, to: string, before: string | undefined, read: (text: string) => string | undefined): Promise<string> {
    let found: string | undefined;
    await waitFor(`a ${what} for ${to}`, async () => {
      const mails = this.relay.received.filter((mail) => mail.to === to);
      const texts = await Promise.all(mails.map(async ({ source }) => (await simpleParser(source)).text ?? ''));
      found = texts.map(read).findLast((value) => value !== undefined);
      return found !== undefined && found !== before;
    });
    return found!;
  }
}
