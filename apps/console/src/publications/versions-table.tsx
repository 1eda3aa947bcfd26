import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { PublishedVersion } from '../client/index.js';
import { Badge, Button, Dialog, LinkButton, type Tone } from '../design/index.js';
import { ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import type { PublicationKind } from './publication-kind.js';
import { texts } from './texts.js';

const tones: Record<PublishedVersion['state'], Tone> = { in_force: 'success', scheduled: 'info', past: 'neutral', withdrawn: 'neutral' };

interface Props {
  kind: PublicationKind;
  name: string;
  versions: PublishedVersion[];
  /** Whether the person may publish. */
  mayChange: boolean;
}

/** Every version, newest first: since when, by whom, and what can be done with it. */
export function VersionsTable({ kind, name, versions, mayChange }: Props) {
  const t = useTexts(texts);
  const format = useFormat();
  const [withdrawn, setWithdrawn] = useState<PublishedVersion | null>(null);
  return (
    <div className="table-frame" tabIndex={0} role="region" aria-label={t('versions')}>
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('version')}</th>
            <th scope="col">{t('state')}</th>
            <th scope="col">{t('effectiveFrom')}</th>
            <th scope="col">{t('published')}</th>
            <td />
          </tr>
        </thead>
        <tbody>
          {versions.map((version) => (
            <tr key={version.version}>
              <th scope="row">{version.version}</th>
              <td>
                <Badge tone={tones[version.state]}>{t(version.state)}</Badge>
                {version.withdrawnAt !== null && (
                  <div className="small muted">
                    {t('atBy', { at: format.instant(version.withdrawnAt), by: version.withdrawnBy ?? '–' })}
                  </div>
                )}
              </td>
              <td className="nowrap">{format.date(version.effectiveFrom)}</td>
              <td>{publishedText(version)}</td>
              <td>
                {mayChange && (
                  <div className="row">
                    {version.state !== 'withdrawn' && (
                      <LinkButton
                        kind="quiet"
                        to={`?from=${version.version}`}
                        aria-label={t('startFromVersion', { version: version.version })}
                      >
                        {t('startFrom')}
                      </LinkButton>
                    )}
                    {version.state === 'scheduled' && kind.withdraw !== undefined && (
                      <Button
                        kind="quiet"
                        aria-label={t('takeBackVersion', { version: version.version })}
                        onClick={() => setWithdrawn(version)}
                      >
                        {t('takeBack')}
                      </Button>
                    )}
                  </div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {withdrawn !== null && <TakeBack kind={kind} name={name} version={withdrawn} onClose={() => setWithdrawn(null)} />}
    </div>
  );

  function publishedText({ publishedAt, publishedBy }: PublishedVersion): string {
    if (publishedAt === null) return t('notRecorded');
    return publishedBy === null
      ? t('atShipped', { at: format.instant(publishedAt) })
      : t('atBy', { at: format.instant(publishedAt), by: publishedBy });
  }
}

function TakeBack({ kind, name, version, onClose }: { kind: PublicationKind; name: string; version: PublishedVersion; onClose(): void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const client = useQueryClient();
  const withdraw = useMutation({
    mutationFn: () => kind.withdraw!(name, version.version),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: [kind.key, name] });
      onClose();
    },
  });
  return (
    <Dialog role="alertdialog" title={t('takeBackVersion', { version: version.version })} isOpen onClose={onClose}>
      <p>{t('takeBackWhat', { version: version.version, date: format.date(version.effectiveFrom) })}</p>
      {withdraw.error && <ProblemNotice error={withdraw.error} />}
      <div className="row">
        <Button kind="danger" isPending={withdraw.isPending} onClick={() => withdraw.mutate()}>
          {t('takeBack')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </Dialog>
  );
}
