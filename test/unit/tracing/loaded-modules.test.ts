import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect } from 'chai';

const dist = new URL('../../../', import.meta.url).href;

/** Returns the packages of OpenTelemetry that a process loads when it starts as far as serving. */
async function loadedBy(app: 'api' | 'worker', target: object | null): Promise<string[]> {
  const script = `
    import { registerHooks } from 'node:module';
    const loaded = new Set();
    registerHooks({ load(url, context, next) {
      const [, name] = /node_modules\\/((?:@opentelemetry|@fastify\\/otel|@temporalio\\/interceptors)[^/]*(?:\\/[^/]+)?)/.exec(url) ?? [];
      if (name) loaded.add(name);
      return next(url, context);
    } });
    const { startTracing } = await import('${dist}libs/tracing/index.js');
    await startTracing(${JSON.stringify(target)}, { service: '${app}', warn() {} });
    await import('${dist}apps/${app}/src/serve.js');
    process.stdout.write(JSON.stringify([...loaded].sort()));
    process.exit(0);`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout) as string[];
}

describe('a process that traces nothing', function () {
  this.timeout(60_000);
  this.slow(20_000);

  for (const app of ['api', 'worker'] as const) {
    it(`loads no part of OpenTelemetry that measures: ${app}`, async () => {
      // The interface alone, which does nothing, and which the client of Prometheus loads.
      expect(await loadedBy(app, null)).to.deep.equal(['@opentelemetry/api']);
    });
  }

  it('is told from one that does', async () => {
    const loaded = await loadedBy('api', { endpoint: 'http://127.0.0.1:9', headers: {} });
    expect(loaded).to.include.members(['@opentelemetry/api', '@opentelemetry/instrumentation-pg', '@opentelemetry/sdk-trace-node']);
  });
});
