import { Client, Connection, type ConnectionOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { clientDeadlines, type TemporalConnection } from '../../temporal.config.js';
import { type CodecKey, EncryptionCodec } from './payload-codec.js';
import { ClientRetries } from './retries.js';

/** Payload conversion of client and worker alike: encrypted, failures included, when keys are configured. */
export function dataConverter(keys: CodecKey[]): DataConverter {
  if (keys.length === 0) return {};
  return { payloadCodecs: [new EncryptionCodec(keys)], failureConverterPath: new URL('./failure-converter.js', import.meta.url).pathname };
}

/** What both kinds of connection need. */
export const connectionOptions = ({ address, apiKey, useTls }: TemporalConnection) => ({
  address,
  ...(useTls ? { tls: true } : {}),
  ...(apiKey === null ? {} : { apiKey }),
});

/**
 * A host that vanished is found out in 15 s: after 10 s without a word it is asked whether it is there, and has 5 s to say so. Asked more often,
 * Temporal's servers end the connection. The worker's connection has limits of its own in the SDK, 30 s and 15 s, which cannot be set.
 */
const channelArguments = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // Else it waits for up to two minutes before it tries again, after a long outage.
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // A new connection must not be given the one that it is to replace.
  'grpc.use_local_subchannel_pool': 1,
};

/** Ends a call that was given no deadline, with all its retries. */
const everyCallEnds: Interceptor = (options, next) =>
  // What the chain hands back is a call; the library's type of it says less.
  next({ ...options, deadline: options.deadline ?? Date.now() + clientDeadlines.other }) as ReturnType<Interceptor>;

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** Of gRPC's channels: neither connected nor refused. */
const connecting: number = 1;
/** A younger connection may still come about. */
const patienceMs = 2_000;
/** Whoever still waits on a connection that was given up, and tries again, has met the deadline by then. */
const lastWordMs = 2 * clientDeadlines.other;

/** A client that connects when it is first used, so that a process starts, and serves, while Temporal is away. */
export function createClient(connection: TemporalConnection, keys: CodecKey[]): { client: Client; close: () => Promise<void> } {
  const retries = new ClientRetries();
  const interceptors = [everyCallEnds, makeGrpcRetryInterceptor(retries)];
  const options = { ...connectionOptions(connection), connectTimeout: '5s', channelArgs: channelArguments, interceptors } as const;
  const renewable = renew(() => Connection.lazy(options));
  const client = new Client({ connection: renewable, namespace: connection.namespace, dataConverter: dataConverter(keys) });
  const close = async () => {
    await retries.end();
    await renewable.close();
  };
  return { client, close };
}

/**
 * A connection that is opened anew when a call met its deadline while it was still connecting: the library itself waits without an end for a
 * host that takes a connection and says nothing.
 */
function renew(open: () => Connection): Connection {
  let current = open();
  let openedAt = performance.now();
  const giveUp = (stuck: Connection) => {
    if (stuck !== current || performance.now() - openedAt < patienceMs) return;
    current = open();
    openedAt = performance.now();
    setTimeout(() => void stuck.close(), lastWordMs).unref();
  };
  const withDeadline: Connection['withDeadline'] = async (deadline, work) => {
    const used = current;
    try {
      return await used.withDeadline(deadline, work);
    } catch (error) {
      if (used['client'].getChannel().getConnectivityState(false).valueOf() === connecting) giveUp(used);
      throw error;
    }
  };
  return new Proxy(current, {
    get(_first, key) {
      if (key === 'withDeadline') return withDeadline;
      const value: unknown = Reflect.get(current, key, current);
      return typeof value === 'function' ? (value.bind(current) as unknown) : value;
    },
  });
}
