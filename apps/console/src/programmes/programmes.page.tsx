import { useQueries, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { call } from '../api/index.js';
import { programmesList, type PublishedVersion } from '../client/index.js';
import { Badge, Button, Dialog, EmptyState, SelectField, TextField } from '../design/index.js';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { programmeKind } from './programme-kind.js';
import { texts } from './texts.js';

/** The programmes: which version is in force, since when and by whom, and what is scheduled. */
export function Component() {
  const t = useTexts(texts);
  const { can } = useSession();
  const programmes = useQuery({ queryKey: ['programme', 'list'], queryFn: () => call(() => programmesList()) });
  const items = programmes.data?.items;
  const [isNew, setNew] = useState(false);
  return (
    <>
      <div className="row-between">
        <h1>{t('title')}</h1>
        {can('catalogue.write') && items !== undefined && items.length > 0 && (
          <Button onClick={() => setNew(true)}>{t('newProgramme')}</Button>
        )}
      </div>
      <p className="muted">{t('what')}</p>
      {programmes.error ? (
        <ProblemNotice error={programmes.error} onRetry={() => void programmes.refetch()} />
      ) : items === undefined ? (
        <Loading />
      ) : items.length === 0 ? (
        <EmptyState title={t('noneTitle')}>
          <p>{t('noneWhat')}</p>
        </EmptyState>
      ) : (
        <ProgrammesTable programmes={items} />
      )}
      {isNew && <NewProgramme programmes={items ?? []} onClose={() => setNew(false)} />}
    </>
  );
}

type Summary = { name: string; version: number; effectiveFrom: string; calendar: string };

function ProgrammesTable({ programmes }: { programmes: Summary[] }) {
  const t = useTexts(texts);
  const format = useFormat();
  const versions = useQueries({
    queries: programmes.map(({ name }) => ({
      queryKey: ['programme', name, 'versions'],
      queryFn: async () => (await programmeKind.versions(name)).data.items,
    })),
  });
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('title')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('programme')}</th>
            <th scope="col">{t('inForce')}</th>
            <th scope="col">{t('since')}</th>
            <th scope="col">{t('publishedBy')}</th>
            <th scope="col">{t('scheduled')}</th>
            <th scope="col">{t('calendar')}</th>
          </tr>
        </thead>
        <tbody>
          {programmes.map(({ name, version, effectiveFrom, calendar }, index) => {
            const all = versions[index]?.data;
            return (
              <tr key={name}>
                <th scope="row">
                  <Link to={`/programmes/${name}`}>{name}</Link>
                </th>
                <td>{t('versionNumber', { version })}</td>
                <td className="nowrap">{format.date(effectiveFrom)}</td>
                <td>{all?.find((each) => each.version === version)?.publishedBy ?? t('shipped')}</td>
                <td>
                  <Scheduled versions={all?.filter(({ state }) => state === 'scheduled') ?? []} />
                </td>
                <td>
                  <Link to={`/calendars/${calendar}`}>{calendar}</Link>
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Scheduled({ versions }: { versions: PublishedVersion[] }) {
  const t = useTexts(texts);
  const format = useFormat();
  if (versions.length === 0) return <span className="muted">{t('noScheduled')}</span>;
  return versions.map(({ version, effectiveFrom, publishedBy }) => (
    <div key={version}>
      <Badge tone="info">{t('versionFrom', { version, date: format.date(effectiveFrom) })}</Badge> {publishedBy}
    </div>
  ));
}

/** A programme begins as a copy of another one: nobody writes a catalogue from nothing. */
function NewProgramme({ programmes, onClose }: { programmes: Summary[]; onClose(): void }) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const [error, setError] = useState<string>();
  const begin = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const [name, copied] = [String(form.get('name')).trim(), String(form.get('copied'))];
    const original = programmes.find((programme) => programme.name === copied);
    if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) setError(t('nameWrong'));
    else if (programmes.some((programme) => programme.name === name)) setError(t('nameTaken'));
    else void navigate(`/programmes/${name}?copy=${copied}@${original?.version}`);
  };
  return (
    <Dialog title={t('newProgramme')} isOpen onClose={onClose}>
      <form className="stack" onSubmit={begin} noValidate>
        <TextField name="name" label={t('name')} hint={t('nameHint')} error={error} autoComplete="off" />
        <SelectField name="copied" label={t('copyOf')} options={programmes.map(({ name }) => ({ value: name, label: name }))} />
        <div className="row">
          <Button kind="primary" type="submit">
            {t('begin')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
