import { useLanguage, useTexts } from '../i18n/index.js';
import {
  ChoiceControl,
  ChoicesControl,
  type Fields,
  FlagControl,
  isFields,
  ListControl,
  ListSection,
  NumberControl,
  TextControl,
  useForm,
  valueAt,
} from '../publications/index.js';
import { fieldTexts } from './field-texts.js';
import { LabelControls } from './label-controls.js';
import { texts } from './texts.js';

const noLabel = { en: '', ru: '' };
const activityCodes = ['presales', 'usage', 'revenue_association'] as const;

/** The lists of a programme: catalogue, reasons, pre-approved statements and the rules that use them. */
export function CatalogueLists() {
  const t = useTexts(texts);
  const f = useTexts(fieldTexts);
  const { language } = useLanguage();
  const { value } = useForm();
  const labelOf = (entry: Fields, field = 'label'): string => {
    const label = valueAt(entry, [field, language]);
    return typeof label === 'string' && label !== '' ? label : t('noLabel');
  };
  const optionsOf = (list: string) => {
    const entries = valueAt(value, [list]);
    return (Array.isArray(entries) ? entries.filter(isFields) : []).map((entry) => ({
      value: String(entry['code']),
      label: labelOf(entry),
    }));
  };
  const named = (entry: Fields) => (
    <>
      {labelOf(entry)} <code className="muted">{String(entry['code'])}</code>
    </>
  );
  const choices = (values: readonly (keyof typeof fieldTexts.en)[]) => values.map((each) => ({ value: each, label: f(each) }));
  const activities = choices(activityCodes);
  const units = choices(['workload', 'subscription']);
  const states = choices(['active', 'retired']);
  const areas = optionsOf('areas');
  return (
    <>
      <ListSection
        path={['areas']}
        title={t('areas')}
        summary={named}
        blank={() => ({ code: '', label: noLabel, unit: 'workload', activities: [], enrolmentProgramme: '' })}
      >
        {(path) => (
          <>
            <TextControl path={[...path, 'code']} label={f('code')} hint={f('codeHint')} />
            <LabelControls path={[...path, 'label']} />
            <ChoiceControl path={[...path, 'unit']} label={f('unit')} options={units} />
            <ChoicesControl path={[...path, 'activities']} label={t('activities')} options={activities} />
            <TextControl path={[...path, 'enrolmentProgramme']} label={f('enrolmentProgramme')} />
          </>
        )}
      </ListSection>
      <ListSection
        path={['activities']}
        title={t('activities')}
        summary={named}
        blank={() => ({
          code: 'usage',
          areas: [],
          label: noLabel,
          label2023: noLabel,
          unit: 'workload',
          combinableWith: [],
          isIncentivised: false,
          requiredFields: [],
        })}
      >
        {(path) => (
          <>
            <ChoiceControl path={[...path, 'code']} label={f('code')} options={activities} />
            <ChoicesControl path={[...path, 'areas']} label={t('areas')} options={areas} />
            <LabelControls path={[...path, 'label']} />
            <div>
              <p className="field-label">{f('label2023')}</p>
              <LabelControls path={[...path, 'label2023']} />
            </div>
            <ChoiceControl path={[...path, 'unit']} label={f('unit')} options={units} />
            <ChoicesControl path={[...path, 'combinableWith']} label={f('combinableWith')} options={activities} />
            <FlagControl path={[...path, 'isIncentivised']} label={f('isIncentivised')} />
            <ListControl path={[...path, 'requiredFields']} label={f('requiredFields')} hint={f('withCommas')} />
          </>
        )}
      </ListSection>
      <ListSection
        path={['products']}
        title={t('products')}
        hint={t('productsHint')}
        summary={(entry) => (
          <>
            {named(entry)} {entry['state'] === 'retired' && <span className="muted">({f('retired')})</span>}
          </>
        )}
        blank={() => ({
          code: '',
          area: areas[0]?.value ?? '',
          label: noLabel,
          unit: 'workload',
          activities: [],
          synonyms: [],
          family: 'other',
          state: 'active',
        })}
      >
        {(path) => (
          <>
            <TextControl path={[...path, 'code']} label={f('code')} hint={f('codeHint')} />
            <LabelControls path={[...path, 'label']} />
            <div className="publication-pair">
              <ChoiceControl path={[...path, 'area']} label={f('area')} options={areas} />
              <ChoiceControl path={[...path, 'state']} label={f('state')} options={states} />
              <ChoiceControl path={[...path, 'unit']} label={f('unit')} options={units} />
              <ChoiceControl path={[...path, 'family']} label={f('family')} options={choices(['dynamics', 'microsoft_365', 'other'])} />
            </div>
            <ChoicesControl path={[...path, 'activities']} label={t('activities')} options={activities} />
            <ListControl path={[...path, 'synonyms']} label={f('synonyms')} hint={f('withCommas')} />
          </>
        )}
      </ListSection>
      <ListSection path={['requestReasons']} title={t('requestReasons')} summary={named} blank={() => ({ code: '', label: noLabel })}>
        {(path) => (
          <>
            <TextControl path={[...path, 'code']} label={f('code')} hint={f('codeHint')} />
            <LabelControls path={[...path, 'label']} />
          </>
        )}
      </ListSection>
      <ListSection
        path={['rejectionReasons']}
        title={t('rejectionReasons')}
        summary={named}
        blank={() => ({ code: '', givenBy: 'reviewer', label: noLabel })}
      >
        {(path) => (
          <>
            <TextControl path={[...path, 'code']} label={f('code')} hint={f('codeHint')} />
            <LabelControls path={[...path, 'label']} />
            <ChoiceControl path={[...path, 'givenBy']} label={f('givenBy')} options={choices(['reviewer', 'system'])} />
          </>
        )}
      </ListSection>
      <ListSection
        path={['statementTemplates']}
        title={t('statementTemplates')}
        summary={(entry) => labelOf(entry, 'title')}
        blank={() => ({ code: '', title: noLabel, sha256: '', fields: [], state: 'active' })}
      >
        {(path) => (
          <>
            <TextControl path={[...path, 'code']} label={f('code')} hint={f('codeHint')} />
            <LabelControls path={[...path, 'title']} />
            <TextControl path={[...path, 'sha256']} label={f('sha256')} hint={f('sha256Hint')} />
            <ChoicesControl
              path={[...path, 'fields']}
              label={f('templateFields')}
              options={['tenantId', 'domain', 'products', 'activities', 'signedOn'].map((each) => ({ value: each, label: each }))}
            />
            <ChoiceControl path={[...path, 'state']} label={f('state')} options={states} />
          </>
        )}
      </ListSection>
      <ListSection
        path={['automaticApprovals']}
        title={t('automaticApprovals')}
        hint={t('automaticApprovalsHint')}
        summary={(entry) => <code>{String(entry['code'])}</code>}
        blank={() => ({ code: '', areas: [], activities: [], products: null, template: null, maximumLines: null })}
      >
        {(path) => (
          <>
            <TextControl path={[...path, 'code']} label={f('code')} hint={f('codeHint')} />
            <ChoicesControl path={[...path, 'areas']} label={t('areas')} options={areas} />
            <ChoicesControl path={[...path, 'activities']} label={t('activities')} options={activities} />
            <ListControl path={[...path, 'products']} label={f('onlyProducts')} hint={f('onlyProductsHint')} isOptional />
            <TextControl path={[...path, 'template']} label={f('template')} hint={f('templateHint')} isOptional />
            <NumberControl path={[...path, 'maximumLines']} label={f('maximumLines')} hint={f('emptyNoLimit')} />
          </>
        )}
      </ListSection>
    </>
  );
}
