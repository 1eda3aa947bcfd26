import { useState } from 'react';
import { call } from '../../api/index.js';
import { CommandDialog } from '../../claim-actions/command-dialog.js';
import { useCommand } from '../../claim-actions/use-command.js';
import { claimTexts } from '../../claim-words/index.js';
import { type Claim, type Deadline, extensionsExtend } from '../../client/index.js';
import { Button, SelectField, TextArea } from '../../design/index.js';
import { useFormat, useTexts } from '../../i18n/index.js';
import { texts } from '../texts.js';

const extendable = ['partner_answer', 'customer_window', 'holder_hearing'] as const;
type Extendable = (typeof extendable)[number];

const isExtendable = (deadline: Deadline): deadline is Deadline & { clock: Extendable } =>
  extendable.some((clock) => clock === deadline.clock);

/** More time for the partner, the customer or the holder, on record. */
export function Extension({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const [isOpen, setOpen] = useState(false);
  const running = claim.deadlines.filter(isExtendable);
  if (running.length === 0 || !claim.allowedActions.includes('extendDeadline')) return null;
  return (
    <div>
      <Button onClick={() => setOpen(true)}>{t('extend')}</Button>
      {isOpen && <ExtensionDialog claim={claim} running={running} onClose={() => setOpen(false)} />}
    </div>
  );
}

interface Props {
  claim: Claim;
  running: (Deadline & { clock: Extendable })[];
  onClose(): void;
}

function ExtensionDialog({ claim, running, onClose }: Props) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const format = useFormat();
  const { claimId } = claim;
  const [clock, setClock] = useState<Extendable>(running[0]!.clock);
  const [comment, setComment] = useState('');
  const command = useCommand(
    claim,
    ({ key }) => call(() => extensionsExtend({ path: { claimId }, headers: { 'Idempotency-Key': key }, body: { clock, comment } })),
    onClose,
  );
  return (
    <CommandDialog
      title={t('extend')}
      meaning={[t('extendWhat'), t('extendTold')]}
      button={t('extend')}
      command={command}
      onClose={onClose}
    >
      <SelectField
        name="/clock"
        label={t('deadline')}
        options={running.map(({ clock: of, dueAt, zone }) => ({ value: of, label: `${words(of)}: ${format.instant(dueAt, zone)}` }))}
        value={clock}
        error={command.errors['/clock']}
        onChange={(event) => setClock(event.target.value as Extendable)}
      />
      <TextArea
        name="/comment"
        label={t('extendReason')}
        hint={t('extendReasonHint')}
        maxLength={10_000}
        value={comment}
        error={command.errors['/comment']}
        onChange={(event) => setComment(event.target.value)}
      />
    </CommandDialog>
  );
}
