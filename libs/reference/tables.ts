import { permissions, roles } from '#libs/auth/index.js';
import { clockRules, commandRules, editability, phases, statusLabels, statusLabels2021, validationRules } from '#libs/claims/index.js';
import { configurationVariables } from '#libs/config/index.js';
import { directoryOpenApi } from '#libs/directory/index.js';
import { problemCatalogue } from '#libs/problems/index.js';
import { programmeJsonSchema } from '#libs/programmes/index.js';
import { actions, rolesFor, systemCommands } from '#libs/read-models/index.js';
import { programmeFields } from './programme-fields.js';

/** The pages of the reference that are printed from the code, by file name. */
export const referencePages: Record<string, () => string> = {
  'states.md': states,
  'codes.md': codes,
  'permissions.md': permissionTable,
  'configuration.md': configuration,
  'programme.md': programme,
  'programme.schema.json': () => `${JSON.stringify(programmeJsonSchema(), null, 2)}\n`,
  'directory-api.json': () => `${JSON.stringify(directoryOpenApi(), null, 2)}\n`,
};

const table = (head: string[], rows: string[][]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text}\``;
const page = (title: string, ...parts: string[]): string =>
  `# ${title}\n\n_Printed from the code; do not edit._\n\n${parts.join('\n\n')}\n`;

function states(): string {
  return page(
    'States and clocks',
    'The states of a line. A claim shows the one that stands first in the roll-up order of its lines.',
    table(
      ['Phase', 'Label', 'Russian label', 'Label of 2021', 'Russian label of 2021'],
      phases.map((phase) => [
        code(phase),
        statusLabels[phase].en,
        statusLabels[phase].ru,
        statusLabels2021[phase].en,
        statusLabels2021[phase].ru,
      ]),
    ),
    '## Clocks',
    table(
      ['Clock', 'What for', 'Runs while', 'Who is waited for', 'At its end'],
      Object.entries(clockRules).map(([name, rule]) => [
        name,
        rule.title,
        rule.phases.map(code).join(', '),
        rule.mover,
        rule.onExpiry.replaceAll('_', ' '),
      ]),
    ),
    '## What may be edited when',
    table(
      ['Fields', ...phases],
      Object.entries(editability).map(([group, editable]) => [group, ...phases.map((phase) => (editable.includes(phase) ? 'edit' : '-'))]),
    ),
    '## Who may do what, and when',
    'A line in one of the phases lets the command be given; the rules look closer. A link in a notice needs no role to refuse, to accept or to choose.',
    table(
      ['Command', 'Roles', ...phases],
      (Object.entries(actions) as [keyof typeof actions, { phases: readonly string[] }][]).map(([name, { phases: fitting }]) => [
        code(name),
        rolesFor(name).map(code).join(', '),
        ...phases.map((phase) => (fitting.includes(phase) ? 'yes' : '-')),
      ]),
    ),
    `The system alone gives ${systemCommands.map(code).join(', ')}.`,
    '## Commands',
    table(
      ['Command', 'On a draft', 'Asks the directory'],
      Object.entries(commandRules).map(([name, rule]) => [code(name), rule.isForDraft ? 'yes' : '-', rule.needsDirectory ? 'yes' : '-']),
    ),
  );
}

function codes(): string {
  return page(
    'Codes',
    '## Checks of a claim',
    'Errors block, warnings are recorded, holds wait for a reviewer.',
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
    'A role sees and does this only within its scope: a partner its locations, a customer its tenant, the vendor everything.',
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
    'What a programme document holds; its [JSON Schema](programme.schema.json) gives every bound. How to publish one: [how-to](../how-to/publish-a-programme.md).',
    table(
      ['Field', 'Form', 'Meaning'],
      programmeFields().map(({ path, form, meaning }) => [code(path), form, meaning]),
    ),
  );
}

function configuration(): string {
  return page(
    'Configuration',
    'Environment variables, checked at the start; all faults are listed at once.',
    table(
      ['Variable', 'Meaning', 'Form', 'When not set', 'Secret'],
      configurationVariables.map((one) => [code(one.name), one.meaning, one.form, one.default ?? '-', one.isSecret ? 'yes' : '-']),
    ),
  );
}
