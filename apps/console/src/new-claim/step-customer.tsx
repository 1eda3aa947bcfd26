import type { Me } from '../client/index.js';
import { SelectField, TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import type { StepProps } from './step-props.js';
import { texts } from './texts.js';

interface Props extends StepProps {
  programmes: string[];
  partner: NonNullable<Me['partner']>;
}

/** For whom: programme, own location, and the customer's tenant by its ID or its domain. */
export function CustomerStep({ state, programme, programmes, partner }: Props) {
  const t = useTexts(texts);
  const { form, set, errors } = state;
  const known = partner.locations.map(({ partnerId, name }) => ({
    value: partnerId,
    label: name === null ? partnerId : `${name} (${partnerId})`,
  }));
  const isListed = partner.isComplete && known.length > 0;
  // An older claim may be of a location that the person no longer acts for.
  const isOther = form.partnerId !== '' && !known.some(({ value }) => value === form.partnerId);
  const options = isOther ? [...known, { value: form.partnerId, label: form.partnerId }] : known;
  return (
    <>
      {(programmes.length > 1 || errors['/programme'] !== undefined) && (
        <SelectField
          name="/programme"
          label={t('programme')}
          error={errors['/programme']}
          value={form.programme}
          options={programmes.map((name) => ({ value: name, label: name }))}
          onChange={(event) => set({ programme: event.target.value, area: '', lines: [], acknowledgementVersion: null })}
        />
      )}
      {isListed ? (
        <SelectField
          name="/partnerId"
          label={t('location')}
          hint={t('locationHint')}
          error={errors['/partnerId']}
          value={form.partnerId}
          options={options}
          onChange={(event) => set({ partnerId: event.target.value })}
        />
      ) : (
        <TextField
          name="/partnerId"
          label={t('location')}
          hint={t('locationHint')}
          error={errors['/partnerId']}
          inputMode="numeric"
          value={form.partnerId}
          onChange={(event) => set({ partnerId: event.target.value })}
        />
      )}
      <TextField
        name="/tenantId"
        label={t('tenantId')}
        hint={t('tenantHint')}
        error={errors['/tenantId']}
        className="input mono"
        autoComplete="off"
        spellCheck={false}
        value={form.tenantId}
        onChange={(event) => set({ tenantId: event.target.value })}
      />
      <TextField
        name="/domain"
        label={t('domain')}
        hint={`${t(programme?.isDomainRequired === false ? 'domainOptional' : 'domainHint')} ${t('domainFinds')}`}
        error={errors['/domain']}
        autoComplete="off"
        spellCheck={false}
        value={form.domain}
        onChange={(event) => set({ domain: event.target.value })}
      />
    </>
  );
}
