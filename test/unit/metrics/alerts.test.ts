import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { storedGauges } from '#libs/metrics/index.js';
import { otherMetrics } from './other-metrics.js';

interface Rule {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}

describe('alerts', () => {
  let rules: Rule[];

  before(async () => {
    const { groups } = parse(await readFile('deploy/prometheus/cpor.rules.yml', 'utf8')) as { groups: { rules: Rule[] }[] };
    rules = groups.flatMap((group) => group.rules);
    expect(rules).to.have.length.greaterThan(10);
  });

  it('read metrics that exist', () => {
    const known = [...storedGauges.map(({ name }) => name), ...otherMetrics];
    for (const { alert, expr } of rules) {
      const metrics = expr.match(/\b(cpor|temporal)_\w+/g);
      expect(metrics, alert).not.to.equal(null);
      for (const metric of metrics!) expect(known, alert).to.include(metric);
    }
  });

  it('name label values that exist', () => {
    for (const { alert, expr } of rules)
      for (const [, name, label, value] of expr.matchAll(/\b(cpor_\w+)\{(\w+)="(\w+)"\}/g)) {
        const gauge = storedGauges.find((one) => one.name === name);
        if (gauge !== undefined) expect(gauge.labels[label!], `${alert}: ${label}`).to.include(value);
      }
  });

  it('have a severity, and a runbook of their own that names them', async () => {
    const listed = await readFile('docs/runbooks/README.md', 'utf8');
    for (const { alert, labels, annotations } of rules) {
      expect(labels.severity, alert).to.be.oneOf(['page', 'ticket']);
      expect(await readFile(annotations.runbook, 'utf8')).to.include(`Alert \`${alert}\`.`);
      expect(listed)
        .to.include(`| \`${alert}\` | ${labels.severity} | [`)
        .and.include(`](${basename(annotations.runbook)})`);
    }
    const pages = (await readdir('docs/runbooks')).filter((file) => file !== 'README.md');
    expect(pages).to.have.members(rules.map(({ annotations }) => basename(annotations.runbook)));
  });
});
