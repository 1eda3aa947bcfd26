import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { makeCheckout, startTool, type ToolResult } from './checkout.fixture.js';

/** What a build writes into the folder after `-o`. */
const builds = 'echo built >> "$HOME/builds"; while [ "$1" != -o ]; do shift; done; echo server > "$2/server"; echo sql > "$2/sql"';

describe("Temporal's production server", function () {
  this.timeout(30_000);
  let checkout: string;
  const at = (...names: string[]) => join(checkout, ...names);

  beforeEach(() => {
    checkout = makeCheckout();
    mkdirSync(at('bin'));
  });

  afterEach(() => rm(checkout, { recursive: true, force: true }));

  /** Sets up with a Go that runs this script. */
  const setUp = (go?: string): Promise<ToolResult> => {
    if (go !== undefined) writeFileSync(at('bin/go'), `#!/bin/sh\n${go}\n`, { mode: 0o755 });
    const env = { PATH: `${at('bin')}:/bin:/usr/bin`, GOROOT: '/nonexistent' };
    return startTool(checkout, ['tools/setup.mjs', '--only', 'temporal-server'], env).result;
  };

  it('is built once for the modules that go.sum names', async () => {
    const { code, output } = await setUp(builds);
    expect(output).to.match(/^✓ Temporal's production server 1\.\d+\.\d+ +\d+\.\d s$/m);
    expect(code).to.equal(0);
    expect(readFileSync(at('.tools/bin/temporal-server'), 'utf8')).to.equal('server\n');
    expect(readFileSync(at('.tools/bin/temporal-sql-tool'), 'utf8')).to.equal('sql\n');
    expect((await setUp()).output).to.match(/already done\n$/);
    appendFileSync(at('tools/temporal-server/go.sum'), '\n');
    await setUp();
    expect(readFileSync(at('builds'), 'utf8')).to.equal('built\nbuilt\n');
  });

  const failures: [what: string, go: string | undefined, sentence: RegExp][] = [
    ['there is no Go', undefined, /go is neither on PATH nor in \S+; install Go 1\.\d+\.\d+ or newer and try again\.\n$/],
    [
      'Go is too old',
      'echo "go: go.mod requires go >= 1.26.8 (running go 1.22.1; GOTOOLCHAIN=local)" >&2; exit 1',
      /this Go is too old; install Go 1\.\d+\.\d+ or newer and try again\.\n$/,
    ],
    [
      'there is no network',
      'echo "go: go.temporal.io/server@v1.32.0: Get \\"https://proxy\\": dial tcp: lookup proxy: no such host" >&2; exit 1',
      /the Go module proxy is unreachable; check the network, or set GOPROXY to a mirror, and try again\.\n$/,
    ],
    ['the build fails', 'echo "cannot compile" >&2; exit 2', /could not be built: cannot compile\.\n$/],
  ];
  for (const [what, go, sentence] of failures) {
    it(`says in one sentence that ${what}`, async () => {
      const { code, output } = await setUp(go);
      expect(output).to.match(sentence);
      expect(code).to.equal(1);
      expect(existsSync(at('.tools/bin/temporal-server'))).to.equal(false);
    });
  }
});
