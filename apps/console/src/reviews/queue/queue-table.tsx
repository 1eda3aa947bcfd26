import type { ReactNode } from 'react';
import { Link } from 'react-router';
import { useNow } from '../../claim/use-now.js';
import { useLabels } from '../../claims-list/use-labels.js';
import { PhaseBadge } from '../../claim-words/index.js';
import type { QueuedClaim } from '../../client/index.js';
import { Badge, type Tone } from '../../design/index.js';
import { useFormat, useTexts } from '../../i18n/index.js';
import type { ProgrammeWords } from '../../programme-labels/index.js';
import { useSession } from '../../session/index.js';
import { texts } from '../texts.js';
import { linkId } from './link-id.js';
import { queueBadges } from './queue-badges.js';

interface Props {
  claims: QueuedClaim[];
  current: string | null;
  onCurrent(claimId: string): void;
}

export function QueueTable({ claims, current, onCurrent }: Props) {
  const t = useTexts(texts);
  const now = useNow();
  const { codes: words } = useLabels();
  return (
    <div className="table-frame" role="region" aria-label={t('queueTitle')} tabIndex={0}>
      <table className="table queue">
        <thead>
          <tr>
            <th scope="col">{t('claim')}</th>
            <th scope="col">{t('due')}</th>
            <th scope="col">{t('customer')}</th>
            <th scope="col">{t('products')}</th>
            <th scope="col">{t('phase')}</th>
            <th scope="col">{t('task')}</th>
          </tr>
        </thead>
        <tbody>
          {claims.map((claim) => (
            <Row key={claim.claimId} claim={claim} words={words} isCurrent={claim.claimId === current} onCurrent={onCurrent}>
              <Due at={claim.reviewDueAt} now={now} zone={claim.zone} />
            </Row>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface RowProps {
  claim: QueuedClaim;
  words: ProgrammeWords;
  isCurrent: boolean;
  onCurrent(claimId: string): void;
  /** The clock. */
  children: ReactNode;
}

function Row({ claim, words, isCurrent, onCurrent, children }: RowProps) {
  const t = useTexts(texts);
  const format = useFormat();
  const { me } = useSession();
  const { claimId, number, name, customerName, domain, tenantId, partnerId, products, phase, tasks, reviewer } = claim;
  return (
    <tr data-current={isCurrent || undefined}>
      <th scope="row">
        <Link id={linkId(claimId)} to={`/reviews/${claimId}`} onFocus={() => onCurrent(claimId)}>
          {number}
        </Link>
        <div>{name}</div>
        {reviewer !== null && <div className="small muted">{reviewer === me.subject ? t('withYou') : t('withAnother', { reviewer })}</div>}
      </th>
      <td>{children}</td>
      <td>
        {customerName ?? domain ?? tenantId}
        <div className="small muted">{t('byPartner', { partnerId })}</div>
      </td>
      <td>{format.list(products.map((product) => words.product(product)))}</td>
      <td>
        <span className="row">
          <PhaseBadge phase={phase} />
          {queueBadges(claim).map(({ text, tone }) => (
            <Badge key={text} tone={tone}>
              {t(text)}
            </Badge>
          ))}
        </span>
      </td>
      <td>
        {tasks.map(({ for: what, lines }) => (
          <div key={`${what} ${lines.join()}`}>
            {taskTexts.has(what) ? t(`task_${what}` as 'task_review') : what}
            {lines.length < products.length && <span className="small muted"> {t('ofLines', { lines: lines.join(', ') })}</span>}
          </div>
        ))}
      </td>
    </tr>
  );
}

const taskTexts = new Set(['review', 'decision', 'hold', 'dispute_decision']);

/** How much of the clock is left, in words, and when it ends where the programme's calendar is. */
function Due({ at, now, zone }: { at: string; now: string; zone: string | null }) {
  const format = useFormat();
  const leftMs = Date.parse(at) - Date.parse(now);
  return (
    <>
      <span className="due" data-tone={dueTone(leftMs)}>
        {format.distance(at, now)}
      </span>
      <div className="small muted">{format.instant(at, zone ?? undefined)}</div>
    </>
  );
}

const soonMs = 24 * 3_600_000;
const dueTone = (leftMs: number): Tone => (leftMs < 0 ? 'danger' : leftMs < soonMs ? 'warning' : 'neutral');
