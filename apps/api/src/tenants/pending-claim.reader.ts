import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import { type ClaimState, type LineState, type NoticeState, undecidedPhases } from '#libs/claims/index.js';
import { partnersOf } from '#libs/directory/index.js';
import { readClock } from '#libs/event-store/index.js';
import { targetLabel } from '#libs/notices/index.js';
import { type Policy, ProgrammeLibrary } from '#libs/programmes/index.js';
import { listOf } from '../http/listing.js';
import { refuseOtherTenant } from './tenant-scope.js';
import { Vendor } from './vendor.view.js';

const instant = z.iso.datetime();

const PendingLine = z
  .object({
    line: z.int().min(1).max(100_000),
    product: z.string(),
    activities: z.array(z.string()).describe('Codes of what the partner says it does.'),
    renews: z.string().nullable().describe('The subscription that this one follows, if the customer has renewed it.'),
    isAccepted: z.boolean(),
  })
  .meta({ id: 'PendingLine' });

const PendingClaim = z
  .object({
    claimId: z.string(),
    number: z.string(),
    legalName: z.string().describe('Legal name of the claiming partner.'),
    partnerId: z.string(),
    partnerAccountId: z.string(),
    isPartnerBlocked: z.boolean().describe('Whether the customer has blocked further claims by this partner through this claim.'),
    programme: z.string(),
    vendor: Vendor,
    consent: z.enum(['opt_out', 'opt_in']).describe('Whether silence accepts (`opt_out`) or only an answer (`opt_in`).'),
    requestedAt: instant.describe('When the notice was written.'),
    closesAt: instant
      .nullable()
      .describe('End of the window in which a refusal prevents the association; null until the notice is delivered.'),
    zone: z.string().describe("IANA zone of the programme's calendar, in which the window was counted."),
    countedDays: z.array(z.string()).describe('Dates that the window counts, if it counts business days and has begun.'),
    window: z
      .object({ days: z.int().min(1).max(100_000), unit: z.enum(['business_day', 'calendar_day', 'second']) })
      .describe('How long a window lasts that begins now.'),
    isBeyondCoverage: z.boolean().describe('Whether `closesAt` was counted without knowing every public holiday; it does not change.'),
    lines: z.array(PendingLine),
    evidence: z
      .array(z.object({ fileName: z.string().nullable().describe('Null once erased.'), signedOn: z.iso.date().nullable() }))
      .describe('Documents that the partner says the customer signed.'),
  })
  .meta({ id: 'PendingClaim', description: 'A claim that the customer was notified about and that is not yet decided.' });
type PendingClaim = z.output<typeof PendingClaim>;
export const PendingClaimList = listOf(PendingClaim);

interface Row {
  claimId: string;
  number: string;
  partnerAccountId: string;
  state: ClaimState;
  evidence: PendingClaim['evidence'];
}

/** Reads what waits for a customer's answer, within its own tenant. */
@Injectable()
export class PendingClaimReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async list(scope: Scope, tenantId: string, language: 'en' | 'ru'): Promise<z.output<typeof PendingClaimList>> {
    refuseOtherTenant(scope, tenantId);
    const rows = await this.source.query<Row[]>(
      `SELECT c.claim_id AS "claimId", c.number, c.partner_account_id AS "partnerAccountId", c.state,
         (SELECT coalesce(jsonb_agg(jsonb_build_object('fileName', e.file_name, 'signedOn', e.signed_on) ORDER BY e.uploaded_at), '[]')
           FROM evidence_files e WHERE e.claim_id = c.claim_id AND e.superseded_by IS NULL) AS evidence
       FROM claims c
       WHERE c.tenant_id = $1 AND c.is_open AND jsonb_array_length(c.state -> 'notices') > 0 ORDER BY c.created_at DESC, c.claim_id DESC`,
      [tenantId],
    );
    const now = await readClock(this.source);
    const partners = await partnersOf(
      this.source,
      rows.map(({ claimId }) => claimId),
    );
    const items = rows.map(async (row) => {
      const partner = { legalName: '', partnerId: '', ...partners.get(row.claimId) };
      return (await this.noticesOf(row, language, now)).map((pending) => ({ ...pending, ...partner }));
    });
    return { items: (await Promise.all(items)).flat(), next: null };
  }

  /** Returns one item for each notice that still has a line without a decision. */
  private async noticesOf({ state, claimId, number, partnerAccountId, evidence }: Row, language: 'en' | 'ru', now: string) {
    const policy = await this.library.policy(state.policy);
    const inForce = (await this.library.policyInForce(policy.name, now)) ?? policy;
    const calendar = await this.library.calendarInForce(policy.calendar, now);
    return state.notices.flatMap((notice): Omit<PendingClaim, 'legalName' | 'partnerId'>[] => {
      const lines = state.lines.filter(({ noticeId, phase }) => noticeId === notice.noticeId && undecidedPhases.includes(phase));
      if (lines.length === 0) return [];
      const deadline = windowOf(state, notice);
      return [
        {
          claimId,
          number,
          partnerAccountId,
          isPartnerBlocked: state.isPartnerBlocked,
          programme: policy.name,
          vendor: { name: policy.vendor.name, contactEmail: policy.vendor.contactEmail },
          consent: notice.consent,
          requestedAt: notice.requestedAt,
          closesAt: notice.closesAt,
          zone: deadline?.zone ?? calendar.zone,
          countedDays: deadline?.countedDays ?? [],
          window: inForce.clocks.consentWindow,
          isBeyondCoverage: deadline?.isBeyondCoverage ?? false,
          lines: lines.map((line) => pendingLine(state, line, policy, language)),
          evidence,
        },
      ];
    });
  }
}

/** The deadline of a notice's running window. */
const windowOf = ({ clocks }: ClaimState, { closesAt, lines }: NoticeState) =>
  clocks.find(
    ({ clock, deadline, lines: covered }) => clock === 'K5' && deadline.dueAt === closesAt && covered.some((line) => lines.includes(line)),
  )?.deadline;

function pendingLine(state: ClaimState, line: LineState, policy: Policy, language: 'en' | 'ru'): z.output<typeof PendingLine> {
  const renewed = state.lines.find((candidate) => candidate.line === line.renews);
  return {
    line: line.line,
    product: targetLabel(line, policy, language),
    activities: line.activities,
    renews: renewed === undefined ? null : targetLabel(renewed, policy, language),
    isAccepted: line.acceptance !== null,
  };
}
