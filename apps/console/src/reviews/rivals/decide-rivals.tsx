import { useState } from 'react';
import { call } from '../../api/index.js';
import { CommandDialog } from '../../claim-actions/command-dialog.js';
import { useCommand } from '../../claim-actions/use-command.js';
import { type Claim, type Rivalry, rivalsDecide } from '../../client/index.js';
import { TextArea } from '../../design/index.js';
import { type Formatters, useFormat, useTexts } from '../../i18n/index.js';
import { texts } from '../texts.js';
import { evidenceDate, type StepResult } from './order.js';

interface Props {
  claim: Claim;
  rivalry: Rivalry;
  steps: StepResult[];
  deciding: Pick<Rivalry['order'], 'winner' | 'step'>;
  disregarded: string[];
  candidates: Rivalry['candidates'];
  onClose(): void;
}

/** Decides between the candidates. The record's text is written from the order; the reviewer adds what the order does not say. */
export function DecideRivals({ claim, rivalry, steps, deciding, disregarded, candidates, onClose }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const { claimId } = claim;
  const { winner, step } = deciding;
  const [comment, setComment] = useState(() => recordText({ rivalry, steps, disregarded }, t, format));
  const winnerName = candidates.find((one) => one.claimId === winner)?.legalName ?? winner;
  const command = useCommand(
    claim,
    ({ seen, key }) =>
      call(() =>
        rivalsDecide({
          path: { claimId },
          headers: { 'If-Match': seen, 'Idempotency-Key': key },
          body: { line: rivalry.line, winner, step, comment, ...(disregarded.length > 0 && { disregardedEvidence: disregarded }) },
        }),
      ),
    onClose,
  );
  return (
    <CommandDialog
      title={t('decideTitle', { partner: winnerName })}
      meaning={[t('decideBy', { step: t(`step_${step}`) }), t('decideLosers'), t('decideNext')]}
      button={t('decideButton')}
      isFinal
      command={command}
      onClose={onClose}
    >
      <TextArea
        name="/comment"
        label={t('record')}
        hint={t('recordHint')}
        rows={10}
        maxLength={10_000}
        value={comment}
        error={command.errors['/comment'] ?? command.errors['/winner'] ?? command.errors['/step']}
        onChange={(event) => setComment(event.target.value)}
      />
    </CommandDialog>
  );
}

type Translate = ReturnType<typeof useTexts<keyof (typeof texts)['en']>>;

/** The record in words: the candidates with their dates, then each step up to the one that decides. */
function recordText(
  { rivalry: { candidates, line, choice }, steps, disregarded }: Pick<Props, 'rivalry' | 'steps' | 'disregarded'>,
  t: Translate,
  format: Formatters,
): string {
  const nameOf = (claimId: string) => candidates.find((one) => one.claimId === claimId)?.legalName ?? claimId;
  const facts = candidates.map((candidate) => {
    const on = evidenceDate(candidate, disregarded);
    return t('recordCandidate', {
      partner: candidate.legalName,
      number: candidate.number,
      isHolder: String(candidate.isHolder),
      isChosen: String(choice?.claimId === candidate.claimId),
      evidence: on === null ? t('none') : format.date(on),
      submitted: format.instant(candidate.submittedAt),
    });
  });
  const left = candidates
    .flatMap(({ evidence }) => evidence)
    .filter(({ evidenceId }) => disregarded.includes(evidenceId))
    .map(({ fileName, evidenceId }) => t('recordDisregarded', { file: fileName ?? evidenceId }));
  const said = steps
    .filter(({ isReached }) => isReached)
    .map(({ step, winner }) => `– ${t(`step_${step}`)}: ${winner === null ? t('saysNothing') : t('says', { partner: nameOf(winner) })}`);
  return [t('recordLine', { line }), ...facts, ...left, ...said].join('\n');
}
