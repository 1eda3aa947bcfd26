import { randomUUID } from 'node:crypto';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { DataSource } from 'typeorm';
import type { Stack } from '#libs/embedded/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { inParallel, type Measured, measure, type Timings } from './measure.js';
import { addTenants, plainClaim } from './sandbox.js';
import type { DatabaseWork, StatementCounter } from './statements.js';
import { untilNoneRuns } from './workflows.js';

export const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

interface Reply {
  status: number;
  etag: string | undefined;
  body: { claimId: string };
}

export function post(url: string, bearer: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent,
        headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json', 'idempotency-key': randomUUID(), ...headers },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          resolve({ status: response.statusCode ?? 0, etag: response.headers.etag, body: text === '' ? {} : JSON.parse(text) });
        });
      },
    );
    sent.on('error', reject);
    sent.end(JSON.stringify(body));
  });
}

export interface Callers {
  partner: string;
  reviewer: string;
}

/** What claims run on, and how many at a time. */
export interface Bench {
  /** Requests take them in turns. */
  apiUrls: string[];
  /** The processes that are measured, by name. */
  pids: Record<string, number>;
  concurrency: number;
  source: DataSource;
  client: Client;
  callers: Callers;
  programme: string;
  statements: StatementCounter | null;
}

export interface ClaimsRound extends Measured {
  claimId: string;
  database: DatabaseWork | null;
}

/** Takes claims from their submission until they are official and their workflows have ended. */
export async function runClaims(
  { apiUrls, pids, concurrency, source, client, callers, programme, statements }: Bench,
  size: number,
): Promise<ClaimsRound> {
  const tenants = await addTenants(source, size);
  const timings: Timings = { submit: [], approve: [] };
  const claimIds: string[] = [];
  const one = async (index: number): Promise<void> => {
    const claimsUrl = `${apiUrls[index % apiUrls.length]}/v1/claims`;
    const started = performance.now();
    const claim = await post(claimsUrl, callers.partner, plainClaim(programme, tenants[index]!, evidence));
    timings.submit.push(performance.now() - started);
    if (claim.status !== 201) throw new Error(`Create answered ${claim.status}: ${JSON.stringify(claim.body)}`);
    claimIds.push(claim.body.claimId);
    const approving = performance.now();
    const decided = await post(
      `${claimsUrl}/${claim.body.claimId}/decisions`,
      callers.reviewer,
      { outcome: 'approve' },
      { 'if-match': claim.etag! },
    );
    timings.approve.push(performance.now() - approving);
    if (decided.status >= 300) throw new Error(`Approve answered ${decided.status}: ${JSON.stringify(decided.body)}`);
  };
  await statements?.reset();
  const measured = await measure(pids, timings, async () => {
    await inParallel(size, concurrency, one);
    await untilOfficial(source, claimIds);
    await untilNoneRuns(client, 'claimWorkflow');
  });
  return { ...measured, claimId: claimIds[0]!, database: (await statements?.read()) ?? null };
}

/** The processes of a stack, by name. */
export const pidsOf = ({ parts }: Stack): Record<string, number> => ({
  temporal: parts.temporal!.pid!,
  postgres: parts.postgres!.pid!,
  worker: parts.worker.pid!,
  api: parts.api.pid!,
  mailbox: parts.mailbox!.pid!,
});

async function untilOfficial(source: DataSource, claimIds: string[]): Promise<void> {
  const givesUpAt = performance.now() + 120_000;
  for (;;) {
    if (performance.now() > givesUpAt) throw new Error('The claims did not become official within two minutes.');
    const [{ left }] = await source.query<[{ left: number }]>(
      "SELECT count(*)::int AS left FROM claims WHERE claim_id = ANY($1) AND phase <> 'official'",
      [claimIds],
    );
    if (left === 0) return;
    await pause(250);
  }
}
