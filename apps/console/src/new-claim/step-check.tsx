import type { ReactNode } from 'react';
import { Link } from 'react-router';
import type { Me } from '../client/index.js';
import { Banner, Checkbox, Facts } from '../design/index.js';
import type { Uploads } from '../evidence-upload/index.js';
import { useFormat, useLanguage, useTexts } from '../i18n/index.js';
import { programmeWords } from '../programme-labels/index.js';
import { type FormPerson, tagsOf } from './claim-form.js';
import { needsOf } from './needs.js';
import type { StepProps } from './step-props.js';
import type { Step } from './steps.js';
import { texts } from './texts.js';
import { useChoices } from './use-eligibility.js';

interface Props extends StepProps {
  partner: NonNullable<Me['partner']>;
  uploads: Uploads;
  addressOf: (step: Step) => string;
}

/** Everything entered, each part with a link to change it; what a reviewer will be warned of; the acknowledgement. */
export function CheckStep({ state, programme, partner, uploads, addressOf }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const { language } = useLanguage();
  const { form, set, errors } = state;
  const words = programmeWords(programme, language);
  const needs = needsOf(form, programme);
  const warnings = useWarnings(state, programme);
  const location = partner.locations.find(({ partnerId }) => partnerId === form.partnerId);
  const given = (text: string): ReactNode => (text === '' ? <span className="muted">{t('none')}</span> : text);
  const person = (contact: FormPerson) => given([contact.name, contact.title, contact.email].filter((text) => text !== '').join(', '));
  const acknowledgement = programme?.acknowledgement;
  return (
    <>
      {warnings.length > 0 && (
        <Banner tone="warning" title={t('warnings')}>
          <ul>
            {warnings.map((message) => (
              <li key={message}>{message}</li>
            ))}
          </ul>
        </Banner>
      )}
      <Part title={t('customer')} address={addressOf('customer')}>
        <Facts
          items={[
            [t('programme'), form.programme],
            [t('location'), location?.name ? `${location.name} (${form.partnerId})` : form.partnerId],
            [t('tenantId'), <span className="mono">{form.tenantId}</span>],
            [t('domain'), given(form.domain)],
          ]}
        />
      </Part>
      <Part title={t('targets')} address={addressOf('targets')}>
        <Facts
          items={[
            [t('area'), words.area(form.area)],
            [
              t('choices'),
              <ul className="plain-list">
                {form.lines.map((line, index) => (
                  <li key={index}>
                    {words.product(line.product)}: {given(format.list(line.activities.map((code) => words.activity(code, form.area))))}
                    {line.subscriptionId !== null && (
                      <span className="target-subscription small muted">{t('subscription', { id: line.subscriptionId })}</span>
                    )}
                  </li>
                ))}
              </ul>,
            ],
            [t('name'), given(form.name)],
            [t('externalReference'), form.externalReference || null],
            [t('tags'), format.list(tagsOf(form.tags)) || null],
          ]}
        />
      </Part>
      <Part title={t('contacts')} address={addressOf('contacts')}>
        <Facts
          items={[
            [t('customerContact'), person(form.customer)],
            [t('partnerContact'), person({ ...form.partner, title: '' })],
            [t('technicalContact'), needs.technicalContact ? person(form.technical) : null],
            ...needs.revenue.map((field): [ReactNode, ReactNode] => [t(field), given(form.revenue[field])]),
            [t('transactionOn'), programme?.lateClaimDays == null ? null : given(form.transactionOn && format.date(form.transactionOn))],
            [t('incentives'), form.isOptedOutOfIncentives ? t('optOut') : null],
          ]}
        />
      </Part>
      <Part title={t('evidence')} address={addressOf('evidence')}>
        {uploads.current.length === 0 ? (
          <p className="muted">{t('subjectEvidence', { count: 0 })}</p>
        ) : (
          <ul className="plain-list">
            {uploads.current.map(({ evidenceId, fileName, signedOn }) => (
              <li key={evidenceId}>
                {fileName}
                {signedOn !== null && <span className="muted">, {t('signedOn', { date: format.date(signedOn) })}</span>}
              </li>
            ))}
          </ul>
        )}
      </Part>
      {acknowledgement && (
        <section className="card" aria-label={t('acknowledgement')}>
          <h2>{t('acknowledgement')}</h2>
          <Checkbox
            name="/acknowledgementVersion"
            label={acknowledgement.text[language]}
            error={errors['/acknowledgementVersion']}
            checked={form.acknowledgementVersion === acknowledgement.version}
            onChange={(event) => set({ acknowledgementVersion: event.target.checked ? acknowledgement.version : null })}
          />
        </section>
      )}
    </>
  );
}

function Part({ title, address, children }: { title: string; address: string; children: ReactNode }) {
  const t = useTexts(texts);
  return (
    <section className="card" aria-label={title}>
      <div className="row-between">
        <h2>{title}</h2>
        <Link to={address} aria-label={t('changeWhat', { what: title })}>
          {t('change')}
        </Link>
      </div>
      {children}
    </section>
  );
}

/** What a submission would be warned of: of the location and the customer, and of each chosen product. */
function useWarnings({ form }: StepProps['state'], programme: StepProps['programme']): string[] {
  const { areas } = useChoices(form, programme);
  const area = areas?.find((each) => each.area === form.area);
  if (area === undefined) return [];
  const ofLines = form.lines.flatMap((line) =>
    area.choices
      .filter(({ product, subscriptionId }) => product === line.product && (line.subscriptionId ?? subscriptionId) === subscriptionId)
      .flatMap(({ findings }) => findings)
      .filter(({ activities }) => activities === null || activities.some((activity) => line.activities.includes(activity))),
  );
  const warnings = [...area.findings, ...ofLines].filter(({ severity }) => severity !== 'error');
  return [...new Set(warnings.map(({ message }) => message))];
}
