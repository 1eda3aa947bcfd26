import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { compareInstants } from '#libs/claims/index.js';

export interface MessageSummary {
  id: string;
  to: string;
  /** The author's address, as given in the message. */
  from: string;
  subject: string;
  messageId: string;
  receivedAt: string;
  /** How often the same message was delivered to the same recipient. */
  deliveries: number;
}

export interface Message extends MessageSummary {
  text: string;
  /** Null when the message has no HTML part. */
  html: string | null;
  /** Every web address in either part, once, in order. */
  links: string[];
  /** As received. */
  source: Buffer;
}

export interface MessageFilter {
  /** A recipient's whole address. */
  to?: string | undefined;
  /** Words that the subject or an address holds, each in any place and case. */
  words?: string | undefined;
}

export interface Recipient {
  address: string;
  messages: number;
}

const summaryEnding = '.json';

/**
 * Stores each message as received in `<id>.eml`, with its summary in `<id>.json` beside it. The summary is written last and by renaming, so
 * a message is stored completely or not at all, even if the process is killed. Half-written files are removed at the next start.
 */
export class MessageStore {
  private readonly summaries = new Map<string, MessageSummary>();
  /** Undefined when a delivery has changed the summaries since they were sorted. */
  private newestFirst: MessageSummary[] | undefined;
  private lastDelivery: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly directory: string,
    private readonly now: () => Promise<string>,
  ) {}

  static async open(directory: string, now: () => Promise<string>): Promise<MessageStore> {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const store = new MessageStore(directory, now);
    const names = await readdir(directory);
    await Promise.all(names.filter((name) => name.endsWith('.part')).map((name) => rm(join(directory, name), { force: true })));
    for (const name of names.filter((candidate) => candidate.endsWith(summaryEnding))) {
      const summary = JSON.parse(await readFile(join(directory, name), 'utf8')) as MessageSummary;
      store.summaries.set(summary.id, summary);
    }
    return store;
  }

  /** Stores a message for one recipient, or counts another delivery of a stored one. Deliveries are processed one at a time. */
  deliver(recipient: string, source: Buffer): Promise<MessageSummary> {
    const delivery = this.lastDelivery.then(() => this.keep(recipient, source));
    this.lastDelivery = delivery.catch(() => undefined);
    return delivery;
  }

  /** Returns the summaries that match, newest first. */
  list({ to, words = '' }: MessageFilter = {}): MessageSummary[] {
    const recipient = to?.toLowerCase();
    const wanted = words.toLowerCase().split(/\s+/u).filter(Boolean);
    if (recipient === undefined && wanted.length === 0) return this.sorted();
    return this.sorted().filter((summary) => {
      if (recipient !== undefined && summary.to.toLowerCase() !== recipient) return false;
      const text = `${summary.subject}\n${summary.to}\n${summary.from}`.toLowerCase();
      return wanted.every((word) => text.includes(word));
    });
  }

  /** Returns everyone who was written to, the recipient of the newest message first. */
  recipients(): Recipient[] {
    const counts = new Map<string, Recipient>();
    for (const { to } of this.sorted()) {
      const recipient = counts.get(to.toLowerCase()) ?? { address: to, messages: 0 };
      counts.set(to.toLowerCase(), { ...recipient, messages: recipient.messages + 1 });
    }
    return [...counts.values()];
  }

  get size(): number {
    return this.summaries.size;
  }

  async find(id: string): Promise<Message | null> {
    const summary = this.summaries.get(id);
    if (summary === undefined) return null;
    const source = await readFile(join(this.directory, `${id}.eml`));
    const parsed = await parse(source);
    const text = parsed.text ?? '';
    const html = parsed.html || null;
    return { ...summary, text, html, links: linksOf(text, html ?? ''), source };
  }

  private async keep(recipient: string, source: Buffer): Promise<MessageSummary> {
    const parsed = await parse(headersOf(source));
    const messageId = parsed.messageId ?? `<${digest(source.toString('latin1'))}@no-message-id>`;
    const id = digest(`${messageId}\n${recipient.toLowerCase()}`).slice(0, 24);
    const known = this.summaries.get(id);
    const summary: MessageSummary = known
      ? { ...known, deliveries: known.deliveries + 1 }
      : {
          id,
          to: recipient,
          from: parsed.from?.value[0]?.address ?? '',
          subject: parsed.subject ?? '',
          messageId,
          receivedAt: await this.now(),
          deliveries: 1,
        };
    if (!known) await this.write(`${id}.eml`, source);
    await this.write(id + summaryEnding, JSON.stringify(summary));
    this.summaries.set(id, summary);
    this.newestFirst = undefined;
    return summary;
  }

  private sorted(): MessageSummary[] {
    this.newestFirst ??= [...this.summaries.values()].sort(
      (a, b) => compareInstants(b.receivedAt, a.receivedAt) || b.id.localeCompare(a.id),
    );
    return this.newestFirst;
  }

  private async write(name: string, content: Buffer | string): Promise<void> {
    const unfinished = join(this.directory, `${randomUUID()}.part`);
    await writeFile(unfinished, content, { mode: 0o600 });
    await rename(unfinished, join(this.directory, name));
  }
}

function parse(source: Buffer) {
  return simpleParser(source, { skipHtmlToText: true, skipTextToHtml: true, skipTextLinks: true, skipImageLinks: true });
}

/** The part before the first empty line: a summary needs no more, and a mail is read far less often than it arrives. */
function headersOf(source: Buffer): Buffer {
  const end = source.indexOf('\r\n\r\n');
  return end === -1 ? source : source.subarray(0, end + 4);
}

function digest(text: string): string {
  return createHash('sha256').update(text, 'latin1').digest('hex');
}

function linksOf(text: string, html: string): string[] {
  const inText = text.match(/https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]]/g) ?? [];
  const inHtml = [...html.matchAll(/\shref="(https?:[^"]*)"/gi)].map(([, address = '']) => address.replaceAll('&amp;', '&'));
  return [...new Set([...inText, ...inHtml])];
}
