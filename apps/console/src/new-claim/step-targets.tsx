import type { Eligibility, EligibilityChoice, ProgrammeDocument } from '../client/index.js';
import { Badge, Banner, Checkbox, ChoiceGroup, Radio, TextField } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useLanguage, useTexts } from '../i18n/index.js';
import { programmeWords } from '../programme-labels/index.js';
import type { FormLine } from './claim-form.js';
import type { StepProps } from './step-props.js';
import { texts } from './texts.js';
import { useChoices } from './use-eligibility.js';

type Area = Eligibility['areas'][number];

/** What is claimed: an area, its products or subscriptions, and what was done with each. What cannot be claimed is listed with the reason. */
export function TargetsStep(props: StepProps) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const { form, set, errors } = props.state;
  const { areas, isUnchecked, error, refetch } = useChoices(form, props.programme);
  if (error) return <ProblemNotice error={error} onRetry={() => void refetch()} />;
  if (areas === undefined || props.programme === undefined) return <Loading />;
  const chosen = areas.find(({ area }) => area === form.area);
  return (
    <>
      {isUnchecked && (
        <Banner tone="warning" title={t('unchecked')}>
          <p>{t('uncheckedWhat')}</p>
        </Banner>
      )}
      <ChoiceGroup label={t('area')} error={errors['/area']}>
        {areas.map((area) => (
          <Radio
            key={area.area}
            name="/area"
            value={area.area}
            label={area.label[language]}
            hint={[t('possibleCount', { count: area.choices.filter(({ isPossible }) => isPossible).length }), ...messages(area)].join(' ')}
            checked={form.area === area.area}
            onChange={() => set({ area: area.area, lines: [] })}
          />
        ))}
      </ChoiceGroup>
      {chosen === undefined ? (
        <p className="muted">{t('chooseArea')}</p>
      ) : (
        <Products {...props} area={chosen} programme={props.programme} />
      )}
      <fieldset className="stack">
        <legend className="field-label">{t('labels')}</legend>
        <TextField
          name="/name"
          label={t('name')}
          hint={t('nameHint')}
          error={errors['/name']}
          value={form.name}
          maxLength={200}
          onChange={(event) => set({ name: event.target.value })}
        />
        <TextField
          name="/externalReference"
          label={t('externalReference')}
          error={errors['/externalReference']}
          value={form.externalReference}
          maxLength={200}
          onChange={(event) => set({ externalReference: event.target.value })}
        />
        <TextField
          name="/tags"
          label={t('tags')}
          hint={t('tagsHint')}
          error={errors['/tags']}
          value={form.tags}
          onChange={(event) => set({ tags: event.target.value })}
        />
      </fieldset>
    </>
  );
}

const messages = ({ findings }: Area): string[] => findings.map(({ message }) => message);

interface ProductsProps extends StepProps {
  area: Area;
  programme: ProgrammeDocument;
}

/** A line claims a choice if it names the same product, and the same subscription if it names one. */
const isOf = (choice: EligibilityChoice) => (line: FormLine) =>
  line.product === choice.product &&
  (line.subscriptionId === null || choice.subscriptionId === null || line.subscriptionId === choice.subscriptionId);

function Products({ state, area, programme }: ProductsProps) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const { form, set, errors } = state;
  const words = programmeWords(programme, language);
  const lineOf = (choice: EligibilityChoice) => form.lines.find(isOf(choice));
  const shown = area.choices.filter((choice) => choice.isPossible || lineOf(choice) !== undefined);
  const refused = area.choices.filter((choice) => !shown.includes(choice));
  const unlisted = form.lines.filter((line) => !shown.some((choice) => lineOf(choice) === line));
  const toggle = (choice: EligibilityChoice, line: FormLine | undefined) =>
    set({
      lines:
        line === undefined
          ? [...form.lines, { product: choice.product, subscriptionId: choice.subscriptionId, activities: onlyOne(choice.activities) }]
          : form.lines.filter((other) => other !== line),
    });
  const change = (line: FormLine, changes: Partial<FormLine>) =>
    set({ lines: form.lines.map((other) => (other === line ? { ...line, ...changes } : other)) });
  const errorOf = (line: FormLine | undefined, field: string) =>
    line && errors[`/lines/${form.lines.indexOf(line)}${field === '' ? '' : `/${field}`}`];
  return (
    <>
      <ChoiceGroup label={t('choices')} error={errors['/lines']}>
        {area.findings.map(({ code, severity, message }) => (
          <Banner key={code} tone={severity === 'error' ? 'danger' : 'warning'} title={message} />
        ))}
        <ul className="target-list">
          {shown.map((choice) => {
            const line = lineOf(choice);
            return (
              <li key={`${choice.product} ${choice.subscriptionId}`} className="target" data-chosen={line !== undefined || undefined}>
                <Checkbox
                  name={line === undefined ? `choice ${choice.product}` : `/lines/${form.lines.indexOf(line)}/product`}
                  label={
                    <>
                      {choice.label?.[language] ?? choice.product}
                      {choice.subscriptionId !== null && (
                        <span className="target-subscription small muted">{t('subscription', { id: choice.subscriptionId })}</span>
                      )}
                    </>
                  }
                  error={errorOf(line, 'product') ?? errorOf(line, 'subscriptionId') ?? errorOf(line, '')}
                  checked={line !== undefined}
                  onChange={() => toggle(choice, line)}
                />
                <Findings choice={choice} line={line} />
                {line !== undefined && area.unit === 'subscription' && choice.subscriptionId === null && (
                  <div className="target-activities">
                    <TextField
                      name={`/lines/${form.lines.indexOf(line)}/subscriptionId`}
                      label={t('subscriptionId')}
                      error={errorOf(line, 'subscriptionId')}
                      className="input mono"
                      value={line.subscriptionId ?? ''}
                      onChange={(event) => change(line, { subscriptionId: event.target.value || null })}
                    />
                  </div>
                )}
                {line !== undefined && (
                  <Activities
                    line={line}
                    index={form.lines.indexOf(line)}
                    offered={choice.activities}
                    programme={programme}
                    area={area.area}
                    error={errorOf(line, 'activities')}
                    onChange={(activities) => change(line, { activities })}
                  />
                )}
              </li>
            );
          })}
          {unlisted.map((line) => (
            <li key={`${line.product} ${line.subscriptionId}`} className="target" data-chosen>
              <Checkbox
                name={`/lines/${form.lines.indexOf(line)}/product`}
                label={
                  <>
                    {words.product(line.product)}
                    {line.subscriptionId !== null && (
                      <span className="target-subscription small muted">{t('subscription', { id: line.subscriptionId })}</span>
                    )}
                  </>
                }
                hint={t('unlisted')}
                error={errorOf(line, 'product') ?? errorOf(line, 'subscriptionId')}
                checked
                onChange={() => set({ lines: form.lines.filter((other) => other !== line) })}
              />
            </li>
          ))}
        </ul>
      </ChoiceGroup>
      {refused.length > 0 && (
        <details className="refused-targets">
          <summary>{t('notPossible', { count: refused.length })}</summary>
          <div className="table-frame" tabIndex={0} role="region" aria-label={t('notPossible', { count: refused.length })}>
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('choices')}</th>
                  <th scope="col">{t('why')}</th>
                </tr>
              </thead>
              <tbody>
                {refused.map((choice) => (
                  <tr key={`${choice.product} ${choice.subscriptionId}`}>
                    <th scope="row">
                      {choice.label?.[language] ?? choice.product}
                      {choice.subscriptionId !== null && (
                        <span className="target-subscription small muted">{t('subscription', { id: choice.subscriptionId })}</span>
                      )}
                    </th>
                    <td>
                      {reasonsOf(choice).map((message) => (
                        <div key={message}>{message}</div>
                      ))}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </details>
      )}
    </>
  );
}

const onlyOne = (activities: string[]): string[] => (activities.length === 1 ? activities : []);

/** What stands against every activity comes first; what stands against single ones only matters if nothing else does. */
function reasonsOf({ findings }: EligibilityChoice): string[] {
  const errors = findings.filter(({ severity }) => severity === 'error');
  const general = errors.filter(({ activities }) => activities === null);
  return [...new Set((general.length > 0 ? general : errors).map(({ message }) => message))];
}

/** Warnings of a product, and the errors of the activities chosen for it. */
function Findings({ choice, line }: { choice: EligibilityChoice; line: FormLine | undefined }) {
  const t = useTexts(texts);
  const concerns = ({ severity, activities }: EligibilityChoice['findings'][number]) =>
    severity === 'error'
      ? activities === null || line?.activities.some((activity) => activities.includes(activity)) === true
      : activities === null || line === undefined || line.activities.some((activity) => activities.includes(activity));
  const found = choice.findings.filter(concerns);
  return found.map(({ code, severity, message }) => (
    <p key={`${code} ${message}`} className="target-finding small">
      <Badge tone={severity === 'error' ? 'danger' : 'warning'}>
        {t(severity === 'hold' ? 'hold' : severity === 'error' ? 'why' : 'warning')}
      </Badge>{' '}
      {message}
    </p>
  ));
}

interface ActivitiesProps {
  line: FormLine;
  index: number;
  offered: string[];
  programme: ProgrammeDocument;
  area: string;
  error: string | undefined;
  onChange: (activities: string[]) => void;
}

function Activities({ line, index, offered, programme, area, error, onChange }: ActivitiesProps) {
  const t = useTexts(texts);
  const { language } = useLanguage();
  const words = programmeWords(programme, language);
  const codes = [...new Set([...offered, ...line.activities])];
  const rulesOf = (code: string) => programme.activities.find((activity) => activity.code === code && activity.areas.includes(area));
  return (
    <div className="target-activities">
      <ChoiceGroup label={<span className="small">{t('activities')}</span>} error={error}>
        {codes.map((code) => {
          const against = line.activities.filter((other) => other !== code && rulesOf(code)?.combinableWith.includes(other) === false);
          const isChosen = line.activities.includes(code);
          return (
            <Checkbox
              key={code}
              name={`/lines/${index}/activities`}
              value={code}
              label={words.activity(code, area)}
              hint={
                !isChosen && against.length > 0
                  ? t('combination', { others: against.map((other) => words.activity(other, area)).join(', ') })
                  : undefined
              }
              checked={isChosen}
              disabled={!isChosen && against.length > 0}
              onChange={() => onChange(isChosen ? line.activities.filter((other) => other !== code) : [...line.activities, code])}
            />
          );
        })}
      </ChoiceGroup>
    </div>
  );
}
