import type { Scope } from '#libs/auth/index.js';
import type { FeedType } from '#libs/event-feed/index.js';

/** Whose endpoint it is: a partner's company, a customer, or the vendor. It is told what its owner may see. */
export type EndpointOwner =
  | { kind: 'partner'; id: string; locations: string[] | null }
  | { kind: 'tenant'; id: string }
  | { kind: 'vendor' };

export const webhookFormats = ['standard', 'cloudevents'] as const;
export type WebhookFormat = (typeof webhookFormats)[number];

/** Why an endpoint is disabled: by its owner, because it answered 410, or because it failed for days. */
export const disabledReasons = ['owner', 'gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** What its owner decides about an endpoint. */
export interface EndpointSettings {
  url: string;
  description: string;
  /** Null for all types, also future ones. */
  types: FeedType[] | null;
  /** PartnerIDs; null for all locations that the owner has. */
  locations: string[] | null;
  format: WebhookFormat;
  /** Who is told when the endpoint is disabled. */
  contactEmail: string | null;
}

export interface Endpoint extends EndpointSettings {
  endpointId: string;
  ownerKind: EndpointOwner['kind'];
  /** Empty for the vendor. */
  ownerId: string;
  version: number;
  disabledBecause: DisabledReason | null;
  disabledAt: Date | null;
  /** Since when every attempt has failed; null while the endpoint works. */
  failingSince: Date | null;
  /** Nothing is sent before. */
  pausedUntil: Date | null;
  deliveredAt: Date | null;
  createdBy: string;
  createdAt: Date;
  pending: number;
  /** Whether there are events in the feed that it has not read yet. */
  isBehind: boolean;
}

/** The scope in which an endpoint reads the feed. */
export function scopeOfEndpoint({ ownerKind, ownerId, locations }: Pick<Endpoint, 'ownerKind' | 'ownerId' | 'locations'>): Scope {
  if (ownerKind === 'partner') return { kind: 'partner', accountId: ownerId, locations: locations ?? 'all' };
  return ownerKind === 'tenant' ? { kind: 'tenant', tenantId: ownerId } : { kind: 'everything' };
}
