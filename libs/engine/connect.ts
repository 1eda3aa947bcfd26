import { Client, Connection, makeGrpcRetryInterceptor } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { TemporalConnection } from '../../temporal.config.js';
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

/** A client that connects when it is first used, so that a process starts, and serves, while Temporal is away. */
export function createClient(connection: TemporalConnection, keys: CodecKey[]): { client: Client; close: () => Promise<void> } {
  const retries = new ClientRetries();
  const lazy = Connection.lazy({
    ...connectionOptions(connection),
    connectTimeout: '5s',
    interceptors: [makeGrpcRetryInterceptor(retries)],
  });
  const client = new Client({ connection: lazy, namespace: connection.namespace, dataConverter: dataConverter(keys) });
  const close = async () => {
    await retries.end();
    await lazy.close();
  };
  return { client, close };
}
