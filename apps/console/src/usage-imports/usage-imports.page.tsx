import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { ApiProblem, call, isProblem, newKey } from '../api/index.js';
import { programmesList, type UsageImport, usageImportsImport, usageSets } from '../client/index.js';
import { Badge, Banner, Button, Facts, SelectField, TextField, type Tone } from '../design/index.js';
import { sendWithProgress } from '../evidence-upload/index.js';
import { ErrorSummary, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { RefusedRows } from './refused-rows.js';
import { texts } from './texts.js';

const tones: Record<UsageImport['state'], Tone> = { receiving: 'info', interrupted: 'warning', published: 'success', failed: 'danger' };

type SetName = 'workload_usage' | 'seats' | 'business_applications_usage' | 'teams_detail' | 'ems_detail' | 'aggregates';

/** Usage from a file: readers see it once all of it is stored; what was refused can be mended and sent again. */
export function Component() {
  const t = useTexts(texts);
  const format = useFormat();
  const sets = useQuery({ queryKey: ['usage-sets'], queryFn: () => call(() => usageSets()) });
  const programmes = useQuery({ queryKey: ['programme', 'list'], queryFn: () => call(() => programmesList()) });
  const [sent, setSent] = useState<number | null>(null);
  const [missing, setMissing] = useState<string>();
  /** Kept for one file and set: an interrupted upload starts over instead of storing twice. */
  const [attempt, setAttempt] = useState({ of: '', key: newKey() });
  const upload = useMutation({
    mutationFn: ({ file, set, programme, key }: { file: File; set: SetName; programme: string; key: string }) =>
      call(() =>
        usageImportsImport({
          // The contract says text; a file is sent as it is, without being read into memory.
          body: file as unknown as string,
          query: { set, programme },
          headers: { 'Idempotency-Key': key },
          fetch: sendWithProgress(setSent),
        }),
      ),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const file = form.get('file');
    if (!(file instanceof File) || file.size === 0) {
      setMissing(t('fileMissing'));
      return;
    }
    setMissing(undefined);
    setSent(0);
    const [set, programme] = [textOf(form, 'set') as SetName, textOf(form, 'programme')];
    const of = [file.name, file.size, file.lastModified, set, programme].join('/');
    const key = attempt.of === of && upload.data === undefined ? attempt.key : newKey();
    setAttempt({ of, key });
    upload.mutate({ file, set, programme, key });
  };
  const problem = upload.error instanceof ApiProblem ? upload.error : null;
  const failed = sets.error ?? programmes.error;
  if (failed) return <ProblemNotice error={failed} onRetry={() => void Promise.all([sets.refetch(), programmes.refetch()])} />;
  return (
    <>
      <h1>{t('title')}</h1>
      <p className="muted">{t('what')}</p>
      <form className="stack" onSubmit={submit} noValidate>
        {problem !== null && (isProblem(problem, 'network') ? <ProblemNotice error={problem} /> : <ErrorSummary problem={problem} />)}
        <SelectField
          name="set"
          label={t('set')}
          options={(sets.data?.items ?? []).map(({ name, title }) => ({ value: name, label: `${title} (${name})` }))}
        />
        <SelectField
          name="programme"
          label={t('programme')}
          hint={t('programmeHint')}
          options={(programmes.data?.items ?? []).map(({ name }) => ({ value: name, label: name }))}
        />
        <TextField type="file" name="file" label={t('file')} hint={t('fileHint')} accept=".csv,text/csv" error={missing} />
        <div className="row">
          <Button kind="primary" type="submit" isPending={upload.isPending}>
            {t('send')}
          </Button>
          {upload.isPending && (
            <>
              <progress max={1} value={sent ?? 0} aria-label={t('progress')} />
              <span className="small muted">{sent === 1 ? t('storing') : format.percent(sent ?? 0)}</span>
            </>
          )}
        </div>
      </form>
      {upload.data !== undefined && !upload.isPending && <Outcome imported={upload.data} />}
    </>
  );
}

function Outcome({ imported }: { imported: UsageImport }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { state, rowsRead, rowsStored, rowsRefused, latestMonth, failure, failedLine } = imported;
  return (
    <section className="stack" aria-labelledby="outcome-title">
      <h2 id="outcome-title">{t('outcome')}</h2>
      <div role="status">
        <Badge tone={tones[state]}>{t(state)}</Badge>
      </div>
      {failure !== null && <Banner tone="danger" title={failedLine === null ? failure : t('atLine', { line: failedLine, failure })} />}
      <Facts
        items={[
          [t('rowsRead'), format.number(rowsRead)],
          [t('rowsStored'), format.number(rowsStored)],
          [t('rowsRefused'), format.number(rowsRefused)],
          [t('latestMonth'), latestMonth === null ? null : format.month(latestMonth)],
        ]}
      />
      {rowsRefused > 0 && <RefusedRows importId={imported.importId} />}
    </section>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
