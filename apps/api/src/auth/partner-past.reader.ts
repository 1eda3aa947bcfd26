import { Injectable, Optional } from '@nestjs/common';
import { DataSource } from 'typeorm';

const keptMs = 60_000;
const keptSubjects = 10_000;

/** Reads the partners for which a member of the vendor's staff has ever acted (R21). Cached for a minute per person. */
@Injectable()
export class PartnerPastReader {
  private known = new Map<string, { accounts: string[]; until: number }>();

  constructor(@Optional() private readonly source?: DataSource) {}

  async of(subject: string): Promise<string[]> {
    const known = this.known.get(subject);
    if (known !== undefined && known.until > performance.now()) return known.accounts;
    if (this.source === undefined) return [];
    const rows = await this.source.query<{ id: string }[]>('SELECT partner_account_id AS id FROM partner_subjects WHERE subject = $1', [
      subject,
    ]);
    const accounts = rows.map(({ id }) => id);
    if (this.known.size >= keptSubjects) this.known = new Map();
    this.known.set(subject, { accounts, until: performance.now() + keptMs });
    return accounts;
  }
}
