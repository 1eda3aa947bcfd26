import { useState } from 'react';
import { Link } from 'react-router';
import { claimTexts } from '../claim-words/index.js';
import type { AssociationEvent, ClaimChangeEvent, FeedEvent } from '../client/index.js';
import { Badge, Button, Checkbox, EmptyState, LinkButton, SelectField, type Tone } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useFilters } from '../lists/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';
import { eventTypes, eventTypeTexts } from './type-texts.js';
import { useFeed } from './use-feed.js';

const tones: Partial<Record<FeedEvent['type'], Tone>> = {
  'association.official': 'success',
  'association.eligibility_changed': 'warning',
};

/** The event feed as integrators read it. */
export function Component() {
  const filters = useFilters();
  // Another place or another choice of types is another reading.
  return <Events key={`${filters.get('after')} ${filters.get('types')}`} />;
}

function Events() {
  const t = useTexts(texts);
  const typeName = useTexts(eventTypeTexts);
  const filters = useFilters();
  const [isFollowing, setFollowing] = useState(true);
  const after = filters.get('after');
  const chosen = eventTypes.filter((type) => type === filters.get('types'));
  const feed = useFeed(after, chosen, isFollowing);
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="muted">{t('what')}</p>
      <details>
        <summary>{t('howTitle')}</summary>
        <p>{t('how')}</p>
      </details>
      <search className="row">
        <SelectField
          name="types"
          label={t('type')}
          emptyLabel={t('anyType')}
          options={eventTypes.map((value) => ({ value, label: typeName(value) }))}
          value={filters.get('types')}
          onChange={({ target }) => filters.set({ types: target.value })}
        />
        {after !== '' && <Button onClick={() => filters.set({ after: '' })}>{t('fromBeginning')}</Button>}
      </search>
      <div className="row">
        <Checkbox name="follow" label={t('follow')} checked={isFollowing} onChange={({ target }) => setFollowing(target.checked)} />
        <span role="status" className="small muted">
          {feed.next === undefined
            ? ''
            : feed.hasMore
              ? t('moreWaits', { count: feed.items.length })
              : t('atEnd', { count: feed.items.length })}
        </span>
      </div>
      {feed.error !== null && <ProblemNotice error={feed.error} onRetry={feed.more} />}
      {feed.next === undefined && feed.error === null && <Loading />}
      {feed.next !== undefined && feed.items.length === 0 && (
        <EmptyState title={t(after === '' ? 'noneTitle' : 'noneSinceTitle')}>
          <p>{t('noneWhat')}</p>
        </EmptyState>
      )}
      {feed.items.length > 0 && <EventsTable events={feed.items} />}
      {feed.hasMore && feed.next !== undefined && (
        <div className="row">
          <Button isPending={feed.isReading} onClick={feed.more}>
            {t('more')}
          </Button>
          <Button isPending={feed.isReading} onClick={() => void feed.toEnd()}>
            {t('toEnd')}
          </Button>
        </div>
      )}
    </>
  );
}

function EventsTable({ events }: { events: FeedEvent[] }) {
  const t = useTexts(texts);
  const typeName = useTexts(eventTypeTexts);
  const word = useTexts(claimTexts);
  const format = useFormat();
  const { can } = useSession();
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('type')}</th>
            <th scope="col">{t('at')}</th>
            <th scope="col">{t('claim')}</th>
            <th scope="col">{t('target')}</th>
            <th scope="col">{t('partner')}</th>
            <th scope="col">{t('about')}</th>
            <th scope="col">
              <span className="visually-hidden">{t('actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {events.map((event) => (
            <tr key={event.eventId}>
              <th scope="row" className="nowrap">
                <Badge tone={tones[event.type] ?? 'neutral'}>{event.type in eventTypeTexts.en ? typeName(event.type) : event.type}</Badge>
              </th>
              <td className="nowrap">{format.instant(event.at)}</td>
              <td className="nowrap">
                {can('claims.read') ? <Link to={`/claims/${event.claimId}`}>{event.claimNumber}</Link> : event.claimNumber}
              </td>
              <td>
                <code>{'target' in event ? event.target : event.tenantId}</code>
              </td>
              <td>
                {event.partnerId} <div className="small muted">{event.partnerAccountId}</div>
              </td>
              <td>{'target' in event ? aboutAssociation(event) : aboutChange(event)}</td>
              <td>
                <LinkButton
                  kind="quiet"
                  to={`?after=${encodeURIComponent(event.cursor)}`}
                  aria-label={t('fromHereOf', { claim: event.claimNumber })}
                >
                  {t('fromHere')}
                </LinkButton>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );

  function aboutAssociation({ activities, endReason, isIncentivised, isOptedOutOfIncentives, isEligible }: AssociationEvent): string {
    return [
      activities.map((code) => (code in texts.en ? t(code as 'presales') : code)).join(', '),
      ...(endReason === null ? [] : [endReason in texts.en ? t(endReason) : endReason]),
      ...(isIncentivised ? [t('incentivised')] : []),
      ...(isOptedOutOfIncentives ? [t('optedOut')] : []),
      ...(isEligible ? [] : [t('notEligible')]),
    ].join('; ');
  }

  function aboutChange({ phase, lines, reasons, deadlines }: ClaimChangeEvent): string {
    return [
      ...(phase === null ? [] : [word(phase)]),
      ...(lines.length === 0 ? [] : [t('linesOf', { lines: lines.join(', ') })]),
      ...reasons,
      ...deadlines.map(({ clock, dueAt }) => t('until', { clock: word(clock), instant: format.instant(dueAt) })),
    ].join('; ');
  }
}
