import { Connection } from './connection.js';
import type { Client } from './generated/client/index.js';
import { Resources } from './generated/resources.gen.js';
import type { ClientOptions } from './options.js';

/** The API of one installation, as one caller: a property for each resource, with a method for each operation. */
export class Cpor extends Resources {
  /** For the functions of `@cpor/client/operations`, which take and return requests and responses as they are. */
  readonly client: Client;

  constructor(options: ClientOptions) {
    const connection = new Connection(options);
    super(connection);
    this.client = connection.client;
  }
}

/**
 * Connects to an installation; sends nothing yet.
 * @throws CporError if `baseUrl` is no address.
 */
export const createClient = (options: ClientOptions): Cpor => new Cpor(options);
