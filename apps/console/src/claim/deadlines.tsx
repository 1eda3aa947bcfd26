import { claimTexts } from '../claim-words/index.js';
import type { Claim, Deadline, ExplainedDeadline } from '../client/index.js';
import { Badge, Banner } from '../design/index.js';
import { Loading } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { type ClockDay, clockDays } from './deadline-days.js';
import { texts } from './texts.js';
import { useDeadlines } from './use-deadlines.js';

/** The claim's running clocks, each with how its end was counted. */
export function Deadlines({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const { data } = useDeadlines(claim.claimId);
  if (claim.deadlines.length === 0) return null;
  const explanationOf = ({ clock, lines }: Deadline) => data?.items.find((one) => one.clock === clock && one.lines.join() === lines.join());
  return (
    <section className="stack-tight" aria-labelledby="deadlines">
      <h2 id="deadlines">{t('deadlines')}</h2>
      {bySoonest(claim.deadlines).map((deadline) => (
        <DeadlineCard
          key={`${deadline.clock} ${deadline.lines.join()}`}
          deadline={deadline}
          explained={explanationOf(deadline)}
          isOfAll={[0, claim.lines.length].includes(deadline.lines.length)}
        />
      ))}
    </section>
  );
}

const bySoonest = (deadlines: Deadline[]): Deadline[] => deadlines.toSorted((a, b) => Date.parse(a.dueAt) - Date.parse(b.dueAt));

interface Props {
  deadline: Deadline;
  /** Undefined while it is read. */
  explained: ExplainedDeadline | undefined;
  /** It concerns every line, or none: that for a signature is of the claim. */
  isOfAll: boolean;
}

function DeadlineCard({ deadline, explained, isOfAll }: Props) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  const format = useFormat();
  const { clock, dueAt, zone, lines, isBreached, isBeyondCoverage } = deadline;
  return (
    <article className="card deadline">
      <div className="row-between">
        <h3>{clock in claimTexts.en ? words(clock) : clock}</h3>
        {isBreached && <Badge tone="danger">{words('overdue')}</Badge>}
      </div>
      <p>
        <strong>{format.instant(dueAt, zone)}</strong>
        <br />
        <span className="small muted">{t('hereAt', { at: format.instant(dueAt) })}</span>
      </p>
      {!isOfAll && <p className="small">{t('ofLines', { count: lines.length, lines: lines.join(', ') })}</p>}
      {isBeyondCoverage && (
        <Banner tone="warning" title={t('beyondCoverage')}>
          <p className="small">{t('beyondCoverageWhat')}</p>
        </Banner>
      )}
      <details>
        <summary>{t('howCounted')}</summary>
        {explained === undefined ? <Loading /> : <Counted deadline={explained} />}
      </details>
    </article>
  );
}

function Counted({ deadline }: { deadline: ExplainedDeadline }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { startedAt, zone, zoneData, countedDays, unit, extensions } = deadline;
  const days = clockDays(deadline);
  return (
    <div className="stack-tight small">
      <p>{t('startedAt', { at: format.instant(startedAt, zone) })}</p>
      {days.length === 0 ? (
        <p>{t(unit === 'second' ? 'seconds' : 'calendarDays')}</p>
      ) : (
        <>
          <p>{t('businessDays', { count: countedDays.length })}</p>
          <ol className="days">
            {days.map((day) => (
              <li key={day.on} data-kind={day.kind}>
                <span className="nowrap">{format.date(day.on)}</span> <span className="muted">{dayText(day, t)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {extensions.map(({ at, from, to }) => (
        <p key={at}>{t('extended', { at: format.instant(at), from: format.instant(from, zone), to: format.instant(to, zone) })}</p>
      ))}
      <p className="muted">{t('countedWith', { calendar: deadline.calendar, zone, zoneData })}</p>
      <p className="muted">{t('neverMoves')}</p>
    </div>
  );
}

type Translate = ReturnType<typeof useTexts<keyof (typeof texts)['en']>>;

const dayText = ({ kind, name }: ClockDay, t: Translate): string => (name === null ? t(`day_${kind}`) : `${t(`day_${kind}`)}: ${name}`);
