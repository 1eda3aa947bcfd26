import { Banner } from '../design/index.js';
import { EvidenceUpload, type Uploads } from '../evidence-upload/index.js';
import { Loading } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import type { StepProps } from './step-props.js';
import { texts } from './texts.js';

/** The customer's signed documents. They are uploaded with "continue", when their dates are known. */
export function EvidenceStep({ state, programme, uploads }: StepProps & { uploads: Uploads }) {
  const t = useTexts(texts);
  const { errors } = state;
  if (programme === undefined) return <Loading />;
  const { evidence: rules, statementTemplates } = programme;
  const error = Object.entries(errors).find(([pointer]) => pointer.startsWith('/evidence'))?.[1];
  return (
    <>
      <p>
        {t('evidenceWhat')} {t('evidenceAge', { months: rules.signatureMaximumAgeMonths })}
      </p>
      {rules.isTemplateRequired && <Banner title={t('evidenceTemplate')} />}
      <EvidenceUpload uploads={uploads} rules={rules} templates={statementTemplates} error={error} hasButton={false} />
    </>
  );
}
