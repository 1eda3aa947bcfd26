import { setTimeout as delay } from 'node:timers/promises';
import type { Part } from '#libs/embedded/index.js';
import { inParallel } from '../bench/measure.js';
import { addTenants, publishSecondsPolicy } from '../bench/sandbox.js';
import { answerAs, type Kind, kindOf, untilSettled } from '../chaos/lives.js';
import { type FaultKind, faultsOf, livesOf, mailsAgain, repairs, twinsOf } from '../chaos/outcome.js';
import { approve, submitClaim } from '../support/claim-life.js';
import type { Product } from '../support/product.js';

const windowSeconds = 20;
const concurrency = 20;

/** How many claims of a kind came to what. */
export type Row = { claims: number; right: number } & Record<FaultKind, number>;

export interface Outcome {
  /** By what followed the notice. */
  rows: Record<Kind | 'the whole', Row>;
  isRight: boolean;
}

const emptyRow = (): Row => ({ claims: 0, right: 0, lost: 0, twice: 0, early: 0, wrong: 0 });

/** Takes claims through their lives, and kills each victim once with SIGKILL: one after a third of the claims, one after two thirds. */
export async function liveThroughKills(product: Product, claims: number, victims: Part[], say: (line: string) => void): Promise<Outcome> {
  const programme = await publishSecondsPolicy(product.source, windowSeconds);
  const tenants = await addTenants(product.source, claims);
  const claimIds: (string | undefined)[] = Array.from({ length: claims });
  let submitted = 0;
  const kills = victims.map((part, index) => ({ part, after: Math.ceil((claims * (index + 1)) / (victims.length + 1)) }));
  const one = async (index: number): Promise<void> => {
    const claimId = await submitClaim(product, programme, tenants[index]!);
    claimIds[index] = claimId;
    submitted++;
    const { part } = kills.find(({ after }) => after === submitted) ?? {};
    if (part?.pid !== undefined) {
      say(`${part.name} (process ${part.pid}) is killed after ${submitted} claims.`);
      process.kill(part.pid, 'SIGKILL');
    }
    await approve(product, claimId);
    await answerAs(product, kindOf(index), claimId, tenants[index]!);
  };
  const began = performance.now();
  const failures = await inParallelToTheEnd(claims, one);
  for (const failure of failures) say(`not finished: ${failure}`);
  const known = claimIds.filter((claimId) => claimId !== undefined);
  await untilSettled(product, known).catch((error: Error) => say(error.message));
  // Mails of the last moment.
  await delay(1_000);
  const rows = await compare(product, claimIds);
  const retries = product.partner.retries + product.reviewer.retries;
  const again = mailsAgain(await product.mails()).length;
  const repaired = JSON.stringify(await repairs(product));
  const seconds = ((performance.now() - began) / 1_000).toFixed(0);
  say(`${claims} claims in ${seconds} s; requests repeated ${retries}; mails that came again ${again}; repairs ${repaired}.`);
  const isRight = failures.length === 0 && Object.values(rows).every(({ claims: all, right }) => all === right);
  return { rows, isRight };
}

/** Runs all, whichever of them fail. Returns what went wrong. */
async function inParallelToTheEnd(count: number, work: (index: number) => Promise<void>): Promise<string[]> {
  const failures: string[] = [];
  await inParallel(count, concurrency, (index) => work(index).catch((error: Error) => failures.push(error.message)));
  return failures;
}

async function compare(product: Product, claimIds: (string | undefined)[]): Promise<Outcome['rows']> {
  const lives = new Map(
    (
      await livesOf(
        product.source,
        claimIds.filter((claimId) => claimId !== undefined),
      )
    ).map((life) => [life.claimId, life]),
  );
  const rows = { silence: emptyRow(), refusal: emptyRow(), withdrawal: emptyRow(), 'late refusal': emptyRow(), 'the whole': emptyRow() };
  for (const [index, claimId] of claimIds.entries()) {
    const row = rows[kindOf(index)];
    const life = claimId === undefined ? undefined : lives.get(claimId);
    const faults: FaultKind[] = life === undefined ? ['lost'] : faultsOf(life);
    row.claims++;
    if (faults.length === 0) row.right++;
    for (const fault of faults) row[fault]++;
  }
  rows['the whole'] = await compareWhole(product);
  return rows;
}

/** What no single claim shows: the chains of the record, targets with two partners, forgotten commands, and mails beside another of their kind. */
async function compareWhole({ source, cpor, mails }: Product): Promise<Row> {
  const { exitCode } = await cpor('verify');
  const count = async (from: string) => (await source.query<[{ n: number }]>(`SELECT count(*)::int AS n FROM ${from}`))[0].n;
  const held = await count('(SELECT target FROM associations WHERE ended_at IS NULL GROUP BY target HAVING count(*) > 1) t');
  const lost = await count('claim_commands WHERE outcome IS NULL');
  const twice = held + twinsOf(await mails()).length;
  const wrong = exitCode === 0 ? 0 : 1;
  return { claims: 1, right: lost + twice + wrong === 0 ? 1 : 0, lost, twice, early: 0, wrong };
}
