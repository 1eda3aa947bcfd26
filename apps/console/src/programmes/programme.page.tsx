import { Link, useLocation, useParams, useSearchParams } from 'react-router';
import { isProblem } from '../api/index.js';
import { Flash, Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { NextVersion, useVersions, VersionsTable } from '../publications/index.js';
import { useSession } from '../session/index.js';
import { ProgrammeForm } from './programme-form.js';
import { programmeKind } from './programme-kind.js';
import { texts } from './texts.js';

/** One programme: its versions, and the next one being written. `?from=2` starts from that version, `?copy=sample@1` a programme like another. */
export function Component() {
  const { name = '' } = useParams();
  const { key } = useLocation();
  // Each visit starts a document of its own.
  return <Programme key={key} name={name} />;
}

function Programme({ name }: { name: string }) {
  const t = useTexts(texts);
  const { can } = useSession();
  const [params] = useSearchParams();
  const versions = useVersions(programmeKind, name);
  const [copied, copiedVersion] = params.get('copy')?.split('@') ?? [];
  const isNew = isProblem(versions.error) && versions.error.status === 404 && copied !== undefined;
  if (versions.error && !isNew) return <ProblemNotice error={versions.error} onRetry={() => void versions.refetch()} />;
  if (versions.items === undefined && !isNew) return <Loading />;
  const mayChange = can('catalogue.write');
  const source = isNew
    ? { name: copied, version: Number(copiedVersion) }
    : { name, version: Number(params.get('from')) || versions.latest?.version };
  return (
    <>
      <Flash />
      <nav aria-label={t('path')} className="small">
        <Link to="/programmes">{t('title')}</Link>
      </nav>
      <h1>{name}</h1>
      {versions.items !== undefined && <VersionsTable kind={programmeKind} name={name} versions={versions.items} mayChange={mayChange} />}
      {mayChange && (
        <NextVersion kind={programmeKind} name={name} address={`/programmes/${name}`} source={source}>
          {(today) => <ProgrammeForm today={today} />}
        </NextVersion>
      )}
    </>
  );
}
