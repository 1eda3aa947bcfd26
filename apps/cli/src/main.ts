import { checkpointCommand } from './checkpoint.command.js';
import { directoryCommand } from './directory.command.js';
import { doctorCommand } from './doctor.command.js';
import { eraseCommand } from './erase.command.js';
import { exportPersonCommand } from './export-person.command.js';
import { migrateCommand } from './migrate.command.js';
import { programmeCommand } from './programme.command.js';
import { reconcileCommand } from './reconcile.command.js';
import { referenceCommand } from './reference.command.js';
import { sampleCommand } from './sample.command.js';
import { seedCommand } from './seed.command.js';
import { tokenCommand } from './token.command.js';
import { verifyCommand } from './verify.command.js';

interface CliCommand {
  does: string;
  run(args: string[]): Promise<number>;
}

const commands: Record<string, CliCommand> = {
  migrate: { does: 'updates the database to this version', run: migrateCommand },
  seed: { does: 'loads the sample programmes, calendars and customer directory', run: seedCommand },
  programme: { does: 'publishes a programme from a YAML or JSON file, or withdraws a version', run: programmeCommand },
  directory: { does: 'updates the built-in customer directory from files', run: directoryCommand },
  doctor: { does: 'reports the calendars and time zone data in use, and what must be renewed', run: doctorCommand },
  verify: { does: 'checks that nobody has tampered with events, commands, evidence or access logs', run: verifyCommand },
  checkpoint: { does: 'writes a signed summary of the audit trail, to keep outside the database', run: checkpointCommand },
  reconcile: { does: 'rebuilds the workflows of open claims, for example after Temporal has lost its data', run: reconcileCommand },
  erase: { does: 'erases personal data that is due, or that belongs to one person who asked', run: eraseCommand },
  'export-person': { does: 'writes everything held about one person to a file', run: exportPersonCommand },
  reference: { does: 'writes the generated pages of docs/reference (for developers)', run: referenceCommand },
  sample: { does: 'writes a PDF to upload as evidence in the sandbox', run: sampleCommand },
  token: { does: 'prints a sandbox token', run: tokenCommand },
};

const usage = `Usage: cpor COMMAND [options]\n\n${Object.entries(commands)
  .map(([name, { does }]) => `  ${name.padEnd(14)} ${does}`)
  .join('\n')}\n\nRun "cpor COMMAND --help" for details.\n`;

const [name = 'help', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  const isHelp = ['help', '--help', '-h'].includes(name);
  (isHelp ? process.stdout : process.stderr).write(isHelp ? usage : `Unknown command "${name}".\n\n${usage}`);
  process.exitCode = isHelp ? 0 : 2;
} else {
  process.exitCode = await command.run(args).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
}
