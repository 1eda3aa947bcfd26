import { useState } from 'react';
import { useNavigate } from 'react-router';
import { call } from '../api/index.js';
import { claimsDiscard, submissionsWithdraw } from '../client/index.js';
import { TextArea } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { type ActionProps, CommandDialog } from './command-dialog.js';
import { LineChoice, linesIn, numbersOf } from './line-choice.js';
import { texts } from './texts.js';
import { useCommand } from './use-command.js';

/** Withdraws the claim or some of its lines before they are official. */
export function Withdraw({ claim, words, onClose }: ActionProps) {
  const t = useTexts(texts);
  const { claimId } = claim;
  const lines = linesIn(claim.lines, ['submitted', 'under_review', 'action_required', 'consent_pending']);
  const [chosen, choose] = useState(() => numbersOf(lines));
  const [comment, setComment] = useState('');
  const isTold = claim.notices.some(({ recipients }) => recipients.some(({ state }) => state === 'accepted'));
  const command = useCommand(
    claim,
    ({ seen, key }) =>
      call(() =>
        submissionsWithdraw({
          path: { claimId },
          headers: { 'If-Match': seen, 'Idempotency-Key': key },
          body: { lines: chosen, ...(comment.trim() !== '' && { comment }) },
        }),
      ),
    onClose,
  );
  return (
    <CommandDialog
      title={t('withdrawTitle')}
      meaning={[t('withdrawWhat'), t(isTold ? 'withdrawTold' : 'withdrawNotTold'), t('final')]}
      button={t('withdrawButton', { count: chosen.length })}
      isFinal
      command={command}
      onClose={onClose}
    >
      <LineChoice lines={lines} chosen={chosen} onChoose={choose} words={words} error={command.errors['/lines']} />
      <TextArea
        name="/comment"
        label={t('optionalComment')}
        hint={t('commentHint')}
        maxLength={10_000}
        value={comment}
        error={command.errors['/comment']}
        onChange={(event) => setComment(event.target.value)}
      />
    </CommandDialog>
  );
}

/** Discards a draft. */
export function Discard({ claim, onClose }: ActionProps) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const { claimId } = claim;
  const command = useCommand(
    claim,
    ({ seen }) => call(() => claimsDiscard({ path: { claimId }, headers: { 'If-Match': seen } })),
    () => {
      onClose();
      void navigate('/claims');
    },
  );
  return (
    <CommandDialog
      title={t('discardTitle')}
      meaning={[t('discardWhat'), t('toldNobody'), t('final')]}
      button={t('discardButton')}
      isFinal
      command={command}
      onClose={onClose}
    />
  );
}
