import { Inject, Injectable, Logger } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { can, type Permission, permissions, type Principal } from '#libs/auth/index.js';
import type { DirectoryAnswer, DirectoryProvider } from '#libs/directory/index.js';
import { plainError } from '#libs/log/index.js';
import { API_CONFIG, type ApiConfig, DIRECTORY } from '../api.config.js';
import { RateLimiter } from '../limits/rate-limiter.service.js';
import type { Me } from './me.view.js';

/** How long a caller waits for names. */
const directoryLimitMs = 2_000;
/** Names are for display, so older ones are better than none. */
const usableForMs = 15 * 60_000;
/** A directory that can only be asked about one location at a time is asked this often. */
const mostNames = 50;

type Partner = NonNullable<Me['partner']>;

/** Reads who a caller is, from the token and the customer directory. */
@Injectable()
export class MeReader {
  private readonly logger = new Logger(MeReader.name);

  constructor(
    private readonly source: DataSource,
    @Inject(DIRECTORY) private readonly directory: DirectoryProvider,
    @Inject(API_CONFIG) private readonly config: ApiConfig,
    private readonly limiter: RateLimiter,
  ) {}

  async read(principal: Principal): Promise<Me> {
    const { subject, displayName, roles, actsFor, language } = principal;
    const [partner, tenant] = await Promise.all([this.partnerOf(principal), this.tenantOf(principal)]);
    const all = Object.keys(permissions) as Permission[];
    return {
      subject,
      name: displayName ?? null,
      roles,
      permissions: all.filter((permission) => can(principal, permission)),
      partner,
      tenant,
      actsFor,
      limits: this.limiter.statesOf(subject).map(({ name, requests, seconds, remaining }) => ({ name, requests, seconds, remaining })),
      mode: this.config.mode,
      language: language ?? tenant?.language ?? 'en',
    };
  }

  private async tenantOf({ tenantId }: Principal): Promise<Me['tenant']> {
    if (tenantId === null) return null;
    const tenant = (await this.ask('', tenantId))?.tenant;
    return { tenantId, name: tenant?.name ?? null, language: tenant?.language ?? null };
  }

  private async partnerOf({ partnerAccountId, locations }: Principal): Promise<Partner | null> {
    if (partnerAccountId === null) return null;
    const known = (await this.listed(partnerAccountId)) ?? (await this.lookedUp(partnerAccountId, locations));
    const coversAllLocations = locations === 'all';
    const inScope = coversAllLocations
      ? known.locations
      : [...locations]
          .sort()
          .map((partnerId) => known.locations.find((location) => location.partnerId === partnerId) ?? unnamed(partnerId));
    return {
      partnerAccountId,
      name: known.name,
      coversAllLocations,
      locations: inScope,
      isComplete: !coversAllLocations || known.isComplete,
    };
  }

  /** Reads all locations from a directory that can list them. */
  private async listed(accountId: string): Promise<Known | null> {
    if (this.directory.locationsOf === undefined) return null;
    const account = await this.directory.locationsOf(accountId);
    return { name: account?.legalName ?? null, locations: account?.locations ?? [], isComplete: true };
  }

  /** Asks location by location, beginning with one that the token or a claim of the account names: its answer names the others. */
  private async lookedUp(accountId: string, given: string[] | 'all'): Promise<Known> {
    const first = given === 'all' ? await this.someLocation(accountId) : given[0];
    const start = first === undefined ? null : await this.ownLocation(first, accountId);
    const siblings = start?.siblings.map(({ partnerId }) => partnerId) ?? [];
    const others = (given === 'all' ? siblings : given).filter((partnerId) => partnerId !== first);
    const answers = start === null ? [] : await Promise.all(others.slice(0, mostNames).map((id) => this.ownLocation(id, accountId)));
    const named = [start, ...answers].filter((location) => location !== null);
    const names = new Map(named.map(({ partnerId, name }) => [partnerId, name]));
    const all = [...(first === undefined ? [] : [first]), ...others].sort();
    return {
      name: start?.legalName ?? null,
      locations: all.map((partnerId) => ({ partnerId, name: names.get(partnerId) ?? null })),
      isComplete: start !== null,
    };
  }

  private async someLocation(accountId: string): Promise<string | undefined> {
    const [row] = await this.source.query<{ id: string }[]>(
      "SELECT partner_id AS id FROM claims WHERE partner_account_id = $1 AND partner_id <> '' LIMIT 1",
      [accountId],
    );
    return row?.id;
  }

  /** A token that names another company's location must not reveal that company's name. */
  private async ownLocation(partnerId: string, accountId: string): Promise<DirectoryAnswer['location']> {
    const location = (await this.ask(partnerId, ''))?.location ?? null;
    return location?.globalAccountId === accountId ? location : null;
  }

  /** Asks the directory. Returns null if it does not answer: names are a courtesy. */
  private ask(partnerId: string, tenantId: string): Promise<DirectoryAnswer | null> {
    const query = { partnerId, tenantId, identifiers: [], withinMs: directoryLimitMs, staleForMs: usableForMs };
    return this.directory.lookUp(query).catch((error: unknown) => {
      this.logger.warn({ err: plainError(error) }, 'The directory gave no names.');
      return null;
    });
  }
}

interface Known {
  name: string | null;
  locations: Partner['locations'];
  isComplete: boolean;
}

const unnamed = (partnerId: string): Partner['locations'][number] => ({ partnerId, name: null });
