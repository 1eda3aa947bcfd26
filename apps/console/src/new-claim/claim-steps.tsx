import { useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { isProblem, newKey } from '../api/index.js';
import type { Claim, Me } from '../client/index.js';
import { Banner, Button, LinkButton } from '../design/index.js';
import { useUploads } from '../evidence-upload/index.js';
import { ErrorSummary, LeaveGuard, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useProgramme } from '../programme-labels/index.js';
import type { ClaimForm } from './claim-form.js';
import { ConflictNotice } from './conflict-notice.js';
import { rememberDraft } from './draft-of-tab.js';
import { focusField } from './focus-field.js';
import './new-claim.css';
import { CheckStep } from './step-check.js';
import { ContactsStep } from './step-contacts.js';
import { CustomerStep } from './step-customer.js';
import { EvidenceStep } from './step-evidence.js';
import { TargetsStep } from './step-targets.js';
import { isStep, nextStep, previousStep, type Step, stepOfPointer, steps } from './steps.js';
import { texts } from './texts.js';
import { type ClaimFormState, useClaimForm } from './use-claim-form.js';
import { eligibilityOptions, problemOf, tenantProblem, withPointers } from './use-eligibility.js';

interface Props {
  /** The saved claim; undefined before the first save. */
  claim: Claim | undefined;
  copied: Claim | undefined;
  initial: ClaimForm;
  partner: NonNullable<Me['partner']>;
  programmes: string[];
}

/** The guided form. "Continue" saves: as a draft as soon as something is claimed, before that in the address. */
export function ClaimSteps({ claim, copied, initial, partner, programmes }: Props) {
  const t = useTexts(texts);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [params] = useSearchParams();
  const state = useClaimForm(claim, initial);
  const { form, saved } = state;
  const step = reachable(params.get('step'), state);
  const { programme, error: programmeError } = useProgramme(form.programme || undefined);
  const [isWorking, setWorking] = useState(false);
  const [wantedField, setWantedField] = useState<string | null>(null);
  const [formKey] = useState(() => params.get('draft') ?? newKey());
  const uploads = useUploads({
    claimId: saved?.claimId ?? '',
    evidence: saved?.evidence ?? [],
    rules: programme?.evidence,
    cover: {
      coverTenantId: form.tenantId,
      ...(form.domain !== '' && { coverDomain: form.domain }),
      coverProducts: form.lines.map(({ product }) => product).join(','),
      coverActivities: [...new Set(form.lines.flatMap(({ activities }) => activities))].join(','),
    },
  });
  const heading = useRef<HTMLHeadingElement>(null);
  const shownStep = useRef(step);
  const isRefusal = useRef(false);
  useEffect(() => {
    if (wantedField === null) window.scrollTo(0, 0);
    // After a refusal the summary has the focus.
    if (shownStep.current !== step && wantedField === null && !isRefusal.current) heading.current?.focus({ preventScroll: true });
    isRefusal.current = false;
    shownStep.current = step;
    if (wantedField !== null && focusField(wantedField)) setWantedField(null);
  }, [step, wantedField]);

  const addressOf = (to: Step, claimId = saved?.claimId): string => {
    if (claimId !== undefined) return `/claims/${claimId}/edit?step=${to}`;
    const { programme: name, partnerId, tenantId, domain } = form;
    const known = Object.entries({ programme: name, partnerId, tenantId, domain, from: params.get('from') ?? '' });
    return `/claims/new?${new URLSearchParams([['step', to], ['draft', formKey], ...known.filter(([, value]) => value !== '')])}`;
  };
  const go = (to: Step, claimId?: string) => void navigate(addressOf(to, claimId), { replace: to === step });

  /** Opens the step of the first refused field, unless this step has one. */
  function openRefused(problem: { body: { errors?: { pointer?: string }[] } }): void {
    const refused = (problem.body.errors ?? []).flatMap(({ pointer }) => stepOfPointer(pointer ?? '') ?? []);
    if (refused[0] === undefined || refused.includes(step)) return;
    isRefusal.current = true;
    go(refused[0]);
  }

  /** Before anything is claimed there is nothing that could be saved: the customer is checked, and kept in the address. */
  async function checkCustomer(): Promise<void> {
    if (form.tenantId.trim() === '' && form.domain.trim() === '') {
      const errors = [{ field: 'tenantId', pointer: '/tenantId', code: 'required', message: t('tenantOrDomain') }];
      state.refuse(problemOf(t('tenantOrDomain'), errors));
      return;
    }
    try {
      const eligibility = await client.fetchQuery(eligibilityOptions(form));
      const problem = tenantProblem(eligibility, t('newTitle'));
      if (problem !== null) return state.refuse(problem);
      state.accept({ tenantId: eligibility.tenantId });
      const { tenantId } = eligibility;
      void navigate(addressOf('targets').replace(/&tenantId=[^&]*|$/, `&tenantId=${tenantId}`));
    } catch (error) {
      // The directory is down; a claim can be made all the same, and is checked later.
      if (isProblem(error, 'service_unavailable') && form.tenantId.trim() !== '') return go('targets');
      state.refuse(withPointers(error));
    }
  }

  /** Saves; false if it was refused. The first save changes the address to the draft's. */
  async function save(to: Step): Promise<boolean> {
    const answer = await state.save();
    if (answer === null) return false;
    if (isProblem(answer)) {
      openRefused(answer);
      return false;
    }
    if (saved === undefined) {
      rememberDraft(formKey, answer.claimId);
      // The entry before this one leads to the new form, which then goes on with the draft.
      void navigate(addressOf(to, answer.claimId));
    }
    return true;
  }

  async function goOn(): Promise<void> {
    if (saved === undefined && form.lines.length === 0 && step === 'customer') return checkCustomer();
    if (step === 'evidence' && !(await upload())) return;
    const to = nextStep(step);
    if ((await save(to)) && saved !== undefined) go(to);
  }

  /** Files that cannot be uploaded must not be overlooked: the person takes them away. */
  async function upload(): Promise<boolean> {
    const isDone = await uploads.send();
    if (uploads.queue.some(({ fault }) => fault !== null)) {
      state.refuse(problemOf(t('removeRefused'), [{ pointer: '/evidence', code: 'evidence_type', message: t('removeRefused') }]));
    }
    return isDone;
  }

  async function finish(): Promise<void> {
    // Files that were chosen belong to what is submitted.
    if (uploads.hasWork) return go('evidence');
    const answer = await state.submit();
    if (answer === null) return;
    if (isProblem(answer)) return openRefused(answer);
    await client.invalidateQueries({ queryKey: ['claim', answer.claimId] });
    void navigate(`/claims/${answer.claimId}`, { state: { flash: t('submitted', { number: answer.number }) } });
  }

  async function leave(): Promise<void> {
    if (step === 'evidence' && !(await upload())) return;
    const answer = await state.save();
    if (answer === null) return;
    if (isProblem(answer)) return openRefused(answer);
    void navigate(`/claims/${answer.claimId}`, { state: { flash: t('savedDraft', { number: answer.number }) } });
  }

  const working = (work: () => Promise<void>) => () => {
    if (isWorking) return;
    setWorking(true);
    void work().finally(() => setWorking(false));
  };

  const back = previousStep(step);
  const stepProps = { state, programme };
  const isBusy = isWorking || state.isSaving || uploads.isSending;
  return (
    <>
      <h1>{saved === undefined ? t('newTitle') : t('editTitle', { number: saved.number })}</h1>
      {copied !== undefined && saved === undefined && <Banner title={t('copyOf', { number: copied.number })} />}
      <nav aria-label={t('steps')}>
        <ol className="steps">
          {steps.map((each, index) => (
            <li key={each} aria-current={each === step ? 'step' : undefined}>
              <StepLink address={saved !== undefined && each !== step ? addressOf(each) : null}>
                <span className="step-number" aria-hidden="true">
                  {index + 1}
                </span>
                {t(each)}
              </StepLink>
            </li>
          ))}
        </ol>
      </nav>
      <form
        className="claim-form stack"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          working(step === 'check' ? finish : goOn)();
        }}
      >
        <h2 ref={heading} tabIndex={-1}>
          {t(step)}
        </h2>
        {state.conflict !== null && <ConflictNotice conflict={state.conflict} />}
        <ErrorSummary
          problem={state.problem}
          onOpen={(name) => {
            const owner = stepOfPointer(name);
            if (owner !== undefined && owner !== step) go(owner);
            setWantedField(name);
          }}
        />
        {programmeError !== null && <ProblemNotice error={programmeError} />}
        {step === 'customer' && <CustomerStep {...stepProps} partner={partner} programmes={programmes} />}
        {step === 'targets' && <TargetsStep {...stepProps} />}
        {step === 'contacts' && <ContactsStep {...stepProps} />}
        {step === 'evidence' && <EvidenceStep {...stepProps} uploads={uploads} />}
        {step === 'check' && <CheckStep {...stepProps} partner={partner} uploads={uploads} addressOf={addressOf} />}
        {step === 'check' && <p className="muted">{t('submitWhat')}</p>}
        <div className="row">
          <Button type="submit" kind="primary" isPending={isBusy}>
            {t(buttonOf(step, uploads.hasWork, saved === undefined && form.lines.length === 0))}
          </Button>
          {back !== undefined && <LinkButton to={addressOf(back)}>{t('back')}</LinkButton>}
          {(saved !== undefined || form.lines.length > 0) && (
            <Button kind="quiet" isPending={isBusy} onClick={working(leave)}>
              {t('later')}
            </Button>
          )}
        </div>
      </form>
      <LeaveGuard
        isDirty={() => state.isDirty() || uploads.hasWork}
        words={{ title: t('leaveTitle'), what: t('leaveWhat'), stay: t('stay'), leave: t('leave') }}
      />
    </>
  );
}

/** A new claim needs a customer before targets, and a saved draft before anything else. */
function reachable(asked: string | null, { form, saved }: ClaimFormState): Step {
  if (!isStep(asked)) return 'customer';
  if (saved !== undefined || asked === 'customer') return asked;
  return form.tenantId === '' ? 'customer' : 'targets';
}

function buttonOf(step: Step, hasFiles: boolean, isUnsaved: boolean) {
  if (step === 'check') return 'submit';
  if (step === 'evidence' && hasFiles) return 'uploadAndContinue';
  return step === 'customer' && isUnsaved ? 'continueUnsaved' : 'continue';
}

function StepLink({ address, children }: { address: string | null; children: ReactNode }) {
  return address === null ? <span>{children}</span> : <Link to={address}>{children}</Link>;
}
