import { waitFor } from './wait.js';

export interface ReceivedEvent {
  event: string;
  id: string | null;
  data: any;
}

/** Use it to read server-sent events: what arrived so far, and waiting for more. */
export class EventReader {
  readonly events: ReceivedEvent[] = [];
  beats = 0;
  isClosed = false;

  private constructor(
    readonly status: number,
    readonly headers: Headers,
    private readonly abort: AbortController,
  ) {}

  /** Connects; the caller closes. */
  static async open(url: string, token: string, headers: Record<string, string> = {}): Promise<EventReader> {
    const abort = new AbortController();
    const response = await fetch(url, {
      headers: { authorization: `Bearer ${token}`, accept: 'text/event-stream', ...headers },
      signal: abort.signal,
    });
    const reader = new EventReader(response.status, response.headers, abort);
    if (response.status === 200) void reader.read(response.body!);
    else await response.body?.cancel();
    return reader;
  }

  /** Waits until a number of events have arrived, and returns the last of them. */
  async event(number: number): Promise<ReceivedEvent> {
    await waitFor(`event ${number}`, () => Promise.resolve(this.events.length >= number));
    return this.events[number - 1]!;
  }

  close(): void {
    this.abort.abort();
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    let text = '';
    try {
      for await (const chunk of body.pipeThrough(new TextDecoderStream())) {
        const blocks = (text + chunk).split('\n\n');
        text = blocks.pop()!;
        for (const block of blocks) this.take(block);
      }
    } catch {
      // Closed by us, or broken off: either way nothing more comes.
    }
    this.isClosed = true;
  }

  private take(block: string): void {
    const fields = new Map(block.split('\n').map((line) => [line.split(': ')[0]!, line.slice(line.indexOf(': ') + 2)] as const));
    if (block.startsWith(':')) this.beats++;
    const data = fields.get('data');
    if (data !== undefined)
      this.events.push({ event: fields.get('event') ?? 'message', id: fields.get('id') ?? null, data: JSON.parse(data) });
  }
}
