import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Navigate, useParams, useSearchParams } from 'react-router';
import { call } from '../api/index.js';
import { type Claim, claimsGet, type Me, programmesList } from '../client/index.js';
import { EmptyState, LinkButton } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { type ClaimForm, copyOf, emptyForm, formOf } from './claim-form.js';
import { ClaimSteps } from './claim-steps.js';
import { draftOfTab } from './draft-of-tab.js';
import { texts } from './texts.js';

/** A new claim, a copy of an earlier one (`?from=`), or a draft that is gone on with. */
export function Component() {
  const { claimId } = useParams();
  // The key keeps the input of one claim from another's form when the address changes.
  return <ClaimFormPage key={claimId ?? 'new'} claimId={claimId} />;
}

function ClaimFormPage({ claimId }: { claimId: string | undefined }) {
  const t = useTexts(texts);
  const [params] = useSearchParams();
  const session = useSession();
  const { me } = session;
  const from = params.get('from');
  // Only when the page opens: the draft that this form becomes has its own address.
  const [saved] = useState(() => draftOfTab(params.get('draft')));
  const wanted = claimId ?? from ?? undefined;
  const claim = useQuery({
    queryKey: ['claim', wanted],
    queryFn: () => call(() => claimsGet({ path: { claimId: wanted! } })),
    enabled: wanted !== undefined,
  });
  const programmes = useQuery({ queryKey: ['programmes'], queryFn: () => call(() => programmesList()), staleTime: 300_000 });

  if (claimId === undefined && saved !== null)
    return <Navigate replace to={`/claims/${saved}/edit?step=${params.get('step') ?? 'customer'}`} />;
  if (!session.can(claimId === undefined ? 'claims.create' : 'claims.edit') || me.partner === null) {
    return (
      <>
        <h1>{t('newTitle')}</h1>
        <EmptyState title={t('noPermissionTitle')}>
          <p>{t('noPermissionWhat')}</p>
        </EmptyState>
      </>
    );
  }
  const error = claim.error ?? programmes.error;
  if (error) {
    const retry = () => void Promise.all([claim.isError && claim.refetch(), programmes.isError && programmes.refetch()]);
    return (
      <>
        <h1>{t('newTitle')}</h1>
        <ProblemNotice error={error} onRetry={retry} />
      </>
    );
  }
  if (programmes.data === undefined || (wanted !== undefined && claim.data === undefined)) return <Loading />;
  if (claimId !== undefined && claim.data !== undefined && !isEditable(claim.data)) {
    return (
      <>
        <h1>{t('editTitle', { number: claim.data.number })}</h1>
        <EmptyState title={t('closedTitle')}>
          <p>{t('closedWhat')}</p>
          <LinkButton to={`/claims/${claimId}`}>{t('openClaim')}</LinkButton>
        </EmptyState>
      </>
    );
  }
  const names = programmes.data.items.map(({ name }) => name);
  const edited = claimId === undefined ? undefined : claim.data;
  const copied = edited === undefined ? claim.data : undefined;
  const fresh = { ...emptyForm, programme: names[0] ?? '', partner: { ...emptyForm.partner, name: me.name ?? '' } };
  const begun = { ...(copied === undefined ? fresh : copyOf(copied)), ...inAddress(params) };
  const initial = edited === undefined ? { ...begun, partnerId: ownLocation(begun.partnerId, me.partner) } : formOf(edited);
  // The key keeps the input of one claim from another's form when the address changes.
  return <ClaimSteps key={claimId ?? 'new'} claim={edited} copied={copied} initial={initial} partner={me.partner} programmes={names} />;
}

/** What the address states of a claim that is not saved yet. Other pages link here with the customer filled in. */
const inAddress = (params: URLSearchParams): Partial<ClaimForm> =>
  Object.fromEntries(
    ['programme', 'partnerId', 'tenantId', 'domain'].flatMap((field) => {
      const value = params.get(field);
      return value === null ? [] : [[field, value]];
    }),
  );

function ownLocation(partnerId: string, { locations, isComplete }: NonNullable<Me['partner']>): string {
  const isOwn = locations.some((location) => location.partnerId === partnerId);
  return isOwn || (!isComplete && partnerId !== '') ? partnerId : (locations[0]?.partnerId ?? '');
}

/** What was submitted is changed elsewhere: other rules say which of its fields. */
const isEditable = ({ phase, allowedActions }: Claim): boolean => phase === 'draft' && allowedActions.includes('editClaim');
