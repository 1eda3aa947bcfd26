import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { isNoEnd, noEndFrom } from '#libs/claims/index.js';
import { ClaimEngine } from '#libs/engine/index.js';
import { Problem } from '#libs/problems/index.js';
import { loadSampleData } from '#libs/sample-data/index.js';
import { moveClock } from '#libs/sandbox/index.js';
import { readClock } from '#libs/event-store/index.js';

/** Moves the clock and loads sample data. */
@Injectable()
export class SandboxService {
  constructor(
    private readonly source: DataSource,
    private readonly engine: ClaimEngine,
  ) {}

  /** Reads the clock, its distance from real time, and the next deadline that has not passed. */
  async clock(): Promise<{ now: string; aheadSeconds: number; nextDeadlineAt: string | null }> {
    const [row] = await this.source.query<[{ now: Date; aheadSeconds: number; nextDeadlineAt: Date | null }]>(
      `SELECT cpor_now() AS now, round(extract(epoch FROM cpor_now() - clock_timestamp()))::float8 AS "aheadSeconds",
         (SELECT min(alarm_at) FROM claims WHERE alarm_at > cpor_now()) AS "nextDeadlineAt"`,
    );
    return { ...row, now: row.now.toISOString(), nextDeadlineAt: row.nextDeadlineAt?.toISOString() ?? null };
  }

  /** Advances the product's clock by a number of milliseconds, or to an instant. */
  async advance(target: { by: number } | { to: string }): Promise<{ now: string; movedClaims: number }> {
    const to = 'to' in target ? target.to : new Date(Date.parse(await readClock(this.source)) + target.by).toISOString();
    if (isNoEnd(to))
      throw new Problem('invalid_request', {
        detail: `The clock cannot move past ${noEndFrom}: later dates mean "no end".`,
      });
    const moved = await moveClock(this.source, this.engine, to).catch(explainRefusal);
    if (moved.result === 'backwards') throw new Problem('clock_backwards', { detail: `The clock already shows ${moved.now}.` });
    return { now: moved.now, movedClaims: moved.movedClaims };
  }

  loadSamples(): ReturnType<typeof loadSampleData> {
    return loadSampleData(this.source);
  }
}

/** PostgreSQL's code for a missing privilege. */
const insufficientPrivilege = '42501';

/** Explains a missing privilege: this database was not set up as a sandbox. */
function explainRefusal(error: unknown): never {
  if ((error as { driverError?: { code?: string } }).driverError?.code !== insufficientPrivilege) throw error;
  const detail =
    'This database was set up for production, where its clock cannot be moved. Run "cpor migrate" with CPOR_MODE=sandbox on it.';
  throw new Problem('sandbox_only', { detail });
}
