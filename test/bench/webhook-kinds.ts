import type { Received, Reply } from '../support/webhook-receiver.js';

/** How a receiver treats an event. */
export interface Treatment extends Reply {
  /** Whether it takes the event, whatever it answers. */
  isTaken: boolean;
  /** Whether it says so in a way that the sender can rely on. */
  isSaid: boolean;
  /** Whether nothing that follows on the connection can be understood. */
  isSpoiling?: boolean;
}

/** Chooses what a receiver does with an event: `number` counts the events of the receiver, `attempt` those of this event, both from 1. */
export type Kind = (event: { number: number; attempt: number; event: Received }) => Treatment;

export const well: Treatment = { status: 204, isTaken: true, isSaid: true };
const refused = (status: number, more: Partial<Treatment> = {}): Treatment => ({ status, isTaken: false, isSaid: false, ...more });
const unsaid = (bytes: string): Treatment => ({ status: 200, isTaken: true, isSaid: false, bytes });

/** Does so at the first attempt of every so manieth event, and else what is right. */
const sometimes =
  (every: number, treatments: readonly Treatment[]): Kind =>
  ({ number, attempt }) =>
    attempt === 1 && number % every === 0 ? treatments[(number / every) % treatments.length]! : well;

const head = 'HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n';

/** All take the event and answer as if they had, or had not, in ways that HTTP does not allow. */
const lies: readonly Treatment[] = [
  { ...well, status: 200, body: 'x'.repeat(1_000_000) },
  // More than was announced: what is left over spoils the connection for the next request.
  { ...well, bytes: `${head}Content-Length: 2\r\n\r\nok and more than that`, isKept: true, isSpoiling: true },
  unsaid(`${head}Content-Length: 1000\r\n\r\nok`),
  unsaid(`${head}Content-Length: many\r\n\r\nok`),
  unsaid(`${head}Transfer-Encoding: chunked\r\n\r\n5\r\nok`),
  unsaid('SSH-2.0-OpenSSH_9.6\r\n'),
  unsaid('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
  unsaid(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`),
];

/** The receivers of the measurement. `elsewhere` is where the one that redirects points to. `isRevived` tells the dead one to live. */
export const kindsOf = (elsewhere: string, outageFrom: number, isRevived: () => boolean): Record<string, Kind> => {
  let outageSince = 0;
  return {
    'answers at once': () => well,
    'answers after 0.1 s': () => ({ ...well, afterMs: 100 }),
    'fails (500) for 1 in 10': sometimes(10, [refused(500)]),
    'is down (503) for 20 s': ({ number }) => {
      if (number < outageFrom) return well;
      outageSince ||= Date.now();
      return Date.now() - outageSince < 20_000 ? refused(503) : well;
    },
    'hangs for 1 in 500': sometimes(500, [{ ...well, isSaid: false, afterMs: Number.POSITIVE_INFINITY }]),
    'hangs until the others have all': () => (isRevived() ? well : refused(200, { afterMs: Number.POSITIVE_INFINITY })),
    'redirects 1 in 10': sometimes(10, [
      refused(302, { headers: { location: elsewhere } }),
      refused(307, { headers: { location: elsewhere } }),
    ]),
    'closes without an answer, 1 in 10': sometimes(10, [unsaid('')]),
    'closes what seems kept': () => ({ ...well, bytes: `${head}Content-Length: 2\r\n\r\nok` }),
    'lies in eight ways, 1 in 5': sometimes(5, lies),
  };
};
