import { Readable } from 'node:stream';

export interface StreamedEvent {
  event?: string;
  id?: string;
  data: object;
}

/** A reader that takes nothing while this much piles up is gone. */
const mostUnreadBytes = 16 * 1024;

/** How long a browser waits before it connects again. */
const retryMs = 3_000;

/** The body of a `text/event-stream` response (HTML standard, server-sent events). */
export class EventStream extends Readable {
  constructor() {
    super();
    this.write(`retry: ${retryMs}\n\n`);
  }

  override _read(): void {
    // Events come when something happens, not when somebody reads.
  }

  send({ event, id, data }: StreamedEvent): void {
    const head = [...(event === undefined ? [] : [`event: ${event}`]), ...(id === undefined ? [] : [`id: ${id}`])];
    this.write([...head, `data: ${JSON.stringify(data)}`, '', ''].join('\n'));
  }

  /** Keeps proxies from closing an idle connection, and notices that the reader has gone. */
  beat(): void {
    this.write(':\n\n');
  }

  /** Ends the response with a last event that names the reason. */
  finish(reason: string): void {
    if (this.readableEnded || this.destroyed) return;
    this.send({ event: 'end', data: { reason } });
    if (!this.destroyed) this.push(null);
  }

  private write(text: string): void {
    if (this.destroyed) return;
    if (this.readableLength + text.length > mostUnreadBytes) this.destroy();
    else this.push(text);
  }
}
