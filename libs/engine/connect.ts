import { Client, Connection, type ConnectionOptions, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { tracing } from '#libs/tracing/index.js';
import { clientDeadlines, type TemporalConnection } from '../../temporal.config.js';
import { type CodecKey, EncryptionCodec } from './payload-codec.js';
import { ClientRetries } from './retries.js';

/** Payload conversion for clients and workers: everything is encrypted, failures included, when keys are configured. */
export function dataConverter(keys: CodecKey[]): DataConverter {
  if (keys.length === 0) return {};
  return { payloadCodecs: [new EncryptionCodec(keys)], failureConverterPath: new URL('./failure-converter.js', import.meta.url).pathname };
}

/** The options that clients and workers share. */
export const connectionOptions = ({ address, apiKey, useTls }: TemporalConnection) => ({
  address,
  ...(useTls ? { tls: tlsOptions(useTls) } : {}),
  ...(apiKey === null ? {} : { apiKey }),
});

function tlsOptions(tls: Exclude<TemporalConnection['useTls'], false>) {
  if (tls === true) return true;
  const { client, serverCa } = tls;
  return {
    ...(client === null ? {} : { clientCertPair: { crt: Buffer.from(client.certificate), key: Buffer.from(client.key) } }),
    ...(serverCa === null ? {} : { serverRootCACertificate: Buffer.from(serverCa) }),
  };
}

/**
 * A host that vanished is detected within 15 s: it is pinged after 10 s of silence, and has 5 s to answer. Temporal's servers end connections that
 * ping more often. The worker's connection has fixed limits in the SDK: 30 s and 15 s.
 */
const channelArguments = {
  'grpc.keepalive_time_ms': 10_000,
  'grpc.keepalive_timeout_ms': 5_000,
  // The default waits up to two minutes before it reconnects after a long outage.
  'grpc.initial_reconnect_backoff_ms': 250,
  'grpc.max_reconnect_backoff_ms': 2_000,
  // A new connection must not share the subchannel of the one that it replaces.
  'grpc.use_local_subchannel_pool': 1,
};

/** Gives a deadline to every call that has none, including its retries. */
const everyCallEnds: Interceptor = (options, next) =>
  // The chain returns a call, which the library types less precisely.
  next({ ...options, deadline: options.deadline ?? Date.now() + clientDeadlines.other }) as ReturnType<Interceptor>;

type Interceptor = NonNullable<ConnectionOptions['interceptors']>[number];

/** The state of a gRPC channel that is neither connected nor refused. */
const connecting: number = 1;
/** A younger connection may still succeed. */
const patienceMs = 2_000;
/** By then every call that still uses a replaced connection has met its deadline. */
const closeReplacedAfterMs = 2 * clientDeadlines.other;

/** Creates a client that connects on first use, so that a process starts and serves while Temporal is away. */
export function createClient(connection: TemporalConnection, keys: CodecKey[]): { client: Client; close: () => Promise<void> } {
  const retries = new ClientRetries();
  const interceptors = [everyCallEnds, makeGrpcRetryInterceptor(retries)];
  const options = { ...connectionOptions(connection), connectTimeout: '5s', channelArgs: channelArguments, interceptors } as const;
  const renewable = renew(() => Connection.lazy(options));
  const client = new Client({
    connection: renewable,
    namespace: connection.namespace,
    dataConverter: dataConverter(keys),
    interceptors: { workflow: tracing().client },
  });
  const close = async () => {
    await retries.end();
    await renewable.close();
  };
  return { client, close };
}

/**
 * Wraps a connection so that it is replaced when a call meets its deadline while it is still connecting: the library would wait indefinitely for
 * a host that accepts a connection and then stays silent.
 */
function renew(open: () => Connection): Connection {
  let current = open();
  let openedAt = performance.now();
  const giveUp = (stuck: Connection) => {
    if (stuck !== current || performance.now() - openedAt < patienceMs) return;
    current = open();
    openedAt = performance.now();
    setTimeout(() => void stuck.close(), closeReplacedAfterMs).unref();
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
