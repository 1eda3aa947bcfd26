import { useState } from 'react';
import { PhaseBadge } from '../../claim-words/index.js';
import type { Claim, Rivalry } from '../../client/index.js';
import { Badge, Button, Checkbox } from '../../design/index.js';
import { useFormat, useTexts } from '../../i18n/index.js';
import type { ProgrammeWords } from '../../programme-labels/index.js';
import { texts } from '../texts.js';
import { AskCustomer } from './ask-customer.js';
import { DecideRivals } from './decide-rivals.js';
import { decidingStep, evidenceDate, orderOf, type StepResult } from './order.js';

interface Props {
  claim: Claim;
  rivalry: Rivalry;
  words: ProgrammeWords;
}

/** One contested target: its candidates in columns, what each step of the order says, and what the reviewer can do. */
export function RivalryCard({ claim, rivalry, words }: Props) {
  const t = useTexts(texts);
  const [disregarded, disregard] = useState<string[]>([]);
  const [isAsking, setAsking] = useState(false);
  const [isDeciding, setDeciding] = useState(false);
  const { line, target, candidates } = rivalry;
  const product = claim.lines.find((one) => one.line === line)?.product ?? target;
  const steps = orderOf(rivalry, disregarded);
  const allows = (action: string) => claim.allowedActions.includes(action);
  const heading = `rivalry-${line}`;
  return (
    <section className="stack" aria-labelledby={heading}>
      <h2 id={heading}>{t('rivalryTitle', { line, product: words.product(product) })}</h2>
      <div className="table-frame" role="region" aria-label={t('candidates', { line })} tabIndex={0}>
        <CandidateTable claim={claim} rivalry={rivalry} disregarded={disregarded} onDisregard={disregard} />
      </div>
      <Order steps={steps} rivalry={rivalry} />
      <div className="row">
        {allows('askCustomerToChoose') && <Button onClick={() => setAsking(true)}>{t('askCustomer')}</Button>}
        {allows('decideRivals') && (
          <Button kind="primary" onClick={() => setDeciding(true)}>
            {t('decideRivals')}
          </Button>
        )}
        {!allows('decideRivals') && <p className="muted">{t('notDecidable')}</p>}
      </div>
      {isAsking && <AskCustomer claim={claim} line={line} onClose={() => setAsking(false)} />}
      {isDeciding && (
        <DecideRivals
          claim={claim}
          rivalry={rivalry}
          steps={steps}
          deciding={decidingStep(steps)}
          disregarded={disregarded}
          candidates={candidates}
          onClose={() => setDeciding(false)}
        />
      )}
    </section>
  );
}

interface TableProps {
  claim: Claim;
  rivalry: Rivalry;
  disregarded: string[];
  onDisregard(evidenceIds: string[]): void;
}

function CandidateTable({ claim, rivalry: { candidates, choice }, disregarded, onDisregard }: TableProps) {
  const t = useTexts(texts);
  const format = useFormat();
  type Candidate = Rivalry['candidates'][number];
  const toggle = (id: string) => onDisregard(disregarded.includes(id) ? disregarded.filter((other) => other !== id) : [...disregarded, id]);
  const rows: [string, (candidate: Candidate) => React.ReactNode][] = [
    [t('claim'), ({ number, claimId }) => (claimId === claim.claimId ? t('thisClaim', { number }) : number)],
    [t('partner'), ({ legalName, partnerId }) => `${legalName} · ${partnerId}`],
    [t('phase'), ({ phase }) => <PhaseBadge phase={phase} />],
    [t('role'), ({ isHolder }) => (isHolder ? <Badge tone="info">{t('roleHolder')}</Badge> : t('roleClaimant'))],
    [t('chosenBy'), ({ claimId }) => (choice?.claimId === claimId ? t('chosenAt', { at: format.instant(choice.chosenAt) }) : t('none'))],
    [
      t('newestEvidence'),
      (candidate) => {
        const on = evidenceDate(candidate, disregarded);
        return on === null ? t('none') : format.date(on);
      },
    ],
    [
      t('evidence'),
      ({ evidence, claimId }) => (
        <ul className="plain stack-tight">
          {evidence.map(({ evidenceId, fileName, signedOn }) => (
            <li key={evidenceId}>
              {fileName === null ? (
                t('erasedFile')
              ) : (
                <a href={`/v1/claims/${claimId}/evidence/${evidenceId}/content`} download={fileName}>
                  {fileName}
                </a>
              )}
              <div className="small muted">{signedOn === null ? t('unsigned') : t('signedOn', { day: format.date(signedOn) })}</div>
              {signedOn !== null && (
                <Checkbox
                  name={`disregard-${evidenceId}`}
                  label={<span className="small">{t('disregard')}</span>}
                  checked={disregarded.includes(evidenceId)}
                  onChange={() => toggle(evidenceId)}
                />
              )}
            </li>
          ))}
        </ul>
      ),
    ],
    [t('hearing'), ({ hearing }) => hearing && t(hearing.isOver ? 'hearingOver' : 'hearingUntil', { at: format.instant(hearing.dueAt) })],
    [t('submittedAt'), ({ submittedAt }) => format.instant(submittedAt)],
  ];
  return (
    <table className="table candidates">
      <thead>
        <tr>
          <th scope="col">{t('what')}</th>
          {candidates.map(({ claimId, legalName }) => (
            <th key={claimId} scope="col">
              {legalName}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows
          .filter(([name]) => name !== t('hearing') || candidates.some(({ hearing }) => hearing !== null))
          .map(([name, cell]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              {candidates.map((candidate) => (
                <td key={candidate.claimId}>{cell(candidate)}</td>
              ))}
            </tr>
          ))}
      </tbody>
    </table>
  );
}

const letters = ['a', 'b', 'c', 'd'];

function Order({ steps, rivalry: { candidates } }: { steps: StepResult[]; rivalry: Rivalry }) {
  const t = useTexts(texts);
  const deciding = decidingStep(steps).step;
  const nameOf = (claimId: string) => candidates.find((one) => one.claimId === claimId)?.legalName ?? claimId;
  return (
    <section className="stack-tight">
      <h3>{t('order')}</h3>
      <ol className="order">
        {steps.map(({ step, winner, isReached }, index) => (
          <li key={step} data-decides={step === deciding || undefined}>
            <span>
              ({letters[index]}) {t(`step_${step}`)}:
            </span>{' '}
            {!isReached ? (
              <span className="muted">{t('notReached')}</span>
            ) : winner === null ? (
              t('saysNothing')
            ) : (
              <strong>{t('says', { partner: nameOf(winner) })}</strong>
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}
