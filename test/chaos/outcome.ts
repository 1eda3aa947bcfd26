import { expect } from 'chai';
import type { DataSource } from 'typeorm';
import type { Mail, Product } from '../support/product.js';

interface StoredEvent {
  type: string;
  at: string;
  recordedAt: string;
  data: { clocks?: { clock: string; deadline: { dueAt: string } }[]; lines?: unknown[] };
}

interface StoredCommand {
  type: string;
  receivedAt: string;
  status: 'done' | 'refused' | null;
}

/** A claim with one line, as the database stores it. */
export interface Life {
  claimId: string;
  phase: string;
  events: StoredEvent[];
  commands: StoredCommand[];
}

const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;

export async function livesOf(source: DataSource, claimIds: string[]): Promise<Life[]> {
  return source.query<Life[]>(
    `SELECT claim_id AS "claimId", phase,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('type', type, 'at', ${iso('at')}, 'recordedAt', ${iso('recorded_at')}, 'data', data)
         ORDER BY version), '[]') FROM claim_events e WHERE e.claim_id = c.claim_id) AS events,
       (SELECT coalesce(jsonb_agg(jsonb_build_object('type', type, 'receivedAt', ${iso('received_at')}, 'status', outcome ->> 'status')
         ORDER BY received_at, sequence), '[]') FROM claim_commands i WHERE i.claim_id = c.claim_id) AS commands
     FROM claims c WHERE claim_id = ANY($1)`,
    [claimIds],
  );
}

/** Returns the last instant of the customer's window, or null if it never opened. */
export function windowEnd({ events }: Life): string | null {
  const clocks = events.filter(({ type }) => type === 'NoticeAccepted').flatMap(({ data }) => data.clocks ?? []);
  return clocks.find(({ clock }) => clock === 'K5')?.deadline.dueAt ?? null;
}

const oneMillisecondAfter = (instant: string): string => new Date(Date.parse(instant) + 1).toISOString();

/** Derives how an approved claim must have ended from the receipt of its messages and the end of its window alone. */
export function rightOutcome(life: Life): { phase: string; facts: [type: string, at: string][] } {
  const closesAt = windowEnd(life);
  const answers = life.commands.filter(({ type }) => type === 'optOut' || type === 'withdrawClaim');
  const inTime = answers.find(({ receivedAt }) => closesAt === null || receivedAt <= closesAt);
  if (inTime?.type === 'optOut') return { phase: 'rejected', facts: [['CustomerDeclined', inTime.receivedAt]] };
  if (inTime !== undefined) return { phase: 'canceled', facts: [['ClaimWithdrawn', inTime.receivedAt]] };
  const official: [string, string] = ['LinesMadeOfficial', oneMillisecondAfter(closesAt!)];
  const ending = answers.find(({ type }) => type === 'optOut');
  if (ending === undefined) return { phase: 'official', facts: [official] };
  return { phase: 'ended', facts: [official, ['AssociationEnded', ending.receivedAt]] };
}

const outcomeTypes = ['CustomerDeclined', 'ClaimWithdrawn', 'LinesMadeOfficial', 'AssociationEnded', 'LinesHeld'];

/** Checks that a claim ended as it must, with nothing lost, repeated or early. Returns its phase. */
export function expectRightOutcome(life: Life): string {
  const { claimId, phase, events, commands } = life;
  const facts = events.filter(({ type }) => outcomeTypes.includes(type)).map(({ type, at }) => [type, at]);
  expect({ phase, facts }, claimId).to.deep.equal(rightOutcome(life));
  expect(
    commands.filter(({ status }) => status === null),
    `open commands of ${claimId}`,
  ).to.deep.equal([]);
  const count = (type: string) => events.filter((event) => event.type === type).length;
  for (const once of ['ClaimDrafted', 'LinesApproved', 'NoticeRequested']) expect(count(once), `${once} of ${claimId}`).to.be.at.most(1);
  const submissions = commands.filter(({ type, status }) => type === 'submitClaim' && status === 'done').length;
  expect(count('ClaimSubmitted'), `submissions of ${claimId}`).to.equal(submissions);
  expectNothingEarly(life);
  return phase;
}

export type FaultKind = 'lost' | 'twice' | 'early' | 'wrong';

/** What is wrong with a claim that should have ended: the same comparison as `expectRightOutcome`, for a table. */
export function faultsOf(life: Life): FaultKind[] {
  const { phase, events, commands } = life;
  const faults: FaultKind[] = [];
  const closesAt = windowEnd(life);
  const answered = commands.some(({ type }) => type === 'withdrawClaim' || type === 'optOut');
  if (closesAt === null && !answered) return ['lost'];
  const right = rightOutcome(life);
  const facts = events.filter(({ type }) => outcomeTypes.includes(type));
  const count = (type: string) => events.filter((event) => event.type === type).length;
  const missing = right.facts.filter(([type]) => count(type) === 0);
  if (missing.length > 0 || commands.some(({ status }) => status === null)) faults.push('lost');
  const submissions = commands.filter(({ type, status }) => type === 'submitClaim' && status === 'done').length;
  const once = [...outcomeTypes, 'ClaimDrafted', 'LinesApproved', 'NoticeRequested'];
  if (once.some((type) => count(type) > 1) || count('ClaimSubmitted') > submissions) faults.push('twice');
  if (events.some(({ type, recordedAt }) => type === 'LinesMadeOfficial' && (closesAt === null || recordedAt <= closesAt)))
    faults.push('early');
  const isOther = facts.some(({ type, at }) => !right.facts.some(([expected, when]) => expected === type && when === at));
  if (missing.length === 0 && (isOther || phase !== right.phase)) faults.push('wrong');
  return faults;
}

export function expectNothingEarly(life: Life): void {
  const closesAt = windowEnd(life);
  for (const { type, recordedAt } of life.events) {
    if (type === 'LinesMadeOfficial') expect(recordedAt > closesAt!, `${life.claimId} became official at ${recordedAt}`).to.equal(true);
  }
}

/** Checks the whole product: chains intact, one holder per target, every command executed. */
export async function expectSoundStore({ source, cpor }: Product): Promise<void> {
  const { exitCode, output } = await cpor('verify');
  expect(exitCode, output).to.equal(0);
  const twice = await source.query('SELECT target FROM associations WHERE ended_at IS NULL GROUP BY target HAVING count(*) > 1');
  expect(twice, 'targets with two partners').to.deep.equal([]);
  const forgotten = await source.query('SELECT command_id FROM claim_commands WHERE outcome IS NULL');
  expect(forgotten, 'commands without outcome').to.deep.equal([]);
}

/** Counts mails that were delivered more than once, or that repeat another mail of their kind to the same recipient. */
export async function mailsTwice(product: Product): Promise<string[]> {
  const mails = await product.mails();
  return [...mailsAgain(mails), ...twinsOf(mails)];
}

/** Mails that came again under their Message-ID, which SMTP cannot rule out. */
export const mailsAgain = (mails: Mail[]): string[] =>
  mails.filter(({ deliveries }) => deliveries !== 1).map(({ to, deliveries }) => `${to}: ${deliveries} deliveries`);

/** Mails beside another of their kind to the same recipient. */
export function twinsOf(mails: Mail[]): string[] {
  const isAnother = (one: Mail, other: Mail) => other.to === one.to && other.subject === one.subject && other.id !== one.id;
  return mails.filter((mail) => mails.some((other) => isAnother(mail, other))).map(({ to }) => `${to}: two`);
}

/** Returns what the reconciliation has repaired so far. */
export async function repairs({ source }: Product): Promise<Record<string, number>> {
  const rows = await source.query<{ reason: string; count: number }[]>(
    'SELECT reason, count(*)::int AS count FROM repairs GROUP BY reason',
  );
  return Object.fromEntries(rows.map(({ reason, count }) => [reason, count]));
}
