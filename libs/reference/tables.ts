import { permissions, roles } from '#libs/auth/index.js';
import { validationRules } from '#libs/claims/index.js';
import { configurationVariables, rateLimitClasses } from '#libs/config/index.js';
import { directoryOpenApi } from '#libs/directory/index.js';
import { dashboards, grafanaDashboard, storedGauges } from '#libs/metrics/index.js';
import { problemCatalogue } from '#libs/problems/index.js';
import { programmeJsonSchema } from '#libs/programmes/index.js';
import { clocks, events, states } from './claim-pages.js';
import { code, codes, page, table } from './page.js';
import { programmeFields } from './programme-fields.js';
import { webhookEvents } from './webhook-pages.js';

/** The reference pages generated from the code, and the dashboards of Grafana, by file name. */
export const referencePages: Record<string, () => string> = {
  'states.md': states,
  'clocks.md': clocks,
  'events.md': events,
  'webhook-events.md': webhookEvents,
  'codes.md': codeTables,
  'permissions.md': permissionTable,
  'configuration.md': configuration,
  'limits.md': limits,
  'metrics.md': metrics,
  'programme.md': programme,
  'programme.schema.json': () => `${JSON.stringify(programmeJsonSchema(), null, 2)}\n`,
  'directory-api.json': () => `${JSON.stringify(directoryOpenApi(), null, 2)}\n`,
  ...Object.fromEntries(Object.keys(dashboards).map((name) => [`../../deploy/grafana/${name}.json`, () => grafanaDashboard(name)])),
};

function codeTables(): string {
  return page(
    'Codes',
    '## Checks of a claim',
    'Errors refuse, warnings are recorded, holds wait until a reviewer clears them.',
    table(
      ['Code', 'Severity', 'Checked at'],
      validationRules.map((rule) => [code(rule.code), rule.severity, rule.stages.join(', ')]),
    ),
    '## Problems',
    'Every error answer is `application/problem+json` with one of these codes.',
    table(
      ['Code', 'Status', 'Cause', 'What to do'],
      Object.entries(problemCatalogue).map(([name, { status, cause, remedy }]) => [code(name), String(status), cause, remedy]),
    ),
  );
}

function permissionTable(): string {
  return page(
    'Permissions',
    'A role has a permission only within its scope: a partner its locations, a customer what it was notified of in its tenant, the vendor everything except claims that compete with a partner for which the person acts.',
    table(
      ['Permission', ...roles],
      Object.entries(permissions).map(([name, granted]) => [
        code(name),
        ...roles.map((role) => ((granted as readonly string[]).includes(role) ? 'yes' : '-')),
      ]),
    ),
  );
}

function limits(): string {
  return page(
    'Limits',
    'Requests are counted for each caller (the subject of the token) or each link, by kind. A limit of 100 requests in 10 seconds allows 100 at once; what was used comes back steadily, 10 a second.',
    table(
      ['Limit', 'Requests', 'Seconds', 'For each', 'Counts'],
      Object.entries(rateLimitClasses).map(([name, { requests, seconds, per, of }]) => [
        code(name),
        String(requests),
        String(seconds),
        per,
        of,
      ]),
    ),
    'A request beyond its limit is answered `429` with the problem `too_many_requests` and `Retry-After` in whole seconds; waiting exactly so long is enough. The answer itself comes a quarter of a second late, so that repeating at once gains nothing. Every answer to a caller has the fields of [draft-ietf-httpapi-ratelimit-headers-11](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/):',
    '```http\nRateLimit-Policy: "read";q=100;w=10\nRateLimit: "read";r=99;t=1\n```',
    '`q` and `w` are the limit, `r` is what is left, and in `t` seconds there is one request more. `GET /v1/me` lists the limits of the caller. Public endpoints (probes, documentation, sign-in) are not counted; a proxy may limit them by address.',
    'Operators set the limits of callers with [`CPOR_RATE_LIMITS`](configuration.md), such as `read=300/10,bulk=60/60`, the same for every API process; `off` removes them. Those of links are fixed: customers must always be able to answer.',
    '[How limits are shared between processes](../explanation/limits.md#what-callers-may-ask).',
  );
}

function metrics(): string {
  return page(
    'Metrics',
    'For Prometheus, at `/metrics` of the address in [`CPOR_METRICS`](configuration.md), which API and worker serve apart from the product. [Alerts and their runbooks](../runbooks/README.md). No label names a claim, a person or a company.',
    '## The installation',
    'Workers read these from PostgreSQL, at most every ten seconds. All workers say the same: take `max()`.',
    table(
      ['Gauge', 'Labels', 'What it is'],
      [
        [code('cpor_claim_metrics_up'), '', '1 if PostgreSQL answered the last reading, otherwise 0; the others are then absent.'],
        ...storedGauges.map(({ name, labels, help }) => [code(name), codes(Object.keys(labels)), help]),
      ],
    ),
    '## Each process',
    table(
      ['Metric', 'Of', 'Labels', 'What it is'],
      [
        [
          code('cpor_http_request_duration_seconds'),
          'API',
          codes(['method', 'route', 'status']),
          'Histogram: from the arrival of a request to the end of its answer. Unknown paths have the route "none".',
        ],
        [
          code('cpor_database_connections'),
          'API, worker',
          code('state'),
          'Connections to PostgreSQL: busy, idle; statements that wait for one.',
        ],
        ['`process_*`, `nodejs_*`', 'API, worker', '', 'CPU, memory, event loop and garbage collection of the process.'],
        [
          '`temporal_*`',
          'worker, at `CPOR_TEMPORAL_METRICS`',
          '',
          "Temporal's SDK: latencies of tasks, failed tasks, cached workflows, requests to the server.",
        ],
      ],
    ),
  );
}

function programme(): string {
  return page(
    'Programme',
    'The fields of a programme document. Its [JSON Schema](programme.schema.json) has all limits; [how to publish one](../how-to/publish-a-programme.md).',
    table(
      ['Field', 'Form', 'Meaning'],
      programmeFields().map(({ path, form, meaning }) => [code(path), form, meaning]),
    ),
  );
}

function configuration(): string {
  return page(
    'Configuration',
    'Environment variables, checked at start-up; all faults are reported at once. The value of a secret may be in a file instead: `DATABASE_URL_FILE` names the file of `DATABASE_URL`, and so for every other secret.',
    table(
      ['Variable', 'Meaning', 'Form', 'When not set', 'Secret'],
      configurationVariables.map((one) => [code(one.name), one.meaning, one.form, one.default ?? '-', one.isSecret ? 'yes' : '-']),
    ),
  );
}
