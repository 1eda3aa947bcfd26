import type { OperatorCommand } from './operator-command.js';

/** Commands of operators and developers, on the machine of the product and with its settings. */
export const operatorCommands: Record<string, OperatorCommand> = {
  migrate: {
    does: 'updates the database to this version',
    load: () => import('./migrate.command.js').then(({ usage, migrateCommand: run }) => ({ usage, run })),
  },
  seed: {
    does: 'loads the sample programmes, calendars and customer directory',
    load: () => import('./seed.command.js').then(({ usage, seedCommand: run }) => ({ usage, run })),
  },
  programme: {
    does: 'publishes a programme from a YAML or JSON file, or withdraws a version',
    load: () => import('./programme.command.js').then(({ usage, programmeCommand: run }) => ({ usage, run })),
  },
  directory: {
    does: 'updates the built-in customer directory from files',
    load: () => import('./directory.command.js').then(({ usage, directoryCommand: run }) => ({ usage, run })),
  },
  doctor: {
    does: 'checks the installation, and says of what is wrong why it matters and what to do',
    load: () => import('./doctor/doctor.command.js').then(({ usage, doctorCommand: run }) => ({ usage, run })),
  },
  explain: {
    does: 'shows everything about one claim, in order',
    load: () => import('./explain/explain.command.js').then(({ usage, explainCommand: run }) => ({ usage, run })),
  },
  verify: {
    does: 'checks that nobody has tampered with the record, or with a receipt',
    load: () => import('./verify.command.js').then(({ usage, verifyCommand: run }) => ({ usage, run })),
  },
  checkpoint: {
    does: 'writes a signed summary of the audit trail, to keep outside the database',
    load: () => import('./checkpoint.command.js').then(({ usage, checkpointCommand: run }) => ({ usage, run })),
  },
  reconcile: {
    does: 'rebuilds the workflows of open claims, for example after Temporal has lost its data',
    load: () => import('./reconcile.command.js').then(({ usage, reconcileCommand: run }) => ({ usage, run })),
  },
  upgrade: {
    does: 'gives the work to a new build of the workers step by step, or back to the old one',
    load: () => import('./upgrade.command.js').then(({ usage, upgradeCommand: run }) => ({ usage, run })),
  },
  mails: {
    does: 'holds mails after a restore, so that none goes out twice unseen',
    load: () => import('./mails.command.js').then(({ usage, mailsCommand: run }) => ({ usage, run })),
  },
  erase: {
    does: 'erases personal data that is due, or that belongs to one person who asked',
    load: () => import('./erase.command.js').then(({ usage, eraseCommand: run }) => ({ usage, run })),
  },
  'export-person': {
    does: 'writes everything held about one person to a file',
    load: () => import('./export-person.command.js').then(({ usage, exportPersonCommand: run }) => ({ usage, run })),
  },
  reference: {
    does: 'writes the generated pages of docs/reference (for developers)',
    load: () =>
      Promise.all([import('./reference.command.js'), import('./command-page.js')]).then(
        ([{ usage, referenceCommand }, { commandPage }]) => ({
          usage,
          run: (args) => referenceCommand(args, { 'commands.md': () => commandPage(operatorCommands) }),
        }),
      ),
  },
  sample: {
    does: 'writes a PDF to upload as evidence in the sandbox',
    load: () => import('./sample.command.js').then(({ usage, sampleCommand: run }) => ({ usage, run })),
  },
  token: {
    does: 'prints a sandbox token',
    load: () => import('./token.command.js').then(({ usage, tokenCommand: run }) => ({ usage, run })),
  },
};
