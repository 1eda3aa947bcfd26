import {
  openSignatureCode,
  openSignatureLink,
  readWaitingLetters,
  renderLetter,
  reuseLink,
  textVersion,
  type WaitingLetter,
} from '#libs/notices/index.js';
import { deliverMails, type WaitingMail } from './deliver-mails.js';
import type { ActivityDependencies } from './dependencies.js';
import { storeAnswer, storeFault } from './stored-delivery.js';

/** Sends the letters of a claim that no mail server has answered yet. Fails, to be retried, while the relay has neither taken nor refused one. */
export const sendLettersActivity =
  (dependencies: ActivityDependencies) =>
  async ({ claimId }: { claimId: string }): Promise<void> => {
    const letters = await readWaitingLetters(dependencies.source, dependencies.library, claimId);
    const fault = await deliverMails(
      dependencies,
      letters.map((letter) => mailOf(dependencies, letter)),
    );
    if (fault !== null) throw fault;
  };

const mailOf = (dependencies: ActivityDependencies, letter: WaitingLetter): WaitingMail => ({
  kind: 'letter',
  id: letter.letterId,
  email: letter.email,
  async attempt() {
    const { source } = dependencies;
    const { letterId, view } = letter;
    await source.query('UPDATE letters SET attempts = attempts + 1, attempted_at = cpor_now(), text_version = $2 WHERE letter_id = $1', [
      letterId,
      textVersion,
    ]);
    return renderLetter({ ...view, ...(await secretsOf(dependencies, letter)) });
  },
  store: (answer) => storeAnswer(dependencies.source, { kind: 'letter', id: letter.letterId }, answer),
  storeFault: (error, attempt) => storeFault(dependencies.source, { kind: 'letter', id: letter.letterId }, error, attempt),
});

/** The link and the code that only the mail holds. */
async function secretsOf(
  dependencies: ActivityDependencies,
  { email, recipientId, signatory }: WaitingLetter,
): Promise<{ url: string | null; code: string | null }> {
  const { source } = dependencies;
  if (email === null) return { url: null, code: null };
  if (signatory === null) return { url: recipientId === null ? null : await reuseLink(source, dependencies, recipientId), code: null };
  const url = await openSignatureLink(source, dependencies, signatory);
  const hasCode = url !== null && signatory.codeId !== null;
  return { url, code: hasCode ? await openSignatureCode(source, dependencies, signatory, signatory.codeId!) : null };
}
