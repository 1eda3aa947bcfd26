import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { plainClaim, publishSecondsPolicy } from '../../bench/sandbox.js';
import { endProcess } from '#libs/embedded/index.js';
import { statementOfWork } from '#libs/sample-data/index.js';
import { csvOf } from '../../support/usage.js';
import { audit, type Audit } from './audit.js';
import { Comparison, mailsOf } from './comparison.js';
import { Dice } from './dice.js';
import { type Company, type Customer, Directory, makeCompanies, makeCustomer, workloads } from './directory.js';
import { FaultSchedule } from './faults.js';
import type { ChaosOptions } from './options.js';
import { Prober } from './prober.js';
import { type Cast, type Fault, Story } from './story.js';
import { Stage } from './stage.js';

export interface RunOptions extends Omit<ChaosOptions, 'seeds'> {
  /** Ends the run and its processes. */
  signal: AbortSignal;
}

export interface RunResult {
  seed: number;
  claims: number;
  commands: number;
  /** By kind of step: how many were done, and how many refused. */
  steps: Record<string, [done: number, refused: number]>;
  retries: number;
  faults: Record<string, number>;
  lost: number;
  twice: number;
  wrong: number;
  early: number;
  mails: number;
  mailsDoubled: number;
  /** Doubled mails whose relay died before its answer. */
  doubledByRelay: number;
  optOutOutageMs: number;
  optOutsProbed: number;
  repairs: Record<string, number>;
  seconds: number;
  /** Where the run is kept if it failed. */
  folder?: string;
}

/** How many customers act at a time. */
const storiesAtOnce = 10;
/** A mail whose retry was lost with Temporal's store is found again after a quarter of an hour (`noticeSilenceSeconds`). */
const mailLimitMs = 1_080_000;
const settleLimitMs = 420_000;
const windows = [6, 12, 20];
const progressMs = 30_000;

/** Plays a seed from start to end, and compares. Prints what is wrong. */
export async function runSeed({ seed, claims, faults, signal, temporal, persistenceFaults }: RunOptions): Promise<RunResult> {
  const began = performance.now();
  const dice = Dice.of(seed, 'world');
  const companies = makeCompanies(dice);
  const customers: { customer: Customer; claims: number }[] = [];
  for (let left = claims; left > 0; ) {
    const some = Math.min(left, dice.between(1, 4));
    customers.push({ customer: makeCustomer(dice, `c${customers.length}s${seed}`), claims: some });
    left -= some;
  }
  const probed = makeCustomer(dice, `probed${seed}`);
  const directory = new Directory(companies, [...customers.map(({ customer }) => customer), probed], Dice.of(seed, 'directory'));
  const folder = await mkdtemp(join(tmpdir(), `cpor-chaos-${seed}-`));
  const stage = await Stage.open(folder, directory, { kind: temporal, persistenceFaults });
  signal.addEventListener('abort', () => void stage.close().finally(() => endProcess(130)));
  let result: RunResult | undefined;
  try {
    const cast = await castOf(stage, companies);
    const source = await stage.source();
    for (const seconds of windows) await publishSecondsPolicy(source, seconds);
    await source.destroy();
    await importUsage(cast, [...customers.map(({ customer }) => customer)]);
    const prober = await startProber(stage, cast, companies, probed);
    const schedule = new FaultSchedule(stage, Dice.of(seed, 'faults'), faults);
    const stories = await Promise.all(
      customers.map(async ({ customer, claims: count }, index) => {
        const own = Dice.of(seed, 'story', index);
        const seconds = own.pick(windows);
        const admin = await stage.sender(`admin of ${customer.domain}`, 'tenant_admin', { tenant: customer.tenantId });
        return new Story(stage, cast, customer, admin, companies, `bench-${seconds}s`, seconds * 1_000, own, count);
      }),
    );
    schedule.start();
    const progress = setInterval(() => tell(stories, schedule, began), progressMs);
    signal.addEventListener('abort', () => clearInterval(progress));
    const waiting = [...stories];
    const live = async () => {
      for (let story = waiting.shift(); story; story = waiting.shift()) {
        await story.live();
        report(story.faults);
      }
    };
    await Promise.all(Array.from({ length: storiesAtOnce }, live));
    await schedule.stop();
    clearInterval(progress);
    await prober.stop();
    await untilQuiet(stage, stories);
    const feed = await readFeed(cast);
    const found: Fault[] = stories.flatMap((story) => story.faults);
    for (const story of stories) if (story.faults.length === 0) found.push(...(await new Comparison(story, stage.relay, feed).run()));
    const audited = await audit(stage, prober);
    found.push(...audited.faults);
    result = resultOf({ seed, stage, stories, found, audited, prober, schedule, began });
    report(found.filter((fault) => !stories.some((story) => story.faults.includes(fault))));
    for (const failure of schedule.failures) console.log(`    not injected: ${failure}`);
  } finally {
    await stage.close();
    const isRight = result !== undefined && isPassed(result);
    if (isRight) await stage.drop();
    else await stage.keep();
    if (!isRight && result !== undefined) result.folder = folder;
  }
  return result;
}

export const isPassed = ({ lost, twice, wrong, early }: RunResult): boolean => lost + twice + wrong + early === 0;

/** Says on the error output how far a run is, because it takes minutes. */
function tell(stories: Story[], schedule: FaultSchedule, began: number): void {
  const claims = stories.reduce((sum, { model }) => sum + model.claims.length, 0);
  const over = stories.filter(({ isOver }) => isOver).length;
  const seconds = Math.round((performance.now() - began) / 1_000);
  console.error(
    `  ${seconds} s: ${claims} claims, ${over} of ${stories.length} stories over; now ${schedule.underWay.join(', ') || 'no fault'}`,
  );
}

function report(found: Fault[]): void {
  for (const { kind, claim, what } of found.slice(0, 40)) console.log(`    ${kind}: ${claim}: ${what}`);
  if (found.length > 40) console.log(`    and ${found.length - 40} more`);
}

async function castOf(stage: Stage, companies: Company[]): Promise<Cast> {
  const partners: Cast['partners'] = new Map();
  for (const { accountId: partner, legalName } of companies) {
    const scope = { partner, locations: ['*'] };
    partners.set(partner, {
      claims: await stage.sender(`claims of ${legalName}`, 'claim_admin', scope),
      viewer: await stage.sender(`viewer of ${legalName}`, 'usage_viewer', scope),
    });
  }
  const reviewers = await Promise.all(
    ['rita', 'sam', 'tess'].map(async (name) => ({ name, sender: await stage.sender(name, 'reviewer') })),
  );
  return { partners, reviewers, vendor: await stage.sender('vera', 'vendor_admin') };
}

async function importUsage({ vendor }: Cast, customers: Customer[]): Promise<void> {
  const month = `${new Date().toISOString().slice(0, 7)}-01`;
  const rows = customers.flatMap(({ tenantId, users }) =>
    workloads.map((workload) => ({
      CustomerTenantId: tenantId,
      WorkloadName: workload,
      MonthlyActiveUsers: users[workload]!,
      PaidAvailableUnits: users[workload]!,
      Date: month,
    })),
  );
  const file = new Blob([csvOf(rows)], { type: 'text/csv' });
  const { status, body } = await vendor.send('POST', '/v1/usage/imports?set=workload_usage', file);
  if (status !== 201 || body['rowsRefused'] !== 0) throw new Error(`The usage was not imported: ${status} ${JSON.stringify(body)}`);
}

/** Prepares claims that are refused already, and starts to refuse them again and again. */
async function startProber(stage: Stage, cast: Cast, companies: Company[], customer: Customer): Promise<Prober> {
  const tenant = { tenantId: customer.tenantId, domain: customer.domain };
  const admin = await stage.sender('admin of the probed', 'tenant_admin', { tenant: customer.tenantId });
  const [reviewer] = cast.reviewers;
  const evidence = Buffer.from(statementOfWork(['Statement of work'])).toString('base64');
  const claimIds: string[] = [];
  for (const [index, workload] of workloads.entries()) {
    const company = companies[index]!;
    const claim = plainClaim('bench-20s', tenant, evidence);
    const body = { ...claim, partnerId: company.offices[0], lines: [{ product: workload, activities: ['usage'] }] };
    const created = await cast.partners.get(company.accountId)!.claims.send('POST', '/v1/claims', body);
    if (created.result === 'refused') throw new Error(`The probed claim was refused: ${JSON.stringify(created)}`);
    const claimId = created.body['claimId'] as string;
    const path = `/v1/claims/${claimId}`;
    const { etag } = await reviewer!.sender.get(path);
    await reviewer!.sender.send('POST', `${path}/decisions`, { outcome: 'approve' }, etag);
    await admin.send('POST', `${path}/opt-outs`, {});
    claimIds.push(claimId);
  }
  return new Prober(() => stage.apiUrl, admin.token, claimIds);
}

/** Waits until every mail that must come has come, and no command waits. */
async function untilQuiet(stage: Stage, stories: Story[]): Promise<void> {
  const sound = stories.filter(({ faults }) => faults.length === 0);
  const end = performance.now() + mailLimitMs;
  const isMissing = () => sound.some((story) => mailsOf(story, stage.relay).some(({ expected, received }) => received < expected));
  while (isMissing() && performance.now() < end) await delay(500);
  const source = await stage.source();
  const until = performance.now() + settleLimitMs;
  while (performance.now() < until) {
    const [row] = await source.query<[{ left: number }]>('SELECT count(*)::int AS left FROM claim_commands WHERE outcome IS NULL');
    if (row.left === 0) break;
    await delay(500);
  }
  await source.destroy();
}

async function readFeed({ vendor }: Cast) {
  const events: { type: string; claimId: string; line: number; endReason: string | null }[] = [];
  for (let after = ''; ; ) {
    const { body } = await vendor.get<{ items: typeof events; next: string; hasMore: boolean }>(
      `/v1/events?types=association.official&types=association.ended&limit=100${after}`,
    );
    events.push(...body.items);
    if (!body.hasMore) return events;
    after = `&after=${encodeURIComponent(body.next)}`;
  }
}

interface Played {
  seed: number;
  stage: Stage;
  stories: Story[];
  found: Fault[];
  audited: Audit;
  prober: Prober;
  schedule: FaultSchedule;
  began: number;
}

function resultOf({ seed, stage, stories, found, audited, prober, schedule, began }: Played): RunResult {
  const count = (kind: Fault['kind']) => found.filter((fault) => fault.kind === kind).length;
  const byId = [...Map.groupBy(stage.relay.received, ({ messageId, to }) => `${messageId} ${to}`).values()];
  const doubled = byId.filter((mails) => mails.length > 1);
  return {
    seed,
    claims: stories.reduce((sum, { model }) => sum + model.claims.length, 0),
    commands: stories.reduce((sum, { commands }) => sum + commands, 0),
    steps: totalOf(stories.map(({ steps }) => steps)),
    retries: stage.retries,
    faults: schedule.counts,
    lost: count('lost'),
    twice: count('twice'),
    wrong: count('wrong'),
    early: count('early'),
    mails: byId.length,
    mailsDoubled: doubled.length,
    doubledByRelay: doubled.filter((mails) => mails.some(({ isAnswered }) => !isAnswered)).length,
    optOutOutageMs: Math.round(prober.longestOutageMs),
    optOutsProbed: prober.accepted.length,
    repairs: audited.repairs,
    seconds: Math.round((performance.now() - began) / 1_000),
  };
}

function totalOf(all: RunResult['steps'][]): RunResult['steps'] {
  const total: RunResult['steps'] = {};
  for (const [type, [done, refused]] of all.flatMap((steps) => Object.entries(steps))) {
    const known = (total[type] ??= [0, 0]);
    known[0] += done;
    known[1] += refused;
  }
  return total;
}
