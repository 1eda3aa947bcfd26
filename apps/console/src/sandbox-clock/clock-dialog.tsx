import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call } from '../api/index.js';
import { type ClockAdvance, sandboxAdvance, type SandboxClock } from '../client/index.js';
import { Banner, Button, Dialog, Facts, TextField } from '../design/index.js';
import { ProblemNotice } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { fieldValue, justAfter, nextMorning } from './targets.js';
import { texts } from './texts.js';

const steps = ['PT1H', 'P1D', 'P7D'] as const;
const minute = 60;
const hour = 60 * minute;
const day = 24 * hour;

/** Moves the sandbox's clock forward, and says what that did. Everything on screen is read again. */
export function ClockDialog({ clock, onClose }: { clock: SandboxClock; onClose(): void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const client = useQueryClient();
  const [isMissing, setMissing] = useState(false);
  const move = useMutation({
    mutationFn: (body: ClockAdvance) => call(() => sandboxAdvance({ body })),
    onSettled: () => client.invalidateQueries(),
  });
  const { now, aheadSeconds, nextDeadlineAt } = clock;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const go = (body: ClockAdvance) => {
    if (!move.isPending) move.mutate(body);
  };
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const value = new FormData(event.currentTarget).get('to');
    const isGiven = typeof value === 'string' && value !== '';
    setMissing(!isGiven);
    if (isGiven) go({ to: new Date(value).toISOString() });
  };
  return (
    <Dialog title={t('title')} isOpen onClose={onClose}>
      <p className="muted">{t('what')}</p>
      <Facts
        items={[
          [t('now'), format.instant(now, zone)],
          [t('ahead'), <Distance key="ahead" seconds={aheadSeconds} />],
          [t('nextDeadline'), nextDeadlineAt === null ? t('noDeadline') : format.instant(nextDeadlineAt, zone)],
        ]}
      />
      {move.error && <ProblemNotice error={move.error} />}
      {move.data && (
        <Banner tone="success" isAlert title={t('moved', { now: format.instant(move.data.now), claims: move.data.movedClaims })} />
      )}
      <div className="row">
        {nextDeadlineAt !== null && (
          <Button kind="primary" isPending={move.isPending} onClick={() => go({ to: justAfter(nextDeadlineAt) })}>
            {t('toDeadline')}
          </Button>
        )}
        {steps.map((by) => (
          <Button key={by} isPending={move.isPending} onClick={() => go({ by })}>
            {t(by)}
          </Button>
        ))}
        <Button isPending={move.isPending} onClick={() => go({ to: nextMorning(new Date(now)).toISOString() })}>
          {t('morning')}
        </Button>
      </div>
      <form className="stack-tight" onSubmit={submit} noValidate>
        <TextField
          type="datetime-local"
          name="to"
          label={t('until')}
          hint={t('zone', { zone })}
          error={isMissing ? t('required') : undefined}
          defaultValue={fieldValue(new Date(now))}
        />
        <div className="row">
          <Button type="submit" isPending={move.isPending}>
            {t('move')}
          </Button>
          <Button kind="quiet" onClick={onClose}>
            {t('close')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Distance({ seconds }: { seconds: number }) {
  const t = useTexts(texts);
  const format = useFormat();
  const parts = [
    ['days', Math.floor(seconds / day)],
    ['hours', Math.floor((seconds % day) / hour)],
    ['minutes', Math.floor((seconds % hour) / minute)],
  ] as const;
  const shown = parts.filter(([, count]) => count > 0).map(([unit, count]) => t(unit, { count }));
  return shown.length === 0 ? t('asReal') : format.list(shown);
}
