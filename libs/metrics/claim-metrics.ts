import { Gauge, type Registry } from '@prometheus-io/client';
import type { DataSource } from 'typeorm';
import { clockNames, openPhases, publicClockNames } from '#libs/claims/index.js';

/** A gauge that PostgreSQL answers: each row is a series, with its value in `value` and its labels beside it. */
export interface StoredGauge {
  name: string;
  help: string;
  labels: Record<string, readonly string[]>;
  sql: string;
}

/** Beyond so many rows a part that has fallen behind is counted no further: the alert has fired long ago. */
const mostCounted = 10_000;

const clocks = clockNames.map((clock) => publicClockNames[clock]);
const mails = ['notice', 'letter'] as const;
const clockName = `CASE clock ->> 'clock' ${clockNames.map((clock) => `WHEN '${clock}' THEN '${publicClockNames[clock]}'`).join(' ')} END`;

/** The deadlines of claims whose alarm lies in a range; \`due\` is when, \`alarm\` the first of the claim that has not acted yet. */
const deadlines = (alarms: string) => `
  (SELECT state -> 'clocks' AS clocks, alarm_at FROM claims WHERE ${alarms} ORDER BY alarm_at LIMIT ${mostCounted}) c,
  jsonb_array_elements(clocks) AS clock, CAST(clock -> 'deadline' ->> 'dueAt' AS timestamptz) AS due`;
const overdue = `${deadlines('alarm_at < cpor_now()')} WHERE due >= alarm_at AND due < cpor_now()`;
const ageOf = (instant: string) => `extract(epoch FROM cpor_now() - ${instant})::float8`;

/** Labels come from fixed lists, never from a claim or a person. Every statement reads an index, and no further than what is open or late. */
export const storedGauges: readonly StoredGauge[] = [
  {
    name: 'cpor_open_claims',
    help: 'Claims whose outcome is open, by phase.',
    labels: { phase: openPhases },
    sql: 'SELECT phase, count(*)::int AS value FROM claims WHERE is_open GROUP BY phase',
  },
  {
    name: 'cpor_overdue_deadlines',
    help: `Deadlines that have passed and have not acted yet, by clock, up to ${mostCounted}.`,
    labels: { clock: clocks },
    sql: `SELECT ${clockName} AS clock, count(*)::int AS value FROM ${overdue} GROUP BY 1`,
  },
  {
    name: 'cpor_oldest_overdue_deadline_seconds',
    help: 'How long ago the oldest deadline passed that has not acted yet, by clock; 0 if there is none.',
    labels: { clock: clocks },
    sql: `SELECT ${clockName} AS clock, max(${ageOf('due')}) AS value FROM ${overdue} GROUP BY 1`,
  },
  {
    name: 'cpor_deadlines_within_hour',
    help: `Deadlines of the next hour, by clock, up to ${mostCounted} claims.`,
    labels: { clock: clocks },
    sql: `SELECT ${clockName} AS clock, count(*)::int AS value
      FROM ${deadlines("alarm_at BETWEEN cpor_now() AND cpor_now() + interval '1 hour'")} WHERE due BETWEEN cpor_now() AND cpor_now() + interval '1 hour' GROUP BY 1`,
  },
  {
    name: 'cpor_commands_waiting',
    help: `Accepted commands without an outcome, up to ${mostCounted}.`,
    labels: {},
    sql: `SELECT count(*)::int AS value FROM (SELECT FROM claim_commands WHERE outcome IS NULL LIMIT ${mostCounted}) AS waiting`,
  },
  {
    name: 'cpor_oldest_command_waiting_seconds',
    help: 'Age of the oldest accepted command without an outcome; 0 if there is none.',
    labels: {},
    sql: `SELECT coalesce(${ageOf('min(received_at)')}, 0) AS value FROM claim_commands WHERE outcome IS NULL`,
  },
  {
    name: 'cpor_letters_waiting',
    help: `Letters that were written and have not reached the relay, up to ${mostCounted}.`,
    labels: {},
    sql: `SELECT count(*)::int AS value FROM (SELECT FROM letters WHERE outcome IS NULL LIMIT ${mostCounted}) AS waiting`,
  },
  {
    name: 'cpor_mails_retried',
    help: 'Mails that the relay has not taken yet and that are tried again.',
    labels: { mail: mails },
    sql: `SELECT 'notice' AS mail, count(*)::int AS value FROM notice_recipients WHERE trouble = 'retrying'
      UNION ALL SELECT 'letter', count(*)::int FROM letters WHERE trouble = 'retrying'`,
  },
  {
    name: 'cpor_oldest_mail_retried_seconds',
    help: 'Since when the oldest of the mails that are tried again is in trouble; 0 if there is none.',
    labels: { mail: mails },
    sql: `SELECT 'notice' AS mail, coalesce(${ageOf('min(trouble_since)')}, 0) AS value FROM notice_recipients WHERE trouble = 'retrying'
      UNION ALL SELECT 'letter', coalesce(${ageOf('min(trouble_since)')}, 0) FROM letters WHERE trouble = 'retrying'`,
  },
  {
    name: 'cpor_mails_given_up_last_day',
    help: 'Mails that reached nobody within the last 24 hours: refused for good, or given up.',
    labels: { mail: mails },
    sql: `SELECT 'notice' AS mail, count(*)::int AS value FROM notice_recipients
        WHERE trouble IN ('failed', 'undeliverable') AND trouble_since > cpor_now() - interval '1 day'
      UNION ALL SELECT 'letter', count(*)::int FROM letters
        WHERE trouble IN ('failed', 'undeliverable') AND trouble_since > cpor_now() - interval '1 day'`,
  },
  {
    name: 'cpor_stuck_claims',
    help: 'Claims with a step that has failed within the last 30 minutes and has not succeeded since.',
    labels: { step: ['look_up', 'execute'] },
    sql: "SELECT step, count(*)::int AS value FROM stuck_claims WHERE last_at > clock_timestamp() - interval '30 minutes' GROUP BY step",
  },
  {
    name: 'cpor_repairs',
    help: 'Claims that the reconciliation has ever had to repair. In a healthy installation it stays the same.',
    labels: {},
    sql: 'SELECT coalesce(max(repair_id), 0)::int AS value FROM repairs',
  },
  {
    name: 'cpor_evidence_waiting',
    help: `Evidence files in quarantine because the malware scanner has not answered, up to ${mostCounted}.`,
    labels: {},
    sql: `SELECT count(*)::int AS value FROM
      (SELECT FROM evidence_files WHERE scan_result = 'waiting' AND erased_at IS NULL LIMIT ${mostCounted}) AS waiting`,
  },
  {
    name: 'cpor_oldest_evidence_waiting_seconds',
    help: 'How long the oldest of these files has been there; 0 if there is none.',
    labels: {},
    sql: `SELECT coalesce(${ageOf('min(uploaded_at)')}, 0) AS value FROM evidence_files WHERE scan_result = 'waiting' AND erased_at IS NULL`,
  },
  {
    name: 'cpor_webhook_endpoints',
    help: 'Webhook endpoints by state.',
    labels: { state: ['enabled', 'failing', 'disabled'] },
    sql: `SELECT CASE WHEN disabled_because IS NOT NULL THEN 'disabled' WHEN failing_since IS NOT NULL THEN 'failing' ELSE 'enabled' END AS state,
        count(*)::int AS value FROM webhook_endpoints GROUP BY 1`,
  },
  {
    name: 'cpor_webhook_deliveries_pending',
    help: 'Webhook deliveries that have not been taken yet.',
    labels: {},
    sql: "SELECT count(*)::int AS value FROM webhook_deliveries WHERE state = 'pending'",
  },
  {
    name: 'cpor_checkpoint_age_seconds',
    help: 'Age of the last checkpoint of the audit trail; -1 if there is none.',
    labels: {},
    sql: `SELECT coalesce(${ageOf('max(made_at)')}, -1) AS value FROM checkpoints`,
  },
];

/** So long a reading serves all scrapes: several Prometheus servers cost the database no more than one. */
const freshMs = 10_000;
/** A reading that takes longer is given up; the database has better things to do. */
const readingMs = 5_000;

/** Adds what PostgreSQL knows of the installation as a whole. Every process that exports these says the same: take the maximum. */
export function addClaimMetrics(registry: Registry, source: DataSource): void {
  const readings = new Gauge({
    name: 'cpor_claim_metrics_up',
    help: '1 if PostgreSQL answered the last reading of the metrics about claims, otherwise 0; they are then absent.',
    registers: [registry],
    collect: () => read(),
  });
  const gauges = storedGauges.map(({ name, help, labels, sql }) => ({
    gauge: new Gauge({ name, help, labelNames: Object.keys(labels), registers: [registry], collect: () => read() }),
    labels,
    sql,
  }));

  let reading = Promise.resolve();
  let readAt = -Infinity;
  const read = (): Promise<void> => {
    if (performance.now() - readAt > freshMs) {
      readAt = performance.now();
      reading = readAll();
    }
    return reading;
  };
  const readAll = async () => {
    try {
      await source.transaction(async (manager) => {
        await manager.query(`SET LOCAL statement_timeout = ${readingMs}`);
        for (const { gauge, labels, sql } of gauges) {
          const rows = await manager.query<({ value: number } & Record<string, string>)[]>(sql);
          gauge.reset();
          for (const series of combinations(labels)) gauge.set(series, 0);
          for (const { value, ...series } of rows) gauge.set(series, value);
        }
      });
      readings.set(1);
    } catch {
      // A gauge without labels is zero after a reset, which would be a lie.
      for (const { gauge } of gauges) {
        gauge.reset();
        gauge.remove({});
      }
      readings.set(0);
    }
  };
}

/** Every combination of label values, so that a series exists, at zero, before anything happens. */
function combinations(labels: StoredGauge['labels']): Record<string, string>[] {
  let found: Record<string, string>[] = [{}];
  for (const [label, values] of Object.entries(labels))
    found = found.flatMap((series) => values.map((value) => ({ ...series, [label]: value })));
  return found;
}
