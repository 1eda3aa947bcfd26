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
  migrate: { does: 'brings the database to this version', run: migrateCommand },
  seed: { does: 'loads the sample programmes, calendars and customer directory', run: seedCommand },
  programme: { does: 'publishes a programme from a YAML or JSON file, or takes a version back', run: programmeCommand },
  directory: { does: 'brings the built-in customer directory up to date from files', run: directoryCommand },
  doctor: { does: 'tells the versions of calendars and time zone data, and what is due to be renewed', run: doctorCommand },
  verify: { does: 'checks that events, commands, evidence and access logs are as they were written', run: verifyCommand },
  checkpoint: { does: 'anchors the record outside the database, in a signed file', run: checkpointCommand },
  reconcile: { does: 'brings every open claim back to its place in Temporal', run: reconcileCommand },
  erase: { does: 'erases personal data that is due, or one person on request', run: eraseCommand },
  'export-person': { does: 'writes everything held about a person to a file', run: exportPersonCommand },
  reference: { does: 'prints the reference tables of the documentation (for developers)', run: referenceCommand },
  sample: { does: 'writes a PDF to upload as evidence in the sandbox', run: sampleCommand },
  token: { does: 'prints a sandbox token', run: tokenCommand },
};

const usage = `Usage: cpor COMMAND [options]\n\n${Object.entries(commands)
  .map(([name, { does }]) => `  ${name.padEnd(14)} ${does}`)
  .join('\n')}\n\ncpor COMMAND --help tells more.\n`;

const [name = 'help', ...args] = process.argv.slice(2);
const command = commands[name];
if (command === undefined) {
  const isAskedFor = ['help', '--help', '-h'].includes(name);
  (isAskedFor ? process.stdout : process.stderr).write(isAskedFor ? usage : `There is no command "${name}".\n\n${usage}`);
  process.exitCode = isAskedFor ? 0 : 2;
} else {
  process.exitCode = await command.run(args).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  });
}
