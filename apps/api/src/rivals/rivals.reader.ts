import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { z } from 'zod';
import { isActingFor, type Scope } from '#libs/auth/index.js';
import { type Candidate, type ClaimState, rivalriesOf, targetOf } from '#libs/claims/index.js';
import { partnersOf } from '#libs/directory/index.js';
import { type ClaimRow, findRelatedClaims } from '#libs/read-models/index.js';
import { Problem } from '#libs/problems/index.js';
import type { RivalryList, RivalryView } from './rivals.body.js';

interface OtherClaim {
  claimId: string;
  number: string;
  state: ClaimState;
  files: Record<string, string>;
}

/** Compares all partners that claim or hold a claim's targets, for the reviewer. */
@Injectable()
export class RivalsReader {
  constructor(private readonly source: DataSource) {}

  /** Throws if the reviewer acts for one of the partners, because they would see their rivals' evidence. */
  async rivals(claim: ClaimRow, scope: Scope): Promise<z.output<typeof RivalryList>> {
    const rivalries = await this.rivalriesOf(claim);
    const candidates = rivalries.flatMap((rivalry) => rivalry.candidates);
    if ([claim, ...candidates].some(({ partnerAccountId }) => isActingFor(scope, partnerAccountId))) {
      throw new Problem('self_review_forbidden', { detail: 'You act for one of the partners. Another reviewer must compare them.' });
    }
    const ids = [...new Set(candidates.map(({ claimId }) => claimId))];
    const [claims, partners] = await Promise.all([this.claims(ids), partnersOf(this.source, ids)]);
    const items = rivalries.map(({ line, target, candidates: rivals, chosen, settled }) => {
      const rivalry = claim.state.lines.find((candidate) => candidate.line === line)?.rivalry ?? null;
      return {
        line,
        target,
        candidates: rivals.map((rival) => candidateView(rival, claims.get(rival.claimId)!, partners.get(rival.claimId)!)),
        choice: chosen,
        order: settled,
        decision: rivalry && { recordId: rivalry.recordId, isWinner: rivalry.isWinner, step: rivalry.step },
      };
    });
    return { items, next: null };
  }

  private async rivalriesOf({ claimId, state }: ClaimRow) {
    const { details, exclusivityKey, partnerAccountId } = state;
    const targets = details.lines.map((line) => targetOf(details, line, exclusivityKey));
    const relatedClaims = await findRelatedClaims(this.source.manager, { claimId, partnerAccountId, tenantId: details.tenantId, targets });
    const [{ now }] = await this.source.query<[{ now: Date }]>('SELECT cpor_now() AS now');
    return rivalriesOf(state, { ...relatedClaims, claimId, now: now.toISOString() });
  }

  private async claims(ids: string[]): Promise<Map<string, OtherClaim>> {
    const rows = await this.source.query<OtherClaim[]>(
      `SELECT c.claim_id AS "claimId", c.number, c.state,
         (SELECT coalesce(jsonb_object_agg(id, file_name), '{}') FROM evidence_files e WHERE e.claim_id = c.claim_id) AS files
       FROM claims c WHERE c.claim_id = ANY($1)`,
      [ids],
    );
    return new Map(rows.map((row) => [row.claimId, row]));
  }
}

function candidateView(
  candidate: Candidate,
  { number, state, files }: OtherClaim,
  partner: { legalName: string; partnerId: string },
): z.output<typeof RivalryView>['candidates'][number] {
  const line = state.lines.find(({ line: number }) => number === candidate.line)!;
  return {
    ...candidate,
    ...partner,
    number,
    phase: line.phase,
    evidence: state.evidence.map(({ evidenceId, signedOn }) => ({ evidenceId, fileName: files[evidenceId] ?? null, signedOn })),
    hearing: line.hearing && { dueAt: line.hearing.dueAt, isOver: line.hearing.isOver },
  };
}
