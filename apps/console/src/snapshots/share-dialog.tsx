import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/index.js';
import { claimKey } from '../claim/use-claim.js';
import { type Claim, type MadeSnapshot, type NewSnapshot, snapshotsMake, submittedVersionsList } from '../client/index.js';
import { Button, Checkbox, ChoiceGroup, Dialog, SelectField, TextField } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';
import { useSnapshotChange } from './use-snapshots.js';

export type Field = NewSnapshot['fields'][number];

/** The catalogue, in the order in which the link shows it. */
const fields: Field[] = ['description', 'customer', 'partner', 'lines', 'activities', 'evidence', 'terms', 'standing'];
/** Little, so that whoever wants to show more decides to. */
const usual: Field[] = ['customer', 'lines', 'activities'];

/** Asks what a link is to show, for how long and for whom, and makes it. */
export function ShareDialog({ claim, onMade, onClose }: { claim: Claim; onMade(made: MadeSnapshot): void; onClose(): void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { claimId, submissions } = claim;
  const [chosen, choose] = useState(usual);
  const [submission, setSubmission] = useState(submissions);
  const versions = useQuery({
    queryKey: [...claimKey(claimId), 'submissions'],
    queryFn: () => call(() => submittedVersionsList({ path: { claimId } })),
    enabled: submissions > 1,
  });
  const { mutate, problem, isPending } = useSnapshotChange(
    claimId,
    (form: FormData, headers) => {
      const label = form.get('/label') as string;
      const body = { fields: chosen, expiresAfterDays: Number(form.get('/expiresAfterDays')), label: label.trim() === '' ? null : label };
      return call(() => snapshotsMake({ path: { claimId, submission }, headers, body }));
    },
    onMade,
  );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isPending) mutate(new FormData(event.currentTarget));
  };
  const toggle = (field: Field) => choose(chosen.includes(field) ? chosen.filter((one) => one !== field) : [...chosen, field]);
  return (
    <Dialog title={t('share')} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <ErrorSummary problem={problem} />
        <ul className="meaning">
          <li>{t('meaningReader')}</li>
          <li>{t('meaningFixed')}</li>
          <li>{t('meaningNever')}</li>
        </ul>
        {versions.data !== undefined && (
          <SelectField
            name="submission"
            label={t('submission')}
            options={versions.data.items.map((one) => ({
              value: String(one.submission),
              label: t('submissionAt', { submission: one.submission, at: format.instant(one.submittedAt) }),
            }))}
            value={String(submission)}
            onChange={(event) => setSubmission(Number(event.target.value))}
          />
        )}
        <ChoiceGroup label={t('fields')} error={problem?.fieldErrors['/fields']}>
          {fields.map((field) => (
            <Checkbox
              key={field}
              name="/fields"
              label={t(`field_${field}`)}
              checked={chosen.includes(field)}
              onChange={() => toggle(field)}
            />
          ))}
        </ChoiceGroup>
        <TextField
          name="/expiresAfterDays"
          label={t('days')}
          hint={t('daysHint')}
          error={problem?.fieldErrors['/expiresAfterDays']}
          type="number"
          min={1}
          max={90}
          defaultValue={30}
        />
        <TextField name="/label" label={t('label')} hint={t('labelHint')} error={problem?.fieldErrors['/label']} maxLength={200} />
        <div className="row">
          <Button type="submit" kind="primary" isPending={isPending}>
            {t('make')}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            {t('cancel')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** Shows a link, the only time that anybody can. A click beside the dialog does not lose it. */
export function LinkDialog({ url, onClose }: { url: string; onClose(): void }) {
  const t = useTexts(texts);
  const [isCopied, setCopied] = useState(false);
  return (
    <Dialog title={t('linkTitle')} role="alertdialog" isOpen isDismissable={false} onClose={onClose}>
      <p>{t('linkWhat')}</p>
      <TextField name="link" label={t('link')} value={url} readOnly className="input mono" onFocus={(event) => event.target.select()} />
      <div className="row">
        <Button kind="primary" onClick={() => void navigator.clipboard.writeText(url).then(() => setCopied(true))}>
          {t('copy')}
        </Button>
        <Button onClick={onClose}>{t('done')}</Button>
        <span role="status">{isCopied && t('copied')}</span>
      </div>
    </Dialog>
  );
}
