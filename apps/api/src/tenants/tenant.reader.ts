import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimState, isChoiceOpen, isWindowBeyondCoverage, undecidedPhases } from '#libs/claims/index.js';
import { partnersOf } from '#libs/directory/index.js';
import { choiceCandidates, latestChoice, targetLabel } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { listOf } from '../http/listing.js';
import { refuseOtherTenant } from './tenant-scope.js';

const instant = z.iso.datetime();

const PartnerBlock = z
  .object({
    blockId: z.string(),
    partnerAccountId: z.string(),
    legalName: z.string(),
    blockedAt: instant,
  })
  .meta({ id: 'PartnerBlock', description: 'A partner whose claims the customer has blocked.' });
export const PartnerBlockList = listOf(PartnerBlock);

const TenantChoice = z
  .object({
    choiceId: z.string(),
    claimId: z.string().describe('Claim to send the answer to.'),
    product: z.string(),
    isOpen: z.boolean(),
    requestedAt: instant,
    candidates: z.array(z.object({ claimId: z.string(), legalName: z.string(), partnerId: z.string(), isHolder: z.boolean() })),
    chosen: z.object({ claimId: z.string(), receivedAt: instant }).nullable(),
  })
  .meta({ id: 'TenantChoice' });
export const TenantChoiceList = listOf(TenantChoice);

const PendingClaim = z
  .object({
    claimId: z.string(),
    number: z.string(),
    legalName: z.string().describe('Legal name of the claiming partner.'),
    partnerId: z.string(),
    consent: z.enum(['opt_out', 'opt_in']).describe('Whether silence accepts (`opt_out`) or only an answer (`opt_in`).'),
    closesAt: instant
      .nullable()
      .describe('End of the window in which a refusal prevents the association; null until the notice is delivered.'),
    isBeyondCoverage: z.boolean().describe('Whether `closesAt` was counted without knowing every public holiday; it does not change.'),
    lines: z.array(z.object({ line: z.int().min(1).max(100_000), product: z.string(), isAccepted: z.boolean() })),
  })
  .meta({ id: 'PendingClaim', description: 'A claim that the customer was notified about and that is not yet decided.' });
export const PendingClaimList = listOf(PendingClaim);

interface BlockRow {
  blockId: string;
  claimId: string;
  partnerAccountId: string;
  blockedAt: Date;
}

/** Reads a customer's pending claims, choices and blocks, within its own tenant. */
@Injectable()
export class TenantReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async blocks(scope: Scope, tenantId: string): Promise<z.output<typeof PartnerBlockList>> {
    refuseOtherTenant(scope, tenantId);
    const rows = await this.source.query<BlockRow[]>(
      `SELECT DISTINCT ON (partner_account_id) block_id AS "blockId", claim_id AS "claimId", partner_account_id AS "partnerAccountId",
         blocked_at AS "blockedAt"
       FROM partner_blocks WHERE tenant_id = $1 AND lifted_at IS NULL ORDER BY partner_account_id, blocked_at, block_id`,
      [tenantId],
    );
    const partners = await partnersOf(
      this.source,
      rows.map(({ claimId }) => claimId),
    );
    const items = rows.map(({ blockId, claimId, partnerAccountId, blockedAt }) => ({
      blockId,
      partnerAccountId,
      legalName: partners.get(claimId)?.legalName ?? '',
      blockedAt: blockedAt.toISOString(),
    }));
    return { items, next: null };
  }

  /** Returns every claim with a block of the same partner in force, because lifting one block lifts them all. */
  async blockedClaims(scope: Scope, tenantId: string, blockId: string): Promise<string[]> {
    refuseOtherTenant(scope, tenantId);
    const rows = await this.source.query<{ claimId: string }[]>(
      `SELECT other.claim_id AS "claimId" FROM partner_blocks block
       JOIN partner_blocks other USING (tenant_id, partner_account_id)
       WHERE block.block_id = $1 AND block.tenant_id = $2 AND block.lifted_at IS NULL AND other.lifted_at IS NULL
       ORDER BY other.blocked_at, other.block_id`,
      [blockId, tenantId],
    );
    if (rows.length === 0) throw new Problem('not_found');
    return rows.map(({ claimId }) => claimId);
  }

  async pendingClaims(scope: Scope, tenantId: string, language: 'en' | 'ru'): Promise<z.output<typeof PendingClaimList>> {
    refuseOtherTenant(scope, tenantId);
    const rows = await this.source.query<{ claimId: string; number: string; state: ClaimState }[]>(
      `SELECT claim_id AS "claimId", number, state FROM claims
       WHERE tenant_id = $1 AND is_open AND jsonb_array_length(state -> 'notices') > 0 ORDER BY created_at DESC, claim_id DESC`,
      [tenantId],
    );
    const partners = await partnersOf(
      this.source,
      rows.map(({ claimId }) => claimId),
    );
    const items = rows.map(async ({ claimId, number, state }) => {
      const policy = await this.library.policy(state.policy);
      const partner = { legalName: '', partnerId: '', ...partners.get(claimId) };
      return state.notices.flatMap((notice): z.output<typeof PendingClaim>[] => {
        const { noticeId, consent, closesAt } = notice;
        const lines = state.lines
          .filter((line) => line.noticeId === noticeId && undecidedPhases.includes(line.phase))
          .map((line) => ({ line: line.line, product: targetLabel(line, policy, language), isAccepted: line.acceptance !== null }));
        const isBeyondCoverage = isWindowBeyondCoverage(state, notice);
        return lines.length === 0 ? [] : [{ claimId, number, ...partner, consent, closesAt, isBeyondCoverage, lines }];
      });
    });
    return { items: (await Promise.all(items)).flat(), next: null };
  }

  async choices(scope: Scope, tenantId: string, language: 'en' | 'ru'): Promise<z.output<typeof TenantChoiceList>> {
    refuseOtherTenant(scope, tenantId);
    const rows = await this.source.query<{ claimId: string; state: ClaimState }[]>(
      `SELECT claim_id AS "claimId", state FROM claims
       WHERE tenant_id = $1 AND jsonb_array_length(coalesce(state -> 'choices', '[]')) > 0 ORDER BY created_at DESC, claim_id DESC`,
      [tenantId],
    );
    const items = await Promise.all(rows.flatMap((row) => this.choicesOf(row, language)));
    return { items, next: null };
  }

  private choicesOf({ claimId, state }: { claimId: string; state: ClaimState }, language: 'en' | 'ru') {
    return state.choices.map(async (choice): Promise<z.output<typeof TenantChoice>> => {
      const { choiceId, requestedAt } = choice;
      const policy = await this.library.policy(state.policy);
      const line = state.lines.find((candidate) => candidate.line === choice.line)!;
      const [candidates, chosen] = await Promise.all([choiceCandidates(this.source, choice), latestChoice(this.source, claimId, choiceId)]);
      return {
        choiceId,
        claimId,
        product: targetLabel(line, policy, language),
        isOpen: isChoiceOpen(state, choice),
        requestedAt,
        candidates,
        chosen: chosen && { claimId: chosen.claimId, receivedAt: chosen.receivedAt },
      };
    });
  }
}
