import { type Received, type Reply, WebhookReceiver } from '../support/webhook-receiver.js';
import { percentile } from './measure.js';
import { type Kind, well } from './webhook-kinds.js';

interface Taken {
  times: number;
  /** Whether the sender was told. */
  isSaid: boolean;
  /** Milliseconds from when the event was recorded. */
  takenAfter: number | null;
}

export interface Tally {
  delivered: number;
  lost: number;
  /** Taken more than once. */
  doubled: number;
  /** Taken once more although the receiver had said well that it had taken it. */
  doubledInVain: number;
  requests: number;
  /** Until taken, in milliseconds. */
  p50: number;
  p95: number;
  longest: number;
}

/** A receiver of one kind, with a record of what became of each event. */
export class TalliedReceiver {
  readonly receiver = new WebhookReceiver();
  private readonly events = new Map<string, Taken & { number: number; attempt: number }>();
  private readonly spoiltPorts = new Set<number>();
  private doubledInVain = 0;
  private doubled = 0;
  private requests = 0;
  /** While set, it answers well, whatever its kind. */
  isGood = false;

  constructor(private readonly kind: Kind) {
    this.receiver.answer = (event) => this.answer(event);
  }

  private answer(event: Received): Reply {
    this.requests++;
    const { timestamp } = JSON.parse(event.body) as { timestamp: string };
    const age = Date.now() - Date.parse(timestamp);
    const known = this.events.get(event.id) ?? {
      number: this.events.size + 1,
      attempt: 0,
      times: 0,
      isSaid: false,
      takenAfter: null,
    };
    this.events.set(event.id, known);
    known.attempt++;
    const treatment = this.isGood ? well : this.kind({ number: known.number, attempt: known.attempt, event });
    if (treatment.isTaken) {
      if (known.times > 0) this.doubled++;
      if (known.isSaid) this.doubledInVain++;
      known.times++;
      known.takenAfter ??= age;
      // What follows on a spoilt connection is not understood, whereupon the connection is dropped; its port may serve another one.
      known.isSaid ||= treatment.isSaid && !this.spoiltPorts.delete(event.port);
    }
    if (treatment.isSpoiling) this.spoiltPorts.add(event.port);
    // Only this record is needed, and it is small.
    this.receiver.received.length = 0;
    return treatment;
  }

  /** How many of the events it has taken and said so. */
  doneOf(ids: readonly string[]): number {
    return ids.filter((id) => this.events.get(id)?.isSaid === true).length;
  }

  tally(ids: readonly string[]): Tally {
    const taken = ids.flatMap((id) => this.events.get(id)?.takenAfter ?? []);
    return {
      delivered: taken.length,
      lost: ids.length - taken.length,
      doubled: this.doubled,
      doubledInVain: this.doubledInVain,
      requests: this.requests,
      p50: percentile(taken, 0.5),
      p95: percentile(taken, 0.95),
      longest: percentile(taken, 1),
    };
  }

  /** Forgets what has arrived. */
  reset(): void {
    this.events.clear();
    [this.doubled, this.doubledInVain, this.requests] = [0, 0, 0];
  }
}
