import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { cruise, type IForbiddenRuleType } from 'dependency-cruiser';

const { forbidden } = createRequire(import.meta.url)(join(process.cwd(), '.dependency-cruiser.cjs')) as { forbidden: IForbiddenRuleType[] };

/** Checks a made-up checkout of these files and returns the report. */
async function check(files: Record<string, string>): Promise<string> {
  const checkout = mkdtempSync(join(tmpdir(), 'cpor-imports-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(join(checkout, dirname(path)), { recursive: true });
      writeFileSync(join(checkout, path), content);
    }
    const options = { validate: true, ruleSet: { forbidden }, baseDir: checkout, tsPreCompilationDeps: 'specify', outputType: 'err-long' };
    const { output } = await cruise(Object.keys(files), options as Parameters<typeof cruise>[1]);
    return String(output).replaceAll(/\s+/g, ' ');
  } finally {
    rmSync(checkout, { recursive: true });
  }
}

describe('the check of imports', () => {
  it('explains where a rule gets its facts if it imports the inbox', async () => {
    const output = await check({
      'libs/claims/rules/late.ts': "import { load } from '../../inbox/load.js';\nexport const late = load;\n",
      'libs/inbox/load.ts': 'export const load = 1;\n',
    });
    expect(output).to.include('libs/claims/rules/late.ts → libs/inbox/load.ts').and.include('passed in as DecisionContext');
  });

  it('lets a workflow import types but not values', async () => {
    const rule = { 'libs/claims/phase.ts': 'export type Phase = string;\nexport const first = 1;\n' };
    const types = "import type { Phase } from '../libs/claims/phase.js';\nexport type P = Phase;\n";
    const values = "import { first } from '../libs/claims/phase.js';\nexport const f = first;\n";
    expect(await check({ 'workflows/a.ts': types, ...rule })).to.include('no dependency violations');
    expect(await check({ 'workflows/a.ts': values, ...rule })).to.include('a rule to libs/claims');
  });
});

describe('the README of each area', () => {
  for (const { name, comment } of forbidden) {
    const area = / reaches too far$/.test(name ?? '') ? name!.replace(' reaches too far', '') : null;
    const allowed = /Allowed: (.*)\.$/.exec(comment ?? '')?.[1];
    if (area === null || allowed === undefined || allowed.split(', ').includes('libs')) continue;
    it(`lists for ${area} what the check of imports allows`, () => {
      const [, section = ''] = /^## May import\n([^#]*)/m.exec(readFileSync(join(area, 'README.md'), 'utf8')) ?? [];
      const named = [...section.matchAll(/`((?:libs|packages)\/[a-z-]+|activities)`/g)].map(([, one]) => one);
      expect(named.sort()).to.deep.equal(allowed === 'nothing of ours' ? [] : allowed.split(', ').sort());
    });
  }
});
