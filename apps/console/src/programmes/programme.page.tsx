import { Link, useLocation, useParams, useSearchParams } from 'react-router';
import { Loading, ProblemNotice } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { NextVersion, useVersions, VersionsTable } from '../publications/index.js';
import { useSession } from '../session/index.js';
import { ClaimEffects } from './claim-effects.js';
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
  const isNew = versions.missing !== undefined && copied !== undefined;
  const error = isNew ? undefined : (versions.error ?? versions.missing);
  if (error) return <ProblemNotice error={error} onRetry={() => void versions.refetch()} />;
  if (versions.items === undefined) return <Loading />;
  const mayChange = can('catalogue.write');
  const source = isNew
    ? { name: copied, version: Number(copiedVersion) }
    : { name, version: Number(params.get('from')) || versions.latest?.version };
  return (
    <>
      <nav aria-label={t('path')} className="small">
        <Link to="/programmes">{t('title')}</Link>
      </nav>
      <h1>{name}</h1>
      {!isNew && <VersionsTable kind={programmeKind} name={name} versions={versions.items} mayChange={mayChange} />}
      {mayChange && (
        <NextVersion
          kind={programmeKind}
          name={name}
          address={`/programmes/${name}`}
          source={source}
          effects={(document, seen) => <ClaimEffects name={name} document={document} seen={seen} />}
        >
          {(today) => <ProgrammeForm today={today} />}
        </NextVersion>
      )}
    </>
  );
}
