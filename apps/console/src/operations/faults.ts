import type { Readiness, WaitingReport } from '../client/index.js';
import type { OperationsText } from './texts.js';

/** Something that is wrong (`danger`) or will be (`warning`), with what to do: a text of ours, or words of the API. */
export interface Fault {
  tone: 'danger' | 'warning';
  text: { key: OperationsText; values?: Record<string, string | number> } | { words: string };
}

/** A command normally waits for milliseconds. */
const patienceMs = 60_000;
const parts = ['database', 'migrations', 'temporal', 'worker'] as const;

/** Lists what is wrong, the cause before its effects: without a database nothing else can be told, without Temporal every command waits. */
export function faultsOf(readiness: Readiness | undefined, report: WaitingReport | undefined, instant: (at: string) => string): Fault[] {
  const faults: Fault[] = [];
  for (const part of parts) {
    const code = readiness?.checks[part].code ?? null;
    if (code !== null && code !== 'unknown') faults.push({ tone: 'danger', text: { key: code } });
  }
  if (report !== undefined) faults.push(...backlogOf(report, instant));
  // The first of the API's warnings counts what `backlogOf` has said already.
  const more = (readiness?.warnings ?? []).filter(({ code }) => code !== 'claims_behind' || report === undefined);
  return [...faults, ...more.map(({ message }): Fault => ({ tone: 'warning', text: { words: message } }))];
}

function backlogOf(
  { asOf, operations, failing, letters, notices, clocks, repairs }: WaitingReport,
  instant: (at: string) => string,
): Fault[] {
  const faults: Fault[] = [];
  const say = (tone: Fault['tone'], key: OperationsText, values: Record<string, string | number>) =>
    faults.push({ tone, text: { key, values } });
  const { oldestAt } = operations;
  if (failing.claims > 0)
    say('danger', 'failingNow', { claims: failing.claims, since: failing.since === null ? '' : instant(failing.since) });
  if (oldestAt !== null && Date.parse(asOf) - Date.parse(oldestAt) > patienceMs) say('danger', 'oldCommands', { since: instant(oldestAt) });
  // What a person is late with is shown to reviewers; these should have fired by themselves.
  const overdue = clocks.filter(({ mover }) => mover !== 'reviewer').reduce((sum, clock) => sum + clock.overdue, 0);
  if (overdue > 0) say('danger', 'overdueSystem', { claims: overdue });
  const retried = letters.retrying + notices.retrying;
  if (retried > 0) say('danger', 'mailsRetried', { count: retried });
  const repaired = repairs.lastDay.reduce((sum, { claims }) => sum + claims, 0);
  if (repaired > 0) say('warning', 'repaired', { claims: repaired });
  return faults;
}
