import { type BeforeApplicationShutdown, Injectable, Logger } from '@nestjs/common';
import { Problem } from '#libs/problems/index.js';
import type { Admission } from '../auth/access.decorator.js';
import { EventStream } from './event-stream.js';

export const streamLimits = {
  perProcess: 2_000,
  perCaller: 20,
  /** At most, between two heartbeats of a stream, each of which checks again that its caller may read it. */
  heartbeatMs: 15_000,
  /** Checks in a row that may fail for lack of an answer (database or token issuer unreachable) before the stream ends. */
  unanswered: 4,
};

interface OpenStream {
  stream: EventStream;
  caller: string;
  mayRead: () => Promise<boolean>;
  unanswered: number;
  timer: NodeJS.Timeout | undefined;
}

/** Keeps open streams alive, limited in number, and ends them with their callers' access or with the process. */
@Injectable()
export class OpenStreams implements BeforeApplicationShutdown {
  private readonly logger = new Logger(OpenStreams.name);
  private readonly open = new Set<OpenStream>();
  private readonly perCaller = new Map<string, number>();
  private isStopped = false;

  get count(): number {
    return this.open.size;
  }

  /**
   * Opens a stream. `mayRead` says whether what is read still lies in the caller's scope; the caller's token is checked here.
   * @throws Problem `too_many_requests` if the caller, or this process, has as many open streams as it may have
   */
  start(admission: Admission, mayRead: () => Promise<boolean>): EventStream {
    const caller = admission.principal.subject;
    this.refuseTooMany(caller);
    const stream = new EventStream();
    const entry: OpenStream = { stream, caller, mayRead: () => this.isAdmitted(admission, mayRead), unanswered: 0, timer: undefined };
    entry.timer = this.nextBeat(entry);
    this.open.add(entry);
    this.perCaller.set(caller, (this.perCaller.get(caller) ?? 0) + 1);
    stream.once('close', () => this.forget(entry));
    // A reader that disconnects is no fault.
    stream.on('error', () => undefined);
    return stream;
  }

  /** Ends every stream, so that the server can close. */
  beforeApplicationShutdown(): void {
    this.isStopped = true;
    for (const { stream } of this.open) stream.finish('shutdown');
  }

  private refuseTooMany(caller: string): void {
    if (this.isStopped) throw new Problem('service_unavailable', { detail: 'This process is stopping.', headers: { 'Retry-After': '1' } });
    const own = this.perCaller.get(caller) ?? 0;
    const detail =
      own >= streamLimits.perCaller
        ? `You have ${own} open streams, which is as many as one caller may have. Close one, or poll.`
        : this.open.size >= streamLimits.perProcess
          ? `${this.open.size} streams are open, which is as many as this process allows. Poll until there is room.`
          : null;
    if (detail !== null) throw new Problem('too_many_requests', { detail, headers: { 'Retry-After': '30' } });
  }

  private forget(entry: OpenStream): void {
    clearTimeout(entry.timer);
    if (!this.open.delete(entry)) return;
    const left = (this.perCaller.get(entry.caller) ?? 1) - 1;
    if (left > 0) this.perCaller.set(entry.caller, left);
    else this.perCaller.delete(entry.caller);
  }

  private nextBeat(entry: OpenStream): NodeJS.Timeout {
    // Spread out, because many streams begin at once when a process has restarted.
    return setTimeout(() => void this.beat(entry), streamLimits.heartbeatMs * (0.8 + Math.random() / 5)).unref();
  }

  private async beat(entry: OpenStream): Promise<void> {
    const { stream } = entry;
    const mayRead = await entry.mayRead().catch((error: unknown) => {
      entry.unanswered += 1;
      this.logger.warn(`A stream's access could not be checked: ${(error as Error).message}`);
      return null;
    });
    if (stream.destroyed || !this.open.has(entry)) return;
    if (mayRead === false || entry.unanswered >= streamLimits.unanswered) return stream.finish('access');
    if (mayRead) entry.unanswered = 0;
    stream.beat();
    entry.timer = this.nextBeat(entry);
  }

  /** Throws if nobody can tell, because the database or the issuer does not answer. */
  private async isAdmitted(admission: Admission, mayRead: () => Promise<boolean>): Promise<boolean> {
    try {
      await admission.readmit();
      return await mayRead();
    } catch (error) {
      if (error instanceof Problem && error.kind === 'refusal') return false;
      throw error;
    }
  }
}
