import { Inject, Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { ExpectedVersion } from '#libs/event-store/index.js';
import { hasByToken, type Principal, type Scope } from '#libs/auth/index.js';
import { type DirectoryProvider, DirectoryUnavailable } from '#libs/directory/index.js';
import { changeRoles, type ChangeOutcome, listMembers, listRoleChanges, type Member, type Wish } from '#libs/members/index.js';
import { Problem } from '#libs/problems/index.js';
import { DIRECTORY } from '../api.config.js';
import { page } from '../http/cursor.js';
import { changeView, type MemberQuery, memberView, type RoleChangeQuery } from './member.view.js';

export interface Admin {
  principal: Principal;
  scope: Scope;
}

/** Gives and takes roles within the caller's own account. */
@Injectable()
export class MembersService {
  constructor(
    private readonly source: DataSource,
    @Inject(DIRECTORY) private readonly directory: DirectoryProvider,
  ) {}

  async list(scope: Scope, { cursor: after, limit }: z.output<typeof MemberQuery>) {
    const members = await listMembers(this.source, accountOf(scope), { after, limit: limit + 1 });
    return page(members.map(memberView), limit, ({ subject }) => subject);
  }

  async changes(scope: Scope, { subject, cursor: before, limit }: z.output<typeof RoleChangeQuery>) {
    const changes = await listRoleChanges(this.source, accountOf(scope), { subject, before, limit: limit + 1 });
    return page(changes.map(changeView), limit, ({ changeId }) => changeId);
  }

  async assign(
    admin: Admin,
    subject: string,
    wish: Wish,
    basedOn: ExpectedVersion | undefined,
  ): Promise<{ member: Member; isNew: boolean }> {
    await this.requireOwnLocations(accountOf(admin.scope), wish.locations);
    const outcome = await this.change(admin, subject, wish, basedOn);
    if (outcome.result === 'changed' || outcome.result === 'unchanged') return outcome;
    throw refusalOf(outcome.result);
  }

  async remove(admin: Admin, subject: string, basedOn: ExpectedVersion | undefined): Promise<void> {
    const outcome = await this.change(admin, subject, null, basedOn);
    if (outcome.result !== 'removed') throw refusalOf(outcome.result);
  }

  private change(
    { principal, scope }: Admin,
    subject: string,
    wish: Wish | null,
    basedOn: ExpectedVersion | undefined,
  ): Promise<ChangeOutcome> {
    const isAdminKnown = hasByToken(principal, 'account_admin');
    return changeRoles(this.source, { partnerAccountId: accountOf(scope), subject, wish, basedOn, by: principal.subject, isAdminKnown });
  }

  /** @throws Problem `not_own_location` that names every location of another company, or of none. */
  private async requireOwnLocations(accountId: string, locations: string[]): Promise<void> {
    if (locations.includes('*')) return;
    const own = await this.ownOf(accountId, locations).catch((error: unknown) => {
      if (!(error instanceof DirectoryUnavailable)) throw error;
      throw new Problem('service_unavailable', {
        detail: 'The directory, which knows the locations of your company, does not answer.',
        headers: { 'Retry-After': '5' },
        cause: error,
      });
    });
    const errors = locations.flatMap((partnerId, index) =>
      own.has(partnerId)
        ? []
        : [{ pointer: `/locations/${index}`, code: 'not_own_location', message: `${partnerId} is not a location of your company` }],
    );
    if (errors.length > 0) throw new Problem('not_own_location', { detail: `${errors[0]!.message}.`, errors });
  }

  private async ownOf(accountId: string, locations: string[]): Promise<Set<string>> {
    if (this.directory.locationsOf !== undefined) {
      const account = await this.directory.locationsOf(accountId);
      return new Set(account?.locations.map(({ partnerId }) => partnerId));
    }
    const own = new Set<string>();
    for (const partnerId of locations) {
      const { location } = await this.directory.lookUp({ partnerId, tenantId: '', identifiers: [] });
      if (location?.globalAccountId === accountId) own.add(partnerId);
    }
    return own;
  }
}

/** Returns the caller's company. Only an account admin for all its locations gives roles: what one location's admin gave could reach further. */
function accountOf(scope: Scope): string {
  if (scope.kind === 'partner' && scope.locations === 'all') return scope.accountId;
  throw new Problem('forbidden', {
    detail: 'Only an account admin for all locations of a company assigns roles, and your token names no company or only some locations.',
  });
}

function refusalOf(result: ChangeOutcome['result']): Problem {
  switch (result) {
    case 'unknown':
      return new Problem('not_found');
    case 'version_missing':
      return new Problem('precondition_required');
    case 'last_admin':
      return new Problem('last_account_admin');
    default:
      return new Problem('version_conflict');
  }
}
