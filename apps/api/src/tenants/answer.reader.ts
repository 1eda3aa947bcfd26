import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import type { Scope } from '#libs/auth/index.js';
import type { ClaimState } from '#libs/claims/index.js';
import { targetLabel } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { iso, withinScope } from '#libs/read-models/index.js';
import { erasedLabel } from '#libs/retention/index.js';
import { cursor, limit, page } from '../http/cursor.js';
import { listOf } from '../http/listing.js';
import { refuseOtherTenant } from './tenant-scope.js';

const AnswerPlace = z.strictObject({ at: z.iso.datetime({ precision: 6 }), claimId: z.guid(), version: z.int32().min(1) });

export const TenantAnswerQuery = z.strictObject({
  language: z.enum(['en', 'ru']).default('en').describe('Language of product names.'),
  cursor: cursor(AnswerPlace).optional(),
  limit,
});
export type TenantAnswerQuery = z.output<typeof TenantAnswerQuery>;

const TenantAnswer = z
  .object({
    claimId: z.string(),
    version: z
      .int()
      .min(1)
      .max(1_000_000)
      .describe("Version of the claim with which the answer took effect; its entry in the claim's history."),
    number: z.string().describe('Number of the claim.'),
    partner: z
      .object({ partnerId: z.string(), legalName: z.string() })
      .describe('The partner that made the claim; for a choice, the partner chosen.'),
    kind: z
      .enum(['accepted', 'refused', 'ended', 'chose', 'blocked', 'unblocked'])
      .describe('`ended`: the customer ended an association; `chose`: it chose between several partners.'),
    at: z.iso.datetime().describe('The instant from which it counts.'),
    by: z
      .object({
        via: z.enum(['portal', 'link']).describe('`portal`: signed in as an administrator; `link`: by the link in a mail.'),
        subject: z.string().nullable().describe("The issuer's id of the administrator; null for a link, which needs no sign-in."),
        recipient: z
          .enum(['contact', 'tenant_admin'])
          .nullable()
          .describe('Whose link it was: of the contact whom the partner named, or of an administrator; null if unknown.'),
      })
      .describe('Who answered.'),
    lines: z.array(z.object({ line: z.int().min(1).max(100_000), product: z.string() })),
    reason: z.string().nullable().describe('What was given as the reason; "(erased)" once it has been erased.'),
    reference: z.string().nullable().describe('What to quote when asking about it.'),
  })
  .meta({ id: 'TenantAnswer', description: 'What somebody in the customer’s organisation decided.' });
type TenantAnswer = z.output<typeof TenantAnswer>;
export const TenantAnswerList = listOf(TenantAnswer);

const kinds: Record<string, TenantAnswer['kind']> = {
  CustomerAccepted: 'accepted',
  CustomerDeclined: 'refused',
  AssociationEnded: 'ended',
  CustomerChose: 'chose',
  PartnerBlocked: 'blocked',
  PartnerUnblocked: 'unblocked',
};

interface Row {
  claimId: string;
  version: number;
  number: string;
  state: ClaimState;
  type: string;
  at: string;
  place: string;
  by: { subject: string };
  data: { lines?: number[]; line?: number; choiceId?: string };
  partnerId: string;
  legalName: string;
  recipient: 'contact' | 'tenant_admin' | null;
  reason: string | null;
  reference: string | null;
}

/** Links answer under this subject; see `apps/api/src/customer-page`. */
const linkSubject = 'recipient:';

/** Reads what a customer has decided, within its own tenant. */
@Injectable()
export class AnswerReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async list(scope: Scope, tenantId: string, { language, cursor: before, limit: size }: TenantAnswerQuery) {
    refuseOtherTenant(scope, tenantId);
    const parameters: unknown[] = [
      size + 1,
      before?.at ?? null,
      before?.claimId ?? null,
      before?.version ?? null,
      Object.keys(kinds),
      erasedLabel[language],
    ];
    const rows = await this.source.query<Row[]>(
      `SELECT e.claim_id AS "claimId", e.version, c.number, c.state, e.type, ${iso('e.at')} AS at,
         to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place, e.by, e.data, e.command_id AS reference,
         p.partner_id AS "partnerId", coalesce((SELECT d.facts -> 'location' ->> 'legalName' FROM directory_answers d
           WHERE d.claim_id = p.claim_id AND jsonb_typeof(d.facts -> 'location') = 'object' ORDER BY d.asked_at DESC LIMIT 1), '') AS "legalName",
         (SELECT r.kind FROM notice_recipients r WHERE r.recipient_id::text = e.data ->> 'recipientId') AS recipient,
         (SELECT CASE WHEN t.erased_at IS NULL THEN t.content ->> 'text' ELSE $6 END FROM personal_data t
           WHERE t.person_id = (e.data ->> 'textId')::uuid) AS reason
       FROM claims c JOIN claim_events e USING (claim_id)
         JOIN claims p ON p.claim_id = CASE WHEN e.type = 'CustomerChose' THEN (e.data ->> 'claimId')::uuid ELSE e.claim_id END
       WHERE ${withinScope(scope, parameters)} AND e.type = ANY($5) AND e.by ->> 'kind' = 'customer'
         AND ($2::timestamptz IS NULL OR (e.at, e.claim_id, e.version) < ($2, $3::uuid, $4::int))
       ORDER BY e.at DESC, e.claim_id DESC, e.version DESC LIMIT $1`,
      parameters,
    );
    const { items, next } = page(rows, size, ({ place, claimId, version }) => ({ at: place, claimId, version }));
    return { items: await Promise.all(items.map((row) => this.view(row, language))), next };
  }

  private async view(row: Row, language: 'en' | 'ru'): Promise<TenantAnswer> {
    const { claimId, version, number, state, type, at, by, partnerId, legalName, recipient, reason, reference } = row;
    const policy = await this.library.policy(state.policy);
    const isLink = by.subject.startsWith(linkSubject);
    return {
      claimId,
      version,
      number,
      partner: { partnerId, legalName },
      kind: kinds[type]!,
      at,
      by: { via: isLink ? 'link' : 'portal', subject: isLink ? null : by.subject, recipient },
      lines: state.lines
        .filter(({ line }) => linesOf(row).includes(line))
        .map((line) => ({ line: line.line, product: targetLabel(line, policy, language) })),
      reason,
      reference,
    };
  }
}

/** The lines that an answer was about; none for a block, which is about the whole tenant. */
function linesOf({ data, state }: Row): number[] {
  const asked = state.choices.find(({ choiceId }) => choiceId === data.choiceId);
  return data.lines ?? (asked === undefined ? [] : [asked.line]);
}
