import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { Problem } from '#libs/problems/index.js';

/** Finds the claim of a notice. */
@Injectable()
export class NoticeReader {
  constructor(private readonly source: DataSource) {}

  async claimOf(noticeId: string): Promise<string> {
    const rows = await this.source.query<{ claim_id: string }[]>('SELECT claim_id FROM notice_recipients WHERE notice_id = $1 LIMIT 1', [
      noticeId,
    ]);
    const [row] = rows;
    if (row === undefined) throw new Problem('not_found');
    return row.claim_id;
  }
}
