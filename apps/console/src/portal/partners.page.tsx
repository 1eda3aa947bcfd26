import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/index.js';
import { type Association, associationsListOfTenant, blocksList } from '../client/index.js';
import { EmptyState, SelectField } from '../design/index.js';
import { LoadMore, Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useFilters, usePages } from '../lists/index.js';
import { BlocksSection } from './blocks-section.js';
import { PartnerCard } from './partner-card.js';
import { PortalFrame, type Tenant } from './portal-frame.js';
import { ReceiptBanner } from './receipt.js';
import { texts } from './texts.js';
import { portalKey, type Receipt } from './use-answer.js';
import { useTargetNames } from './use-target-names.js';

/** All partners of a customer, of today and before, and those that it has blocked (domain.md 8). */
export function Component() {
  const t = useTexts(texts);
  return <PortalFrame title={t('partnersTitle')}>{(tenant) => <Partners tenant={tenant} />}</PortalFrame>;
}

const states = ['live', 'ended', 'all'] as const;

function Partners({ tenant: { tenantId } }: { tenant: Tenant }) {
  const t = useTexts(texts);
  const filters = useFilters();
  const state = states.find((one) => one === filters.get('state')) ?? 'live';
  const pages = usePages<Association, { items: Association[]; next: string | null }>([...portalKey, 'associations', state], (cursor) =>
    call(() =>
      associationsListOfTenant({ path: { tenantId }, query: { ...(state !== 'all' && { state }), limit: 50, ...(cursor && { cursor }) } }),
    ),
  );
  const blocks = useQuery({ queryKey: [...portalKey, 'blocks'], queryFn: () => call(() => blocksList({ path: { tenantId } })) });
  const nameOf = useTargetNames(pages.items ?? []);
  const [done, setDone] = useState<{ receipt: Receipt; partner: string } | null>(null);
  const error = pages.error ?? blocks.error;
  if (error) return <ProblemNotice error={error} onRetry={() => void (pages.error ? pages.refetch() : blocks.refetch())} />;
  if (pages.items === undefined || blocks.data === undefined) return <Loading />;
  const isBlocked = (accountId: string) => blocks.data.items.some(({ partnerAccountId }) => partnerAccountId === accountId);
  const claims = [...Map.groupBy(pages.items, ({ claimId }) => claimId).values()];
  const finish = (receipt: Receipt, partner: string) => setDone({ receipt, partner });
  return (
    <>
      {done && <ReceiptBanner {...done} />}
      <search className="row">
        <SelectField
          name="state"
          label={t('state')}
          value={state}
          options={states.map((value) => ({ value, label: t(`state_${value}`) }))}
          onChange={(event) => filters.set({ state: event.target.value === 'live' ? '' : event.target.value })}
        />
      </search>
      {claims.length === 0 ? (
        <EmptyState title={t(state === 'ended' ? 'noFormer' : 'noPartners')}>
          <p>{t(state === 'ended' ? 'noFormerWhat' : 'noPartnersWhat')}</p>
        </EmptyState>
      ) : (
        <>
          <ul className="portal-cards">
            {claims.map((associations) => (
              <PartnerCard
                key={associations[0]!.claimId}
                associations={associations}
                tenantId={tenantId}
                isBlocked={isBlocked(associations[0]!.partnerAccountId)}
                nameOf={nameOf}
                onDone={finish}
              />
            ))}
          </ul>
          {pages.hasNextPage && <LoadMore pages={pages} />}
        </>
      )}
      <BlocksSection blocks={blocks.data.items} tenantId={tenantId} onDone={finish} />
    </>
  );
}
