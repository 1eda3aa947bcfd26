import { readFile, readdir } from 'node:fs/promises';
import { collectDefaultMetrics, Registry } from '@prometheus-io/client';
import { expect } from 'chai';
import { parse } from 'yaml';
import { dashboards, grafanaDashboard, storedGauges } from '#libs/metrics/index.js';
import { otherMetrics } from './other-metrics.js';

const folder = 'deploy/grafana';

describe('dashboards', () => {
  it('are in deploy/grafana as they are printed, and no others', async () => {
    expect(await readdir(folder)).to.have.members(Object.keys(dashboards).map((name) => `${name}.json`));
    for (const name of Object.keys(dashboards))
      expect(await readFile(`${folder}/${name}.json`, 'utf8'), 'npm run docs').to.equal(grafanaDashboard(name));
  });

  it('read metrics and labels that exist', () => {
    const registry = new Registry();
    collectDefaultMetrics({ register: registry });
    const own = registry.getMetricsAsArray().map(({ name }) => name);
    const known = [...storedGauges.map(({ name }) => name), ...otherMetrics, ...own];
    for (const { title, panels } of Object.values(dashboards))
      for (const panel of panels)
        for (const [expr, legend] of panel.queries) {
          const metrics = expr.match(/\b(cpor|temporal|process|nodejs)_\w+/g) ?? [];
          for (const metric of metrics) expect(known, `${title}: ${panel.title}`).to.include(metric);
          const labels = storedGauges.find(({ name }) => name === metrics[0])?.labels;
          if (labels === undefined) continue;
          const read = [...[...expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, names]) => names!.split(', '))];
          expect(Object.keys(labels), expr).to.include.members(read);
          for (const [, label] of legend.matchAll(/\{\{(\w+)\}\}/g)) expect(read, panel.title).to.include(label);
        }
  });

  it('show every gauge of the installation', () => {
    const shown = Object.values(dashboards)
      .flatMap(({ panels }) => panels.flatMap(({ queries }) => queries.map(([expr]) => expr)))
      .join('\n');
    expect(storedGauges.map(({ name }) => name).filter((name) => !shown.includes(name))).to.deep.equal([]);
  });

  it('ask the data source that Compose provisions', async () => {
    const { datasources } = parse(await readFile('deploy/compose/grafana/provisioning/datasources/prometheus.yaml', 'utf8')) as {
      datasources: { uid: string }[];
    };
    for (const name of Object.keys(dashboards)) {
      const { panels } = JSON.parse(grafanaDashboard(name)) as { panels: { datasource: { uid: string } }[] };
      expect(new Set(panels.map(({ datasource }) => datasource.uid))).to.deep.equal(new Set([datasources[0]!.uid]));
    }
  });
});
