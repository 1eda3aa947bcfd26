import { userInfo } from 'node:os';
import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { shown } from '#libs/claims/index.js';
import { pasted, pastedInLowerCase } from '#libs/identifiers/index.js';
import { eraseDue, type ErasedPerson, erasePerson, type ErasureReport, type KeptReason } from '#libs/retention/index.js';
import { openDatabase, readCliConfig } from './stack.js';

export const usage = `Usage: cpor erase --due [options]
       cpor erase --person EMAIL [--subject ID] [options]
       cpor erase --person-id ID [options]

Erases personal data. Events stay, and their hash chain stays intact: they hold ids only.

  --due            everything past its retention period: the contents of evidence, then contacts and texts
  --person EMAIL   everything held under an e-mail address, at the person's request; "-" reads the address from standard input
  --subject ID     with --person: also what the person wrote under this id of the identity provider
  --person-id ID   the person, or the single text, with this id
  --dry-run        change nothing; report what would be erased
  --by NAME        who is responsible; default: the operating system account
  --json           print the report as JSON

Exit code 3: something you asked to erase was kept; the report says why and until when.
`;

const reasons: Record<KeptReason, string> = {
  legal_hold: 'under a legal hold; can be erased once it is released',
  busy: 'the claim is in use; run the command again',
  notice_pending: "the customer's notice has not been delivered yet; can be erased once it is, or once the claim ends",
  import_waiting: 'rows of an import are waiting to become claims; cancel the import, or run the command again when it is done',
  named_in_text: "somebody else's text names the person; read it, and erase it with --person-id if it must go",
  evidence_retained: 'evidence may name the person; it is erased when its own retention period ends',
  listed_in_directory: 'the customer directory still lists the person; remove the entry at its source',
};

/** Reasons for which the request was not carried out. The others leave a judgement to people. */
const refusals: KeptReason[] = ['legal_hold', 'busy', 'notice_pending', 'import_waiting'];

const options = {
  due: { type: 'boolean', default: false },
  person: { type: 'string' },
  'person-id': { type: 'string' },
  subject: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
  by: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

/** Erases what is due, or one person, and prints the stored report. Exits with 3 when something the caller asked for was kept. */
export async function eraseCommand(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options });
  const named = [values.due, values.person !== undefined, values['person-id'] !== undefined].filter(Boolean).length;
  if (values.help || named !== 1 || (values.subject !== undefined && values.person === undefined)) {
    (values.help ? process.stdout : process.stderr).write(usage);
    return values.help ? 0 : 2;
  }
  const who = values.due ? null : await readPerson(values.person, values['person-id'], values.subject);
  const how = { by: values.by ?? `cli:${userInfo().username}`, isDryRun: values['dry-run'] };
  const source = await openDatabase(readCliConfig());
  try {
    const report = who === null ? await eraseDue(source, how) : await erasePerson(source, who, how);
    process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : reportText(report));
    const isRefused = who !== null && refusals.some((reason) => (report.keptByReason[reason] ?? 0) > 0);
    return isRefused ? 3 : 0;
  } finally {
    await source.destroy();
  }
}

async function readPerson(email: string | undefined, personId: string | undefined, subject: string | undefined): Promise<ErasedPerson> {
  if (personId !== undefined) {
    const id = pastedInLowerCase(personId);
    if (!z.guid().safeParse(id).success) throw new Error(`${shown(id)} is not a person id; it must be a GUID.`);
    return { personId: id };
  }
  return { email: await readAddress(email ?? ''), subject };
}

/** Reads an e-mail address from the argument, or from standard input for `-`, which keeps it out of the shell's history. */
export async function readAddress(argument: string): Promise<string> {
  const address = pasted(argument === '-' ? await text(process.stdin) : argument);
  if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw new Error('That is not an e-mail address.');
  return address;
}

function reportText({
  reportId,
  isDryRun,
  claims,
  personalData,
  evidenceFiles,
  keptByReason,
  kept,
  requestedBy,
  finishedAt,
}: ErasureReport): string {
  const verb = isDryRun ? 'Would erase' : 'Erased';
  const counts = `${verb} ${personalData} contacts and texts, and ${evidenceFiles} evidence files, of ${claims} claims.\n`;
  const why = Object.entries(keptByReason).map(([reason, count]) => {
    const items = kept.filter((item) => item.reason === reason);
    const lines = items.map(({ claim, personIds, possibleFrom, waiting }) => {
      const until = possibleFrom === null ? '' : `, next deadline ${possibleFrom}`;
      const rows = waiting === undefined ? '' : `import ${waiting.importId}, rows ${waiting.rows.join(', ')}`;
      return `  ${[claim ?? '', ...personIds, rows].filter(Boolean).join(' ') || '-'}${until}\n`;
    });
    return `Kept ${count}: ${reasons[reason as KeptReason]}.\n${lines.join('')}`;
  });
  return `${counts}${why.join('')}Report ${reportId}, requested by ${requestedBy}, ${finishedAt}.\n`;
}
