import { useState } from 'react';
import { call } from '../api/index.js';
import { coverOf } from '../claim/cover-of.js';
import { disputesOpen } from '../client/index.js';
import { Banner, Checkbox, ChoiceGroup, TextArea } from '../design/index.js';
import { EvidenceUpload, useUploads } from '../evidence-upload/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useProgramme } from '../programme-labels/index.js';
import { type ActionProps, CommandDialog } from './command-dialog.js';
import { LineChoice, numbersOf } from './line-choice.js';
import { texts } from './texts.js';
import { useCommand } from './use-command.js';

/** Disputes a rejection, once, by a statement, by new evidence or both. */
export function Dispute({ claim, words, onClose }: ActionProps) {
  const t = useTexts(texts);
  const format = useFormat();
  const { claimId } = claim;
  const { programme } = useProgramme(claim.policy);
  const lines = claim.lines.filter(({ phase, rejection }) => phase === 'rejected' && rejection?.isDisputable);
  const [chosen, choose] = useState(() => numbersOf(lines));
  const [statement, setStatement] = useState('');
  const rejectedAt = Math.min(...lines.map(({ since }) => Date.parse(since)));
  const current = claim.evidence.filter(({ supersededBy, erasedAt }) => supersededBy === null && erasedAt === null);
  const isNew = (uploadedAt: string | null) => uploadedAt !== null && Date.parse(uploadedAt) > rejectedAt;
  const [named, name] = useState<Record<string, boolean>>({});
  const isNamed = (id: string, uploadedAt: string | null) => named[id] ?? isNew(uploadedAt);
  const uploads = useUploads({ claimId, evidence: claim.evidence, rules: programme?.evidence, cover: coverOf(claim) });
  const until = claim.deadlines.find(({ clock }) => clock === 'dispute_window');
  const command = useCommand(
    claim,
    ({ key }) => {
      const evidenceIds = current
        .filter(({ evidenceId, uploadedAt }) => isNamed(evidenceId, uploadedAt))
        .map(({ evidenceId }) => evidenceId);
      return call(() =>
        disputesOpen({
          path: { claimId },
          headers: { 'Idempotency-Key': key },
          body: { lines: chosen, evidenceIds, ...(statement.trim() !== '' && { statement }) },
        }),
      );
    },
    onClose,
  );
  return (
    <CommandDialog
      title={t('disputeTitle')}
      meaning={[
        t('disputeWhat'),
        t('disputeOnce'),
        ...(until === undefined ? [] : [t('disputeUntil', { until: format.instant(until.dueAt, until.zone) })]),
        t('toldReviewers'),
      ]}
      button={t('disputeButton')}
      command={command}
      onClose={onClose}
    >
      <LineChoice lines={lines} chosen={chosen} onChoose={choose} words={words} error={command.errors['/lines']} />
      <TextArea
        name="/statement"
        label={t('statement')}
        hint={t('statementHint')}
        maxLength={10_000}
        value={statement}
        error={command.errors['/statement']}
        onChange={(event) => setStatement(event.target.value)}
      />
      {current.length > 0 && (
        <ChoiceGroup label={t('supporting')} hint={t('supportingHint')} error={command.errors['/evidenceIds']}>
          {current.map(({ evidenceId, fileName, uploadedAt }) => (
            <Checkbox
              key={evidenceId}
              name="/evidenceIds"
              label={`${fileName ?? evidenceId}${isNew(uploadedAt) ? ` (${t('new')})` : ''}`}
              checked={isNamed(evidenceId, uploadedAt)}
              onChange={(event) => name({ ...named, [evidenceId]: event.target.checked })}
            />
          ))}
        </ChoiceGroup>
      )}
      {programme !== undefined && claim.allowedActions.includes('addEvidence') && (
        <EvidenceUpload uploads={uploads} rules={programme.evidence} templates={programme.statementTemplates} showsUploaded={false} />
      )}
      {uploads.hasWork && <Banner tone="warning" title={t('uploadFirst')} />}
    </CommandDialog>
  );
}
