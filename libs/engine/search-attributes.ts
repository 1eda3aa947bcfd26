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

/** The search attributes of ours that a namespace does not have. */
export async function missingSearchAttributes({ operatorService }: Operators, namespace: string): Promise<string[]> {
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  return Object.keys(attributeTypes).filter((name) => !(name in (customAttributes ?? {})));
}

/** Adds what is missing, and says what that was. */
export async function registerSearchAttributes(connection: Operators, namespace: string): Promise<string[]> {
  const missing = await missingSearchAttributes(connection, namespace);
  if (missing.length === 0) return [];
  const added = Object.fromEntries(missing.map((name) => [name, attributeTypes[name]!]));
  await connection.operatorService.addSearchAttributes({ namespace, searchAttributes: added }).catch((error: unknown) => {
    // Somebody else was a moment faster.
    if (!isGrpcServiceError(error) || Number(error.code) !== alreadyExists) throw error;
  });
  return missing;
}

/** Whether Temporal answered that this may not be done with these credentials. */
export const isForbidden = (error: unknown): boolean =>
  isGrpcServiceError(error) && [permissionDenied, unauthenticated].includes(Number(error.code));

/** How long an answer holds that may change; that all are there holds for good. */
const missingForMs = 60_000;
const unknownForMs = 10_000;

/**
 * Knows whether claims can be shown by search attributes in this namespace. They help operators to find claims and nothing else: where they
 * are missing, claims run without.
 */
export class SearchAttributeCheck {
  private known: { areThere: boolean; until: number } | undefined;
  private look: Promise<boolean> | undefined;

  constructor(private readonly client: Client) {}

  /** What is not known counts as there: the start of a workflow tells otherwise. */
  areThere(): boolean | Promise<boolean> {
    if (this.known !== undefined && performance.now() < this.known.until) return this.known.areThere;
    this.look ??= this.ask().finally(() => {
      this.look = undefined;
    });
    return this.look;
  }

  /** A start was refused for them. */
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

/** Whether a workflow was not started since the namespace does not know an attribute. */
export function refusesSearchAttributes(error: unknown): boolean {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    const { details } = one as { details?: unknown };
    if (/search attribute/i.test(`${one.message} ${typeof details === 'string' ? details : ''}`)) return true;
  }
  return false;
}
