import { type Client, type Connection, isGrpcServiceError } from '@temporalio/client';
import { clientDeadlines, searchAttributes } from '../../temporal.config.js';

/** IndexedValueType in temporal.api.enums.v1. */
const keyword = 2;
const datetime = 6;
const attributeTypes: Record<string, number> = {
  [searchAttributes.phase]: keyword,
  [searchAttributes.partner]: keyword,
  [searchAttributes.alarmAt]: datetime,
};

/** gRPC's codes. */
const alreadyExists = 6;
const permissionDenied = 7;
const unauthenticated = 16;

type Operators = Pick<Connection, 'operatorService'>;

/** Lists the search attributes that a namespace lacks. */
export async function missingSearchAttributes({ operatorService }: Operators, namespace: string): Promise<string[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return Object.keys(attributeTypes).filter((name) => !(name in (customAttributes ?? {})));
}

/** Adds the missing search attributes. Returns their names. */
export async function registerSearchAttributes(connection: Operators, namespace: string): Promise<string[]> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return [];
  const added = Object.fromEntries(missing.map((name) => [name, attributeTypes[name]!]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: added }).catch((error: unknown) => {
    // Another process was faster.
    if (!isGrpcServiceError(error) || Number(error.code) !== alreadyExists) throw error;
  });
  return missing;
}

/** Returns whether Temporal denied the call to these credentials. */
export const isForbidden = (error: unknown): boolean =>
  isGrpcServiceError(error) && [permissionDenied, unauthenticated].includes(Number(error.code));

/** How long an answer is trusted that may change. Attributes that exist are not removed. */
const missingForMs = 60_000;
const unknownForMs = 10_000;

/**
 * Knows whether this namespace has our search attributes. They only help operators to find claims: where they are missing, claims run
 * without.
 */
export class SearchAttributeCheck {
  private known: { areThere: boolean; until: number } | undefined;
  private check: Promise<boolean> | undefined;

  constructor(private readonly client: Client) {}

  /** Unknown counts as present: the start of a workflow proves otherwise. */
  areThere(): boolean | Promise<boolean> {
    if (this.known !== undefined && performance.now() < this.known.until) return this.known.areThere;
    this.check ??= this.ask().finally(() => {
      this.check = undefined;
    });
    return this.check;
  }

  /** To be called when Temporal refused a start because of them. */
  areMissing(): void {
    this.keep(false, missingForMs);
  }

  private async ask(): Promise<boolean> {
    const { connection, options } = this.client;
    try {
      const missing = await this.client.withDeadline(Date.now() + clientDeadlines.probe, () =>
        missingSearchAttributes(connection as Connection, options.namespace),
      );
      return this.keep(missing.length === 0, missing.length === 0 ? Number.POSITIVE_INFINITY : missingForMs);
    } catch {
      return this.keep(true, unknownForMs);
    }
  }

  private keep(areThere: boolean, forMs: number): boolean {
    this.known = { areThere, until: performance.now() + forMs };
    return areThere;
  }
}

/** Returns whether Temporal refused to start a workflow because the namespace lacks an attribute. */
export function refusesSearchAttributes(error: unknown): boolean {
  for (let fault: unknown = error; fault instanceof Error; fault = fault.cause) {
    const { details } = fault as { details?: unknown };
    if (/search attribute/i.test(`${fault.message} ${typeof details === 'string' ? details : ''}`)) return true;
  }
  return false;
}
