import { Checkbox, ChoiceGroup, TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import type { ClaimForm, FormPerson } from './claim-form.js';
import { needsOf } from './needs.js';
import type { StepProps } from './step-props.js';
import { texts } from './texts.js';
import type { ClaimFormState } from './use-claim-form.js';

/** Who is written to, and what only some programmes or activities ask for. */
export function ContactsStep({ state, programme }: StepProps) {
  const t = useTexts(texts);
  const { form, set, errors } = state;
  const needs = needsOf(form, programme);
  return (
    <>
      <Person state={state} which="customer" label={t('customerContact')} hint={t('customerContactHint')} />
      <Person state={state} which="partner" label={t('partnerContact')} hint={t('partnerContactHint')} />
      {needs.technicalContact && <Person state={state} which="technical" label={t('technicalContact')} hint={t('technicalContactHint')} />}
      {needs.revenue.length > 0 && (
        <ChoiceGroup label={t('revenue')} error={errors['/revenue']}>
          {needs.revenue.map((field) => (
            <TextField
              key={field}
              name={`/revenue/${field}`}
              label={t(field)}
              error={errors[`/revenue/${field}`]}
              value={form.revenue[field]}
              maxLength={200}
              onChange={(event) => set({ revenue: { ...form.revenue, [field]: event.target.value } })}
            />
          ))}
        </ChoiceGroup>
      )}
      {programme?.lateClaimDays != null && (
        <TextField
          type="date"
          name="/transactionOn"
          label={t('transactionOn')}
          hint={t('transactionHint', { days: programme.lateClaimDays })}
          error={errors['/transactionOn']}
          value={form.transactionOn}
          onChange={(event) => set({ transactionOn: event.target.value })}
        />
      )}
      {needs.isIncentivised && (
        <ChoiceGroup label={t('incentives')}>
          <Checkbox
            name="/isOptedOutOfIncentives"
            label={t('optOut')}
            error={errors['/isOptedOutOfIncentives']}
            checked={form.isOptedOutOfIncentives}
            onChange={(event) => set({ isOptedOutOfIncentives: event.target.checked })}
          />
        </ChoiceGroup>
      )}
    </>
  );
}

interface PersonProps {
  state: ClaimFormState;
  which: keyof Pick<ClaimForm, 'customer' | 'partner' | 'technical'>;
  label: string;
  hint: string;
}

function Person({ state: { form, set, errors }, which, label, hint }: PersonProps) {
  const t = useTexts(texts);
  const person = form[which];
  const field = (name: keyof FormPerson, text: string, type = 'text') => (
    <TextField
      type={type}
      name={`/contacts/${which}/${name}`}
      label={text}
      error={errors[`/contacts/${which}/${name}`]}
      autoComplete="off"
      value={person[name]}
      maxLength={name === 'email' ? 320 : 200}
      onChange={(event) => set({ [which]: { ...person, [name]: event.target.value } })}
    />
  );
  return (
    <ChoiceGroup label={label} hint={hint} error={errors[`/contacts/${which}`]}>
      {field('name', t('personName'))}
      {which !== 'partner' && field('title', t('personTitle'))}
      {field('email', t('personEmail'), 'email')}
    </ChoiceGroup>
  );
}
