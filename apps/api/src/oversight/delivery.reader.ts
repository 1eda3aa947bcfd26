import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import type { Scope } from '#libs/auth/index.js';
import { noticeKindSql } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import { iso, withinScope } from '#libs/read-models/index.js';
import { page } from '../http/cursor.js';
import type { Delivery, DeliveryQuery } from './delivery.view.js';
import { isNoticeStillSent } from './still-sent.js';

interface Row extends Delivery {
  /** `since`, exact. */
  place: string;
  /** The policy whose vendor is the recipient; null when a person is. */
  vendorOf: string | null;
}

/** Lists the mails in trouble. Indexes hold these alone, by the time at which their trouble began, which no further attempt moves. */
@Injectable()
export class DeliveryReader {
  constructor(
    private readonly source: DataSource,
    private readonly library: ProgrammeLibrary,
  ) {}

  async list(scope: Scope, { state, cursor: after, limit: size }: DeliveryQuery) {
    const parameters: unknown[] = [after?.at ?? null, after?.id ?? null, size + 1];
    const isVisible = withinScope(scope, parameters);
    const rows = await this.source.query<Row[]>(
      `SELECT "deliveryId", "claimId", number, mail, domain, state, ${iso('since')} AS since, attempts, ${iso('"lastAt"')} AS "lastAttemptAt",
         ${iso('"nextAt"')} AS "nextAttemptAt", error, "vendorOf", to_char(since AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
       FROM ((${troubledSql(notices, state, isVisible)}) UNION ALL (${troubledSql(letters, state, isVisible)})) troubled
       ORDER BY troubled.since DESC, "deliveryId" DESC LIMIT $3`,
      parameters,
    );
    const { items, next } = page(rows, size, ({ place, deliveryId }) => ({ at: place, id: deliveryId }));
    return { items: await Promise.all(items.map((row) => this.shown(row))), next };
  }

  private async shown({ place: _, vendorOf, ...delivery }: Row): Promise<Delivery> {
    if (vendorOf === null) return delivery;
    const { vendor } = await this.library.policy(vendorOf);
    return { ...delivery, domain: vendor.contactEmail.slice(vendor.contactEmail.lastIndexOf('@') + 1).toLowerCase() };
  }
}

const notices = {
  table: 'notice_recipients',
  id: 'recipient_id',
  mail: noticeKindSql,
  isStillSent: isNoticeStillSent,
};
const letters = { table: 'letters', id: 'letter_id', mail: 'r.kind', isStillSent: 'true' };

/** One page of one table. `state` is one of the codes, written out so that the index of those retried can be used. */
const troubledSql = ({ table, id, mail, isStillSent }: typeof notices, state: DeliveryQuery['state'], isVisible: string): string => `
  SELECT r.${id} AS "deliveryId", r.claim_id AS "claimId", c.number, ${mail} AS mail, r.trouble AS state, r.trouble_since AS since, r.attempts,
    lower(substring(p.content ->> 'email' FROM '@([^@]+)$')) AS domain, r.attempted_at AS "lastAt", r.next_attempt_at AS "nextAt",
    json_build_object('code', r.fault_code, 'text', coalesce(r.fault, r.response)) AS error,
    CASE WHEN r.person_id IS NULL THEN c.state ->> 'policy' END AS "vendorOf"
  FROM ${table} r JOIN claims c USING (claim_id) LEFT JOIN personal_data p USING (person_id)
  WHERE r.trouble ${state === undefined ? 'IS NOT NULL' : `= '${state}'`} AND (r.trouble <> 'retrying' OR ${isStillSent})
    AND ($1::timestamptz IS NULL OR (r.trouble_since, r.${id}) < ($1::timestamptz, $2::uuid)) AND ${isVisible}
  ORDER BY r.trouble_since DESC, r.${id} DESC LIMIT $3`;
