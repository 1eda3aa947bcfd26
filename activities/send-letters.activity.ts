import { readWaitingLetters, renderLetter, reuseLink, textVersion, type WaitingLetter } from '#libs/notices/index.js';
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

const mailOf = (dependencies: ActivityDependencies, { letterId, email, recipientId, view }: WaitingLetter): WaitingMail => ({
  kind: 'letter',
  id: letterId,
  email,
  async attempt() {
    const { source } = dependencies;
    await source.query('UPDATE letters SET attempts = attempts + 1, attempted_at = cpor_now(), text_version = $2 WHERE letter_id = $1', [
      letterId,
      textVersion,
    ]);
    const hasLink = email !== null && recipientId !== null;
    return renderLetter({ ...view, url: hasLink ? await reuseLink(source, dependencies, recipientId) : null });
  },
  store: (answer) => storeAnswer(dependencies.source, { kind: 'letter', id: letterId }, answer),
  storeFault: (error, attempt) => storeFault(dependencies.source, { kind: 'letter', id: letterId }, error, attempt),
});
