import { permissions, roles } from '#libs/auth/index.js';
import { validationRules } from '#libs/claims/index.js';
import { configurationVariables } from '#libs/config/index.js';
import { directoryOpenApi } from '#libs/directory/index.js';
import { problemCatalogue } from '#libs/problems/index.js';
import { programmeJsonSchema } from '#libs/programmes/index.js';
import { clocks, events, states } from './claim-pages.js';
import { code, page, table } from './page.js';
import { programmeFields } from './programme-fields.js';

/** The reference pages generated from the code, by file name. */
export const referencePages: Record<string, () => string> = {
  'states.md': states,
  'clocks.md': clocks,
  'events.md': events,
  'codes.md': codeTables,
  'permissions.md': permissionTable,
  'configuration.md': configuration,
  'programme.md': programme,
  'programme.schema.json': () => `${JSON.stringify(programmeJsonSchema(), null, 2)}\n`,
  'directory-api.json': () => `${JSON.stringify(directoryOpenApi(), null, 2)}\n`,
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
    'Environment variables, checked at start-up; all faults are reported at once.',
    table(
      ['Variable', 'Meaning', 'Form', 'When not set', 'Secret'],
      configurationVariables.map((one) => [code(one.name), one.meaning, one.form, one.default ?? '-', one.isSecret ? 'yes' : '-']),
    ),
  );
}
