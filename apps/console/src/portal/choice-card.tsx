import { type FormEvent, useRef, useState } from 'react';
import { call } from '../api/index.js';
import { choicesChoose, type TenantChoice } from '../client/index.js';
import { Button, ChoiceGroup, Radio, TextArea } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { mailWords } from './mail-words.js';
import type { Tenant } from './portal-frame.js';
import { texts } from './texts.js';
import { type Receipt, useAnswer } from './use-answer.js';

/** The choice between partners that claim one product. It may be changed until the vendor has decided. */
export function ChoiceCard({ choice, tenant, onDone }: { choice: TenantChoice; tenant: Tenant; onDone: (receipt: Receipt) => void }) {
  const t = useTexts(texts);
  const mail = useTexts(mailWords);
  const format = useFormat();
  const form = useRef<HTMLFormElement>(null);
  const { choiceId, claimId, candidates, product, vendor, zone, chosen } = choice;
  const [selected, select] = useState<string | null>(chosen?.claimId ?? null);
  const [reason, setReason] = useState('');
  const [isNoneSelected, setNoneSelected] = useState(false);
  const answer = useAnswer(
    tenant.tenantId,
    (key) =>
      call(() =>
        choicesChoose({
          path: { claimId, choiceId },
          headers: { 'Idempotency-Key': key },
          body: { claimId: selected ?? '', ...(reason.trim() !== '' && { reason }) },
        }),
      ),
    onDone,
  );
  const nameOf = (id: string | undefined) => candidates.find((candidate) => candidate.claimId === id)?.legalName ?? '';
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setNoneSelected(selected === null);
    if (selected === null) form.current?.querySelector('input')?.focus();
    else if (!answer.isPending) void answer.run();
  };
  return (
    <li>
      <article className="card" aria-labelledby={`choice-${choiceId}`}>
        <h2 id={`choice-${choiceId}`}>{mail('choiceTitle', { product })}</h2>
        <p className="prose">
          {mail('choiceLead', { vendor: vendor.name, customer: tenant.name ?? tenant.tenantId, product })}{' '}
          {mail('choiceSilence', { vendor: vendor.name })}
        </p>
        {chosen && (
          <p>
            <strong>{t('choiceRecorded', { partner: nameOf(chosen.claimId), at: format.instant(chosen.receivedAt, zone) })}</strong>
          </p>
        )}
        <form ref={form} className="stack" onSubmit={submit} noValidate>
          <ErrorSummary problem={answer.problem} />
          <ChoiceGroup label={mail('choiceLegend')} error={isNoneSelected ? mail('choiceFault') : answer.errors['/claimId']}>
            {candidates.map((candidate) => (
              <Radio
                key={candidate.claimId}
                name={`choice-${choiceId}`}
                label={mail('partnerWithId', { partner: candidate.legalName, partnerId: candidate.partnerId })}
                hint={candidate.isHolder ? mail('isHolder') : undefined}
                checked={selected === candidate.claimId}
                onChange={() => select(candidate.claimId)}
              />
            ))}
          </ChoiceGroup>
          <TextArea
            name="/reason"
            label={mail('choiceReason')}
            hint={mail('reasonHint')}
            value={reason}
            error={answer.errors['/reason']}
            onChange={(event) => setReason(event.target.value)}
          />
          <p className="small muted prose">
            {mail('choiceAfterwards')} {mail('choiceFinality')}
          </p>
          <div className="big-buttons">
            <Button type="submit" kind="primary" isPending={answer.isPending}>
              {mail(chosen === null ? 'choose' : 'chooseAgain')}
            </Button>
          </div>
        </form>
      </article>
    </li>
  );
}
