import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { validationRules } from '#libs/claims/index.js';
import { isProblemCode, problemCatalogue } from '#libs/problems/index.js';

const compiled = join(import.meta.dirname, '../../../libs');

function sourcesOf(library: string): string[] {
  const files = readdirSync(join(compiled, library), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.js'));
  return files.map((file) => readFileSync(join(compiled, library, file), 'utf8'));
}

/** Codes passed to `refuse('code', …)`, directly or through a `code` variable chosen just before. */
function refusedCodes(): string[] {
  const named = /\brefuse\(\s*'([a-z_]+)'/g;
  const chosen = /\bcode = \w+ \? '([a-z_]+)' : '([a-z_]+)'/g;
  const texts = [...sourcesOf('claims'), ...sourcesOf('inbox')];
  return texts.flatMap((text) => [...text.matchAll(named), ...text.matchAll(chosen)].flatMap(([, ...codes]) => codes));
}

describe('the refusal codes of the rules', () => {
  const codes = [...new Set([...refusedCodes(), ...validationRules.map(({ code }) => code)])].sort();

  it('are found by this test in the compiled rules', () => {
    expect(codes).to.include.members([
      'not_in_phase',
      'version_conflict',
      'programme_unknown',
      'line_unknown',
      'field_locked',
      'evidence_stale',
    ]);
  });

  for (const code of codes) {
    it(`include ${code}, a client error in the catalogue`, () => {
      expect(isProblemCode(code), `${code} is not in the catalogue`).to.equal(true);
      // Only an unavailable directory is worth a retry; the caller must correct everything else.
      if (isProblemCode(code) && code !== 'service_unavailable') expect(problemCatalogue[code].status).to.be.within(400, 499);
    });
  }
});
