import { useState } from 'react';
import { call } from '../api/index.js';
import { associationChangesDisassociate, associationChangesRevoke, associationChangesTransfer } from '../client/index.js';
import { SelectField, TextArea, TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { type ActionProps, CommandDialog } from './command-dialog.js';
import { LineChoice, linesIn, numbersOf } from './line-choice.js';
import { texts } from './texts.js';
import { useCommand } from './use-command.js';

/** Ends associations at once, as the partner or as the vendor; always with a reason. */
export function EndAssociation({ claim, words, onClose }: ActionProps) {
  const t = useTexts(texts);
  const isPartner = useSession().can('associations.disassociate');
  const { claimId } = claim;
  const lines = linesIn(claim.lines, ['official']);
  const [chosen, choose] = useState(() => numbersOf(lines));
  const [reason, setReason] = useState('');
  const send = isPartner ? associationChangesDisassociate : associationChangesRevoke;
  const command = useCommand(
    claim,
    ({ key }) => call(() => send({ path: { claimId }, headers: { 'Idempotency-Key': key }, body: { lines: chosen, reason } })),
    onClose,
  );
  return (
    <CommandDialog
      title={t('endTitle')}
      meaning={[t('endWhat'), t(isPartner ? 'endTold' : 'revokeTold'), t('endFinal')]}
      button={t('endButton', { count: chosen.length })}
      isFinal
      command={command}
      onClose={onClose}
    >
      <LineChoice lines={lines} chosen={chosen} onChoose={choose} words={words} error={command.errors['/lines']} />
      <TextArea
        name="/reason"
        label={t('reason')}
        hint={t('reasonHint')}
        maxLength={2_000}
        required
        value={reason}
        error={command.errors['/reason']}
        onChange={(event) => setReason(event.target.value)}
      />
    </CommandDialog>
  );
}

/** Moves all live associations of the claim to another location of the same company. */
export function Transfer({ claim, onClose }: ActionProps) {
  const t = useTexts(texts);
  const { me } = useSession();
  const { claimId } = claim;
  const [partnerId, setPartnerId] = useState('');
  const [comment, setComment] = useState('');
  const others = me.partner?.locations.filter((location) => location.partnerId !== claim.partnerId) ?? [];
  const command = useCommand(
    claim,
    ({ key }) =>
      call(() =>
        associationChangesTransfer({
          path: { claimId },
          headers: { 'Idempotency-Key': key },
          body: { partnerId, ...(comment.trim() !== '' && { comment }) },
        }),
      ),
    onClose,
  );
  return (
    <CommandDialog
      title={t('transferTitle')}
      meaning={[t('transferWhat'), t('transferTold')]}
      button={t('transferButton')}
      command={command}
      onClose={onClose}
    >
      {me.partner?.isComplete ? (
        <SelectField
          name="/partnerId"
          label={t('newLocation')}
          emptyLabel={t('choose')}
          options={others.map((location) => ({
            value: location.partnerId,
            label: location.name === null ? location.partnerId : `${location.name} (${location.partnerId})`,
          }))}
          value={partnerId}
          error={command.errors['/partnerId']}
          onChange={(event) => setPartnerId(event.target.value)}
        />
      ) : (
        <TextField
          name="/partnerId"
          label={t('newLocation')}
          hint={t('locationHint')}
          value={partnerId}
          error={command.errors['/partnerId']}
          onChange={(event) => setPartnerId(event.target.value)}
        />
      )}
      <TextArea
        name="/comment"
        label={t('optionalComment')}
        maxLength={10_000}
        value={comment}
        error={command.errors['/comment']}
        onChange={(event) => setComment(event.target.value)}
      />
    </CommandDialog>
  );
}
