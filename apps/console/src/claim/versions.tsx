import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/index.js';
import { type Claim, type SubmittedClaim, submittedVersionsGet, submittedVersionsList } from '../client/index.js';
import { SelectField } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { texts } from './texts.js';
import { claimKey } from './use-claim.js';
import { type VersionChange, versionChanges } from './version-changes.js';

/** What the partner submitted, and what changed between two submissions, side by side. */
export function Versions({ claim, words }: { claim: Claim; words: ProgrammeWords }) {
  const t = useTexts(texts);
  const format = useFormat();
  const { claimId, submissions } = claim;
  const [chosen, choose] = useState<[number, number] | null>(null);
  const list = useQuery({
    queryKey: [...claimKey(claimId), 'submissions'],
    queryFn: () => call(() => submittedVersionsList({ path: { claimId } })),
    enabled: submissions > 1,
  });
  if (submissions < 2) return null;
  const [from, to] = chosen ?? [submissions - 1, submissions];
  const options = (list.data?.items ?? []).map(({ submission, submittedAt }) => ({
    value: String(submission),
    label: t('submission', { submission, at: format.instant(submittedAt) }),
  }));
  return (
    <section className="stack-tight">
      <h2 id="versions">{t('versions')}</h2>
      {list.error && <ProblemNotice error={list.error} onRetry={() => void list.refetch()} />}
      <div className="row">
        <SelectField
          name="from"
          label={t('compareFrom')}
          options={options}
          value={String(from)}
          onChange={(event) => choose([Number(event.target.value), to])}
        />
        <SelectField
          name="to"
          label={t('compareTo')}
          options={options}
          value={String(to)}
          onChange={(event) => choose([from, Number(event.target.value)])}
        />
      </div>
      <Comparison claimId={claimId} from={from} to={to} words={words} />
    </section>
  );
}

function Comparison({ claimId, from, to, words }: { claimId: string; from: number; to: number; words: ProgrammeWords }) {
  const t = useTexts(texts);
  const read = (submission: number, compareWith?: number) => ({
    queryKey: [...claimKey(claimId), 'submissions', submission, compareWith ?? null],
    queryFn: () =>
      call(() => submittedVersionsGet({ path: { claimId, submission }, query: compareWith === undefined ? {} : { compareWith } })),
  });
  const before = useQuery(read(from));
  const after = useQuery(read(to, from));
  const error = before.error ?? after.error;
  if (error) return <ProblemNotice error={error} />;
  if (before.data === undefined || after.data === undefined) return <Loading />;
  const changes = changesOf(before.data, after.data);
  if (changes.length === 0) return <p className="muted">{t('noChanges')}</p>;
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-labelledby="versions">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('field')}</th>
            <th scope="col">{t('submissionShort', { submission: from })}</th>
            <th scope="col">{t('submissionShort', { submission: to })}</th>
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={`${change.field} ${change.of} ${change.part}`}>
              <th scope="row">
                <ChangedField change={change} />
              </th>
              <td>
                <Value value={change.from} change={change} words={words} />
              </td>
              <td>
                <Value value={change.to} change={change} words={words} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const changesOf = (before: SubmittedClaim, after: SubmittedClaim): VersionChange[] =>
  versionChanges(after.differences ?? [], before.stated, after.stated);

function ChangedField({ change: { field, of, part } }: { change: VersionChange }) {
  const t = useTexts(texts);
  const named = (name: string) => (`field_${name}` in texts.en ? t(`field_${name}` as 'field_name') : name);
  if (field === 'line') return t('lineField', { line: of, field: named(part) });
  if (field === 'evidence') return t('evidenceField', { file: of, field: named(part) });
  if (field === 'contact') return `${named(of)}: ${named(part)}`;
  return part === '' ? named(of) : `${named(of)}: ${named(part)}`;
}

function Value({ value, change: { part }, words }: { value: unknown; change: VersionChange; words: ProgrammeWords }) {
  const t = useTexts(texts);
  const said = (one: unknown): string => {
    if (typeof one === 'boolean') return t(one ? 'yes' : 'no');
    if (typeof one !== 'string') return typeof one === 'number' ? String(one) : JSON.stringify(one);
    return part === 'product' ? words.product(one) : part === 'activities' ? words.activity(one) : one;
  };
  if (value === null || value === undefined || value === '') return <span className="muted">{t('nothing')}</span>;
  return <>{Array.isArray(value) ? value.map(said).join(', ') || t('nothing') : said(value)}</>;
}
