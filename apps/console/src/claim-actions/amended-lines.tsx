import type { ProgrammeDocument } from '../client/index.js';
import { Badge, Button, Checkbox, SelectField, TextField } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { type AmendedLine, type Amendment, keptLines } from './amendment.js';
import { texts } from './texts.js';

interface Props {
  area: string;
  amendment: Amendment;
  onChange: (lines: AmendedLine[]) => void;
  programme: ProgrammeDocument | undefined;
  words: ProgrammeWords;
  /** Lines that the reviewer suggests dropping. */
  suggestedDrops: number[];
  errors: Record<string, string>;
}

/** The claim's products: keep or drop each, correct its subscription, add one. */
export function AmendedLines({ area, amendment, onChange, programme, words, suggestedDrops, errors }: Props) {
  const t = useTexts(texts);
  const { lines } = amendment;
  const sent = keptLines(amendment);
  const change = (index: number, changes: Partial<AmendedLine>) =>
    onChange(lines.map((line, at) => (at === index ? { ...line, ...changes } : line)));
  const isOfSubscriptions = programme?.areas.find(({ code }) => code === area)?.unit === 'subscription';
  return (
    <fieldset className="stack-tight">
      <legend className="field-label">{t('products')}</legend>
      {errors['/lines'] !== undefined && <div className="field-error">{errors['/lines']}</div>}
      <ul className="amended-lines">
        {lines.map((line, index) => {
          const pointer = `/lines/${sent.indexOf(line)}`;
          return (
            <li key={line.line ?? `new-${index}`} className="stack-tight">
              {line.line === null ? (
                <NewLine
                  line={line}
                  area={area}
                  pointer={pointer}
                  programme={programme}
                  words={words}
                  errors={errors}
                  onChange={(changes) => change(index, changes)}
                />
              ) : (
                <div className="row">
                  <Checkbox
                    name={`${pointer}/product`}
                    label={t('keep', { product: words.product(line.product) })}
                    checked={line.isKept}
                    disabled={line.isLocked}
                    hint={line.isLocked ? t('locked') : undefined}
                    error={errors[`${pointer}/product`] ?? errors[pointer]}
                    onChange={(event) => change(index, { isKept: event.target.checked })}
                  />
                  {suggestedDrops.includes(line.line) && <Badge tone="warning">{t('suggestedDrop')}</Badge>}
                </div>
              )}
              {(isOfSubscriptions || line.subscriptionId !== '') && line.isKept && !line.isLocked && (
                <TextField
                  name={`${pointer}/subscriptionId`}
                  label={t('subscription')}
                  value={line.subscriptionId}
                  error={errors[`${pointer}/subscriptionId`]}
                  onChange={(event) => change(index, { subscriptionId: event.target.value })}
                />
              )}
              {line.line === null && (
                <div>
                  <Button kind="quiet" onClick={() => onChange(lines.filter((_, at) => at !== index))}>
                    {t('removeNew')}
                  </Button>
                </div>
              )}
            </li>
          );
        })}
      </ul>
      <div>
        <Button
          onClick={() =>
            onChange([...lines, { line: null, product: '', subscriptionId: '', activities: [], isKept: true, isLocked: false }])
          }
        >
          {t('addProduct')}
        </Button>
      </div>
    </fieldset>
  );
}

interface NewLineProps extends Pick<Props, 'area' | 'programme' | 'words' | 'errors'> {
  line: AmendedLine;
  pointer: string;
  onChange: (changes: Partial<AmendedLine>) => void;
}

function NewLine({ line, area, pointer, programme, words, errors, onChange }: NewLineProps) {
  const t = useTexts(texts);
  const products = programme?.products.filter((product) => product.area === area && product.state === 'active') ?? [];
  const offered = products.find(({ code }) => code === line.product)?.activities ?? [];
  const toggle = (activity: string) =>
    onChange({
      activities: line.activities.includes(activity) ? line.activities.filter((one) => one !== activity) : [...line.activities, activity],
    });
  return (
    <>
      <SelectField
        name={`${pointer}/product`}
        label={t('product')}
        emptyLabel={t('choose')}
        options={products.map(({ code }) => ({ value: code, label: words.product(code) }))}
        value={line.product}
        error={errors[`${pointer}/product`] ?? errors[pointer]}
        onChange={(event) => {
          const activities = products.find(({ code }) => code === event.target.value)?.activities ?? [];
          onChange({ product: event.target.value, activities: activities.length === 1 ? [...activities] : [] });
        }}
      />
      {offered.length > 1 &&
        offered.map((activity) => (
          <Checkbox
            key={activity}
            name={`${pointer}/activities`}
            label={words.activity(activity, area)}
            checked={line.activities.includes(activity)}
            onChange={() => toggle(activity)}
          />
        ))}
      {errors[`${pointer}/activities`] !== undefined && <div className="field-error">{errors[`${pointer}/activities`]}</div>}
    </>
  );
}
