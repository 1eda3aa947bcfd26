import { Client, Connection } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import type { TemporalConnection } from '../../temporal.config.js';
import { type CodecKey, EncryptionCodec } from './payload-codec.js';

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
  const lazy = Connection.lazy({ ...connectionOptions(connection), connectTimeout: '5s' });
  const client = new Client({ connection: lazy, namespace: connection.namespace, dataConverter: dataConverter(keys) });
  return { client, close: () => lazy.close() };
}
