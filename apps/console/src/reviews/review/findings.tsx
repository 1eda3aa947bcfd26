import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, newKey } from '../../api/index.js';
import { CommandDialog } from '../../claim-actions/command-dialog.js';
import { useCommand } from '../../claim-actions/use-command.js';
import { claimKey } from '../../claim/use-claim.js';
import { type Claim, commentsComment, reviewsClearHold } from '../../client/index.js';
import { Badge, Button, TextArea } from '../../design/index.js';
import { useTexts } from '../../i18n/index.js';
import { texts } from '../texts.js';
import { isHeld } from './outcomes.js';

/** What the checks found on the latest submission, and what holds lines back after the customer's window. */
export function Findings({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const [isClearing, setClearing] = useState(false);
  const held = claim.lines.filter(isHeld);
  const found = [...claim.findings, ...held.flatMap(({ holds }) => holds)];
  const mayClear = held.length > 0 && claim.allowedActions.includes('clearHold');
  return (
    <section className="stack-tight" aria-labelledby="findings">
      <h2 id="findings">{t('findings')}</h2>
      {found.length === 0 ? (
        <p className="muted">{t('noFindings')}</p>
      ) : (
        <ul className="plain stack-tight">
          {found.map(({ code, severity, line, message }, index) => (
            <li key={index}>
              <Badge tone={severity === 'hold' ? 'warning' : 'neutral'}>{t(severity === 'hold' ? 'hold' : 'warning')}</Badge>{' '}
              {line !== null && `${t('line', { line })} `}
              {message} <code className="muted">{code}</code>
            </li>
          ))}
        </ul>
      )}
      {mayClear && (
        <div>
          <Button onClick={() => setClearing(true)}>{t('clearHold')}</Button>
        </div>
      )}
      {isClearing && <ClearHold claim={claim} lines={held.map(({ line }) => line)} onClose={() => setClearing(false)} />}
    </section>
  );
}

/** Repeats the failed check. The reason goes into the record as an internal comment. */
function ClearHold({ claim, lines, onClose }: { claim: Claim; lines: number[]; onClose(): void }) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const { claimId } = claim;
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const command = useCommand(
    claim,
    async ({ seen, key }) => {
      await call(() => reviewsClearHold({ path: { claimId }, headers: { 'If-Match': seen, 'Idempotency-Key': key }, body: { lines } }));
      const body = { text: reason, visibility: 'internal' as const };
      await call(() => commentsComment({ path: { claimId }, headers: { 'Idempotency-Key': newKey() }, body }));
      await client.invalidateQueries({ queryKey: claimKey(claimId) });
    },
    onClose,
  );
  const run = async () => {
    setMissing(reason.trim() === '');
    return reason.trim() === '' ? false : command.run();
  };
  return (
    <CommandDialog
      title={t('clearHold')}
      meaning={[t('clearHoldWhat'), t('clearHoldTold')]}
      button={t('clearHold')}
      command={{ ...command, run }}
      onClose={onClose}
    >
      <TextArea
        name="/reason"
        label={t('clearHoldReason')}
        hint={t('clearHoldReasonHint')}
        maxLength={10_000}
        value={reason}
        error={isMissing ? t('reasonMissing') : undefined}
        onChange={(event) => setReason(event.target.value)}
      />
    </CommandDialog>
  );
}
