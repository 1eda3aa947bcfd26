import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { call } from '../api/index.js';
import { calendarsList } from '../client/index.js';
import { useTexts } from '../i18n/index.js';
import { ChoiceControl, ChoicesControl, DateControl, FlagControl, ListControl, NumberControl, TextControl } from '../publications/index.js';
import { CatalogueLists } from './catalogue-lists.js';
import { fieldTexts } from './field-texts.js';
import { texts } from './texts.js';

/** The parts of a programme that people change, in the order in which they think of them. */
export function ProgrammeForm({ today }: { today: string }) {
  const t = useTexts(texts);
  const f = useTexts(fieldTexts);
  const calendars = useQuery({ queryKey: ['calendar', 'list'], queryFn: () => call(() => calendarsList()) });
  const calendarNames = [...new Set(calendars.data?.items.map(({ name }) => name) ?? [])];
  const choices = (values: readonly (keyof typeof fieldTexts.en)[]) => values.map((value) => ({ value, label: f(value) }));
  return (
    <>
      <Section title={t('general')} isOpen>
        <DateControl path={['effectiveFrom']} label={f('effectiveFrom')} hint={f('effectiveFromHint')} min={today} />
        <Pair>
          <ChoiceControl path={['calendar']} label={f('calendar')} options={calendarNames.map((value) => ({ value, label: value }))} />
          <ChoiceControl path={['language']} label={f('language')} options={choices(['en', 'ru'])} />
        </Pair>
        <Pair>
          <TextControl path={['vendor', 'name']} label={f('vendorName')} />
          <TextControl path={['vendor', 'contactEmail']} label={f('vendorEmail')} />
        </Pair>
        <TextControl path={['vendor', 'explanationUrl']} label={f('vendorUrl')} hint={f('vendorUrlHint')} isOptional />
      </Section>
      <Section title={t('clocks')} isOpen>
        <Pair>
          <NumberControl path={['clocks', 'reviewStartBusinessDays']} label={f('reviewStart')} hint={f('businessDays')} />
          <NumberControl path={['clocks', 'reviewDecisionBusinessDays']} label={f('reviewDecision')} hint={f('businessDays')} />
          <NumberControl path={['clocks', 'answerBusinessDays']} label={f('answer')} hint={f('businessDays')} />
          <NumberControl path={['clocks', 'hearingBusinessDays']} label={f('hearing')} hint={f('businessDays')} />
          <NumberControl path={['clocks', 'consentWindow', 'days']} label={f('window')} />
          <ChoiceControl
            path={['clocks', 'consentWindow', 'unit']}
            label={f('windowUnit')}
            options={choices(['business_day', 'calendar_day', 'second'])}
          />
          <NumberControl path={['clocks', 'disputeCalendarDays']} label={f('dispute')} hint={f('calendarDays')} />
          <NumberControl path={['clocks', 'disputeAnswerBusinessDays']} label={f('disputeAnswer')} hint={f('businessDays')} />
          <NumberControl path={['clocks', 'coolDownCalendarDays']} label={f('coolDown')} hint={f('calendarDays')} />
          <ListControl path={['clocks', 'expiryNoticeDays']} label={f('expiryNotice')} hint={f('expiryNoticeHint')} isNumbers />
        </Pair>
      </Section>
      <Section title={t('customer')}>
        <ChoiceControl path={['noticeTiming']} label={f('noticeTiming')} options={choices(['on_approval', 'on_submit'])} />
        <Pair>
          <ChoiceControl path={['consent']} label={f('consent')} options={choices(['opt_out', 'opt_in'])} />
          <ChoiceControl path={['publicSectorConsent']} label={f('publicSectorConsent')} options={choices(['opt_out', 'opt_in'])} />
        </Pair>
      </Section>
      <Section title={t('rules')}>
        <FlagControl path={['isDomainRequired']} label={f('isDomainRequired')} />
        <FlagControl path={['isTechnicalContactRequired']} label={f('isTechnicalContactRequired')} />
        <Pair>
          <NumberControl path={['maximumProducts']} label={f('maximumProducts')} hint={f('emptyNoLimit')} />
          <NumberControl path={['lateClaimDays']} label={f('lateClaimDays')} hint={f('emptyNoLimit')} />
          <NumberControl path={['termMonths']} label={f('termMonths')} hint={f('emptyNever')} />
          <ChoiceControl path={['whenEnrolmentIsLost']} label={f('whenEnrolmentIsLost')} options={choices(['keep', 'end'])} />
        </Pair>
        <ChoiceControl
          path={['exclusivityKey']}
          label={f('exclusivityKey')}
          hint={f('exclusivityKeyHint')}
          options={choices(['target', 'target_and_activity'])}
        />
      </Section>
      <Section title={t('evidence')}>
        <ChoicesControl
          path={['evidence', 'types']}
          label={f('evidenceTypes')}
          options={['pdf', 'docx', 'xlsx', 'pptx', 'png', 'jpeg', 'csv'].map((value) => ({ value, label: value }))}
        />
        <Pair>
          <NumberControl path={['evidence', 'maximumBytes']} label={f('maximumBytes')} />
          <NumberControl path={['evidence', 'signatureMaximumAgeMonths']} label={f('signatureAge')} />
        </Pair>
        <ChoiceControl path={['evidence', 'customerSees']} label={f('customerSees')} options={choices(['names', 'full'])} />
        <FlagControl path={['evidence', 'isTemplateRequired']} label={f('isTemplateRequired')} />
      </Section>
      <Section title={t('acknowledgement')}>
        <NumberControl path={['acknowledgement', 'version']} label={f('acknowledgementVersion')} hint={f('acknowledgementHint')} />
        <TextControl path={['acknowledgement', 'text', 'en']} label={f('textEn')} isLong />
        <TextControl path={['acknowledgement', 'text', 'ru']} label={f('textRu')} isLong />
      </Section>
      <Section title={t('usage')}>
        <NumberControl path={['usage', 'suppressBelow']} label={f('suppressBelow')} hint={f('suppressBelowHint')} />
        <FlagControl path={['usage', 'hasBaselineMonth']} label={f('hasBaselineMonth')} />
        <ChoiceControl path={['usage', 'afterEnd']} label={f('afterEnd')} options={choices(['nothing', 'months_of_tenure'])} />
        <ListControl path={['usage', 'executiveColumns']} label={f('executiveColumns')} hint={f('withCommas')} />
        <Pair>
          <NumberControl path={['retention', 'eventYears']} label={f('eventYears')} />
          <NumberControl path={['retention', 'evidenceMonths']} label={f('evidenceMonths')} />
        </Pair>
      </Section>
      <CatalogueLists />
    </>
  );
}

function Section({ title, isOpen = false, children }: { title: string; isOpen?: boolean; children: ReactNode }) {
  return (
    <details className="publication-section" open={isOpen}>
      <summary>
        <h3>{title}</h3>
      </summary>
      <div className="stack">{children}</div>
    </details>
  );
}

function Pair({ children }: { children: ReactNode }) {
  return <div className="publication-pair">{children}</div>;
}
