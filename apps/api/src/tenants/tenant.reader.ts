import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimState, isChoiceOpen } from '#libs/claims/index.js';
import { partnersOf } from '#libs/directory/index.js';
import { choiceCandidates, latestChoice, targetLabel } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { Problem } from '#libs/problems/index.js';
import { withinScope } from '#libs/read-models/index.js';
import { listOf } from '../http/listing.js';
import { Vendor } from './vendor.view.js';
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
    number: z.string().describe('Number of that claim.'),
    programme: z.string(),
    vendor: Vendor,
    zone: z.string().describe("IANA zone of the programme's calendar."),
    product: z.string(),
    isOpen: z.boolean(),
    requestedAt: instant,
    candidates: z.array(z.object({ claimId: z.string(), legalName: z.string(), partnerId: z.string(), isHolder: z.boolean() })),
    chosen: z.object({ claimId: z.string(), receivedAt: instant }).nullable(),
  })
  .meta({ id: 'TenantChoice' });
export const TenantChoiceList = listOf(TenantChoice);

interface ChoiceRow {
  claimId: string;
  number: string;
  state: ClaimState;
}

interface BlockRow {
  blockId: string;
  claimId: string;
  partnerAccountId: string;
  blockedAt: Date;
}

/** Reads a customer's choices between partners and its blocks, within its own tenant. */
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

  /**
   * Returns the claim through which a partner can be blocked: one that the customer has been told of, so that the answer does not reveal others.
   * A claim with a block in force comes first, otherwise the oldest, so that a repeated request finds the same claim.
   */
  async claimToBlockBy(scope: Scope, tenantId: string, partnerAccountId: string): Promise<string> {
    refuseOtherTenant(scope, tenantId);
    const parameters: unknown[] = [partnerAccountId];
    const [row] = await this.source.query<{ claimId: string }[]>(
      `SELECT c.claim_id AS "claimId" FROM claims c WHERE c.partner_account_id = $1 AND ${withinScope(scope, parameters)}
       ORDER BY EXISTS (SELECT FROM partner_blocks b WHERE b.claim_id = c.claim_id AND b.lifted_at IS NULL) DESC, c.created_at, c.claim_id LIMIT 1`,
      parameters,
    );
    if (row === undefined) throw new Problem('not_found');
    return row.claimId;
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

  async choices(scope: Scope, tenantId: string, language: 'en' | 'ru'): Promise<z.output<typeof TenantChoiceList>> {
    refuseOtherTenant(scope, tenantId);
    const rows = await this.source.query<ChoiceRow[]>(
      `SELECT claim_id AS "claimId", number, state FROM claims
       WHERE tenant_id = $1 AND jsonb_array_length(coalesce(state -> 'choices', '[]')) > 0 ORDER BY created_at DESC, claim_id DESC`,
      [tenantId],
    );
    const items = await Promise.all(rows.flatMap((row) => this.choicesOf(row, language)));
    return { items, next: null };
  }

  private choicesOf({ claimId, number, state }: ChoiceRow, language: 'en' | 'ru') {
    return state.choices.map(async (choice): Promise<z.output<typeof TenantChoice>> => {
      const { choiceId, requestedAt } = choice;
      const policy = await this.library.policy(state.policy);
      const line = state.lines.find((candidate) => candidate.line === choice.line)!;
      const { zone } = await this.library.calendarInForce(policy.calendar, requestedAt);
      const [candidates, chosen] = await Promise.all([choiceCandidates(this.source, choice), latestChoice(this.source, claimId, choiceId)]);
      return {
        choiceId,
        claimId,
        number,
        programme: policy.name,
        vendor: { name: policy.vendor.name, contactEmail: policy.vendor.contactEmail },
        zone,
        product: targetLabel(line, policy, language),
        isOpen: isChoiceOpen(state, choice),
        requestedAt,
        candidates,
        chosen: chosen && { claimId: chosen.claimId, receivedAt: chosen.receivedAt },
      };
    });
  }
}
