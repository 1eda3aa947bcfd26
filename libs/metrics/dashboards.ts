/** A panel of a dashboard: what it is called, what it asks Prometheus, and how a series is called there. */
interface Panel {
  title: string;
  /** Said when a reader asks for more. */
  description: string;
  /** Grafana's name of a unit. Default: a plain number. */
  unit?: string;
  /** A query, and the legend of its series. */
  queries: [expr: string, legend: string][];
}

interface Dashboard {
  title: string;
  panels: Panel[];
}

/** Over as long as Grafana thinks right for the width of a panel. */
const per = '[$__rate_interval]';
const latency95 = (histogram: string, by: string) => `histogram_quantile(0.95, sum by (le, ${by}) (rate(${histogram}_bucket${per})))`;

/** The dashboards, by file name. Workers all say the same of the installation, hence max(). No label names a claim or a person. */
export const dashboards: Record<string, Dashboard> = {
  'cpor-overview': {
    title: 'cpor: claims',
    panels: [
      {
        title: 'Open claims',
        description: 'By phase. A phase that only grows has lost whoever moves it on.',
        queries: [['max by (phase) (cpor_open_claims)', '{{phase}}']],
      },
      {
        title: 'Alerts that fire',
        description: 'Each has a runbook in docs/runbooks.',
        queries: [['count by (alertname) (ALERTS{alertstate="firing"}) or vector(0)', '{{alertname}}']],
      },
      {
        title: 'Deadlines of the next hour',
        description: 'What will have to be settled, by clock.',
        queries: [['max by (clock) (cpor_deadlines_within_hour)', '{{clock}}']],
      },
      {
        title: 'Deadlines that have not acted',
        description: 'What the settlement still has to do, by clock. It falls to zero soon after a deadline that many claims share.',
        queries: [['max by (clock) (cpor_overdue_deadlines)', '{{clock}}']],
      },
      {
        title: 'Oldest deadline that has not acted',
        description: 'By clock. CporDeadlinesOverdue fires above five minutes.',
        unit: 's',
        queries: [['max by (clock) (cpor_oldest_overdue_deadline_seconds)', '{{clock}}']],
      },
      {
        title: 'Commands without an outcome',
        description: 'Accepted, and not executed yet.',
        queries: [['max(cpor_commands_waiting)', 'commands']],
      },
      {
        title: 'Oldest command without an outcome',
        description: 'CporCommandsWaiting fires above five minutes.',
        unit: 's',
        queries: [['max(cpor_oldest_command_waiting_seconds)', 'oldest command']],
      },
      {
        title: 'Letters that wait',
        description: 'Written, and not taken by the relay yet.',
        queries: [['max(cpor_letters_waiting)', 'letters']],
      },
      {
        title: 'Claims that are stuck',
        description: 'With a step that keeps failing, by step.',
        queries: [['max by (step) (cpor_stuck_claims)', '{{step}}']],
      },
      {
        title: 'Repairs within an hour',
        description: 'Claims whose workflow the reconciliation had to bring back.',
        queries: [['max(delta(cpor_repairs[1h]))', 'repairs']],
      },
      {
        title: 'Evidence in quarantine',
        description: 'Files that the malware scanner has not judged.',
        queries: [['max(cpor_evidence_waiting)', 'files']],
      },
      {
        title: 'Oldest evidence in quarantine',
        description: 'CporScannerSilent fires above fifteen minutes.',
        unit: 's',
        queries: [['max(cpor_oldest_evidence_waiting_seconds)', 'oldest file']],
      },
      {
        title: 'Age of the last checkpoint',
        description: 'Of the audit trail; -1 if there is none.',
        unit: 's',
        queries: [['max(cpor_checkpoint_age_seconds)', 'checkpoint']],
      },
      {
        title: 'Workers that read these figures',
        description: '0 when PostgreSQL does not answer a worker.',
        queries: [['cpor_claim_metrics_up', '{{instance}}']],
      },
    ],
  },
  'cpor-processes': {
    title: 'cpor: API and workers',
    panels: [
      {
        title: 'Requests',
        description: 'Each second, by status.',
        unit: 'reqps',
        queries: [[`sum by (status) (rate(cpor_http_request_duration_seconds_count${per}))`, '{{status}}']],
      },
      {
        title: 'Share of requests that fail',
        description: 'Answers of 500 and above. CporErrors fires above one percent.',
        unit: 'percentunit',
        queries: [
          [
            `(sum(rate(cpor_http_request_duration_seconds_count{status=~"5.."}${per})) or vector(0)) / sum(rate(cpor_http_request_duration_seconds_count${per}))`,
            'failed',
          ],
        ],
      },
      {
        title: 'Slowest routes',
        description: 'What 95 of 100 requests stay below, of the ten slowest routes.',
        unit: 's',
        queries: [[`topk(10, ${latency95('cpor_http_request_duration_seconds', 'method, route')})`, '{{method}} {{route}}']],
      },
      {
        title: 'Connections to PostgreSQL',
        description: 'By state. Statements that wait for one are "waiting".',
        queries: [['sum by (job, state) (cpor_database_connections)', '{{job}} {{state}}']],
      },
      {
        title: 'CPU',
        description: 'Processors in use, by process.',
        queries: [[`rate(process_cpu_seconds_total{job=~"cpor-.*"}${per})`, '{{job}} {{instance}}']],
      },
      {
        title: 'Memory',
        description: 'Resident, by process.',
        unit: 'bytes',
        queries: [['process_resident_memory_bytes{job=~"cpor-.*"}', '{{job}} {{instance}}']],
      },
      {
        title: 'Delay of the event loop',
        description: 'What 99 of 100 turns stay below, by process.',
        unit: 's',
        queries: [['nodejs_eventloop_lag_p99_seconds', '{{job}} {{instance}}']],
      },
      {
        title: 'How long workflows wait for a worker',
        description: 'What 95 of 100 workflow tasks stay below. More workers make it shorter.',
        unit: 'ms',
        queries: [[latency95('temporal_workflow_task_schedule_to_start_latency', 'task_queue'), '{{task_queue}}']],
      },
      {
        title: 'How long steps wait for a worker',
        description: 'What 95 of 100 activities stay below.',
        unit: 'ms',
        queries: [[latency95('temporal_activity_schedule_to_start_latency', 'task_queue'), '{{task_queue}}']],
      },
      {
        title: 'Workflows in memory',
        description: 'By task queue; others are replayed when they are woken.',
        queries: [['sum by (task_queue) (temporal_sticky_cache_size)', '{{task_queue}}']],
      },
      {
        title: 'Workflow tasks that fail',
        description: 'In ten minutes. Any is a fault of the code: see workflow-tasks-failing.md.',
        queries: [['sum(increase(temporal_workflow_task_execution_failed[10m])) or vector(0)', 'failed']],
      },
      {
        title: 'Requests to Temporal',
        description: 'What 95 of 100 calls of the workers stay below, by operation; calls that wait for work are left out.',
        unit: 'ms',
        queries: [[latency95('temporal_request_latency', 'operation'), '{{operation}}']],
      },
    ],
  },
  'cpor-mail-and-webhooks': {
    title: 'cpor: mail and webhooks',
    panels: [
      {
        title: 'Mails that are tried again',
        description: 'That the relay has not taken, by kind.',
        queries: [['max by (mail) (cpor_mails_retried)', '{{mail}}']],
      },
      {
        title: 'Oldest mail that is tried again',
        description: 'CporRelayRefusing fires above half an hour.',
        unit: 's',
        queries: [['max by (mail) (cpor_oldest_mail_retried_seconds)', '{{mail}}']],
      },
      {
        title: 'Mails given up within a day',
        description: 'That reached nobody, by kind. CporMailsGivenUp fires above twenty.',
        queries: [['max by (mail) (cpor_mails_given_up_last_day)', '{{mail}}']],
      },
      {
        title: 'Letters that wait',
        description: 'Written, and not taken by the relay yet.',
        queries: [['max(cpor_letters_waiting)', 'letters']],
      },
      {
        title: 'Webhook endpoints',
        description: 'By state. One that fails for an hour fires CporWebhooksFailing.',
        queries: [['max by (state) (cpor_webhook_endpoints)', '{{state}}']],
      },
      {
        title: 'Webhooks to be delivered',
        description: 'Events that an endpoint has not taken yet.',
        queries: [['max(cpor_webhook_deliveries_pending)', 'deliveries']],
      },
    ],
  },
};

const datasource = { type: 'prometheus', uid: 'cpor-prometheus' };
const [width, height, columns] = [12, 8, 2];

/** Prints a dashboard as Grafana imports it. */
export function grafanaDashboard(name: string): string {
  const { title, panels } = dashboards[name]!;
  const board = {
    uid: name,
    title,
    tags: ['cpor'],
    editable: false,
    schemaVersion: 39,
    time: { from: 'now-6h', to: 'now' },
    refresh: '30s',
    timezone: 'browser',
    panels: panels.map((panel, at) => ({
      id: at + 1,
      type: 'timeseries',
      title: panel.title,
      description: panel.description,
      datasource,
      gridPos: { x: (at % columns) * width, y: Math.floor(at / columns) * height, w: width, h: height },
      fieldConfig: { defaults: { unit: panel.unit ?? 'short', custom: { fillOpacity: 10 } }, overrides: [] },
      options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
      targets: panel.queries.map(([expr, legendFormat], query) => ({
        refId: String.fromCharCode('A'.charCodeAt(0) + query),
        datasource,
        expr,
        legendFormat,
      })),
    })),
  };
  return `${JSON.stringify(board, null, 2)}\n`;
}
