import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { call } from '../api/index.js';
import { choicesList, pendingClaimsList } from '../client/index.js';
import { EmptyState } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useLanguage, useTexts } from '../i18n/index.js';
import { ChoiceCard } from './choice-card.js';
import { PendingClaimCard } from './pending-claim-card.js';
import { PortalFrame, type Tenant } from './portal-frame.js';
import { ReceiptBanner } from './receipt.js';
import { texts } from './texts.js';
import { portalKey, type Receipt } from './use-answer.js';

/** What a customer's administrator is asked (domain.md 8): claims to accept or refuse, and partners to choose between. */
export function Component() {
  const t = useTexts(texts);
  return <PortalFrame title={t('waitingTitle')}>{(tenant) => <Waiting tenant={tenant} />}</PortalFrame>;
}

const refetchInterval = 30_000;

function Waiting({ tenant }: { tenant: Tenant }) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const about = { path: { tenantId: tenant.tenantId }, query: { language } };
  const claims = useQuery({
    queryKey: [...portalKey, 'pending', language],
    queryFn: () => call(() => pendingClaimsList(about)),
    refetchInterval,
  });
  const choices = useQuery({
    queryKey: [...portalKey, 'choices', language],
    queryFn: () => call(() => choicesList(about)),
    refetchInterval,
  });
  const [done, setDone] = useState<{ receipt: Receipt; partner: string; zone: string } | null>(null);
  const error = claims.error ?? choices.error;
  if (error) return <ProblemNotice error={error} onRetry={() => void (claims.error ? claims : choices).refetch()} />;
  if (claims.data === undefined || choices.data === undefined) return <Loading />;
  const open = choices.data.items.filter(({ isOpen }) => isOpen);
  return (
    <>
      {done && <ReceiptBanner {...done} />}
      {claims.data.items.length + open.length === 0 ? (
        <EmptyState title={t('nothingWaits')}>
          <p>{t('nothingWaitsWhat')}</p>
          <p>
            <Link to="/portal/partners">{t('seePartners')}</Link>
          </p>
        </EmptyState>
      ) : (
        <ul className="portal-cards">
          {claims.data.items.map((claim) => (
            <PendingClaimCard
              key={`${claim.claimId} ${claim.requestedAt}`}
              claim={claim}
              tenantId={tenant.tenantId}
              onDone={(receipt) => setDone({ receipt, partner: claim.legalName, zone: claim.zone })}
            />
          ))}
          {open.map((choice) => (
            <ChoiceCard
              key={`${choice.choiceId} ${choice.chosen?.receivedAt}`}
              choice={choice}
              tenant={tenant}
              onDone={(receipt) => setDone({ receipt, partner: receipt.effects[0]?.partner.legalName ?? '', zone: choice.zone })}
            />
          ))}
        </ul>
      )}
    </>
  );
}
