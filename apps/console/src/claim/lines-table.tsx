import { PhaseBadge } from '../claim-words/index.js';
import type { Claim, ClaimLine } from '../client/index.js';
import { Badge } from '../design/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { reasonOf } from './standing.js';
import { texts } from './texts.js';

/** The claim's lines, each with its own outcome. */
export function LinesTable({ claim, words }: { claim: Claim; words: ProgrammeWords }) {
  const t = useTexts(texts);
  return (
    <section className="stack-tight">
      <h2 id="lines">{t('lines')}</h2>
      <div className="table-frame" tabIndex={0} role="region" aria-labelledby="lines">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('product')}</th>
              <th scope="col">{t('activities')}</th>
              <th scope="col">{t('outcome')}</th>
            </tr>
          </thead>
          <tbody>
            {claim.lines.map((line) => (
              <tr key={line.line}>
                <th scope="row">
                  <span className="muted small">{line.line}.</span> {words.product(line.product)}
                  {line.subscriptionId !== null && <div className="small mono">{line.subscriptionId}</div>}
                </th>
                <td>{line.activities.map((activity) => words.activity(activity, claim.area)).join(', ')}</td>
                <td>
                  <Outcome line={line} words={words} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Outcome({ line, words }: { line: ClaimLine; words: ProgrammeWords }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { language } = useLanguage();
  const { phase, since, rejection, association, competition, holds } = line;
  return (
    <div className="stack-tight">
      <div className="row">
        <PhaseBadge phase={phase} />
        <span className="small muted">{t('since', { day: format.day(since) })}</span>
      </div>
      {rejection !== null && (
        <p className="small">
          {t('rejectedBecause', { reason: reasonOf(line, { language, words }) })}{' '}
          {t(rejection.isDisputable ? 'disputable' : 'notDisputable')}
        </p>
      )}
      {holds.map(({ code, message }) => (
        <p key={code} className="small">
          <Badge tone="warning">{t('hold')}</Badge> {message}
        </p>
      ))}
      {association !== null && <AssociationFacts association={association} reason={reasonOf(line, { language, words })} />}
      {competition !== null && <CompetitionFacts competition={competition} />}
    </div>
  );
}

function AssociationFacts({ association, reason }: { association: NonNullable<ClaimLine['association']>; reason: string }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { from, to, partnerId, isEligible, endsOn, earlier } = association;
  return (
    <>
      <p className="small">
        {to === null
          ? t('associated', { from: format.instant(from), partnerId })
          : t('associationEnded', { from: format.instant(from), to: format.instant(to), reason })}
        {to === null && endsOn !== null && ` ${t('endsOn', { day: format.date(endsOn) })}`}
      </p>
      {!isEligible && to === null && (
        <p className="small">
          <Badge tone="warning">{t('notEligible')}</Badge> {t('notEligibleWhat')}
        </p>
      )}
      {earlier.map((one) => (
        <p key={one.associationId} className="small muted">
          {t('earlier', { partnerId: one.partnerId, from: format.day(one.from), to: format.day(one.to) })}
        </p>
      ))}
    </>
  );
}

function CompetitionFacts({ competition: { isCompeting, hearing, decision } }: { competition: NonNullable<ClaimLine['competition']> }) {
  const t = useTexts(texts);
  const format = useFormat();
  return (
    <>
      {isCompeting && (
        <p className="small">
          <Badge tone="warning">{t('competing')}</Badge> {t('competingWhat')}
        </p>
      )}
      {hearing !== null && (
        <p className="small">{t(hearing.isOver ? 'hearingOver' : 'hearing', { until: format.instant(hearing.dueAt) })}</p>
      )}
      {decision !== null && (
        <p className="small">
          {t(decision.isWinner ? 'won' : 'lost')} {t('decidedBy', { step: t(decision.step) })}
        </p>
      )}
    </>
  );
}
