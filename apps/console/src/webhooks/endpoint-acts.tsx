import { type FormEvent, type ReactNode, useState } from 'react';
import { useNavigate } from 'react-router';
import { type ApiProblem, call } from '../api/index.js';
import {
  type WebhookEndpoint,
  type WebhookSecret,
  webhooksDisable,
  webhooksEnable,
  webhooksRemove,
  webhooksReplay,
  webhooksRotate,
  webhooksTest,
} from '../client/index.js';
import { Button, Checkbox, ChoiceGroup, Dialog, Radio, TextField } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { EndpointForm } from './endpoint-form.js';
import { SecretDialog } from './secret-dialog.js';
import { texts } from './texts.js';
import { useChange } from './use-endpoint.js';

type Act = 'edit' | 'rotate' | 'disable' | 'enable' | 'replay' | 'remove';

interface Props {
  endpoint: WebhookEndpoint;
  /** Says what was done. */
  onDone(words: string | null): void;
}

/** What a person can do with an endpoint. */
export function EndpointActs({ endpoint, onDone }: Props) {
  const t = useTexts(texts);
  const { endpointId } = endpoint;
  const [act, setAct] = useState<Act | null>(null);
  const [secret, setSecret] = useState<WebhookSecret | null>(null);
  const test = useChange(
    (_: void, headers) => call(() => webhooksTest({ path: { endpointId }, headers })),
    () => onDone(t('testSent')),
  );
  const close = () => setAct(null);
  const open = (chosen: Act) => () => {
    onDone(null);
    setAct(chosen);
  };
  const isDisabled = endpoint.state === 'disabled';
  const common = { endpointId, onClose: close };
  return (
    <>
      <ErrorSummary problem={test.problem} />
      <div className="row">
        {!isDisabled && (
          <Button kind="primary" isPending={test.isPending} onClick={() => test.mutate()}>
            {t('test')}
          </Button>
        )}
        {endpoint.state !== 'enabled' && (
          <Button kind={isDisabled ? 'primary' : 'secondary'} onClick={open('enable')}>
            {t(isDisabled ? 'enable' : 'tryNow')}
          </Button>
        )}
        <Button onClick={open('edit')}>{t('edit')}</Button>
        <Button onClick={open('rotate')}>{t('rotate')}</Button>
        <Button onClick={open('replay')}>{t('replay')}</Button>
        {!isDisabled && <Button onClick={open('disable')}>{t('disable')}</Button>}
        <Button kind="danger" onClick={open('remove')}>
          {t('remove')}
        </Button>
      </div>
      {act === 'edit' && <EndpointForm endpoint={endpoint} onClose={close} />}
      {act === 'rotate' && <Rotate {...common} onSecret={setSecret} />}
      {act === 'replay' && <Replay {...common} onDone={() => onDone(t('replayed'))} />}
      {act === 'disable' && <Disable {...common} />}
      {act === 'enable' && <Enable {...common} isDisabled={isDisabled} />}
      {act === 'remove' && <Remove {...common} />}
      {secret !== null && <SecretDialog {...secret} onClose={() => setSecret(null)} />}
    </>
  );
}

interface ActProps {
  endpointId: string;
  onClose(): void;
}

interface FrameProps {
  title: string;
  what: string;
  problem: ApiProblem | null;
  isPending: boolean;
  isFinal?: boolean;
  onSubmit(form: FormData): void;
  onClose(): void;
  children?: ReactNode;
}

/** Says what an act means, asks what it needs to know, and does it. */
function ActDialog({ title, what, problem, isPending, isFinal = false, onSubmit, onClose, children }: FrameProps) {
  const t = useTexts(texts);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!isPending) onSubmit(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={title} isOpen onClose={onClose} role={isFinal ? 'alertdialog' : 'dialog'}>
      <form className="stack" onSubmit={submit} noValidate>
        <ErrorSummary problem={problem} />
        <p>{what}</p>
        {children}
        <div className="row">
          <Button type="submit" kind={isFinal ? 'danger' : 'primary'} isPending={isPending}>
            {title}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function Rotate({ endpointId, onClose, onSecret }: ActProps & { onSecret(secret: WebhookSecret): void }) {
  const t = useTexts(texts);
  const rotate = useChange(
    (form: FormData, headers) =>
      call(() => webhooksRotate({ path: { endpointId }, headers, body: { overlapHours: Number(form.get('/overlapHours')) } })),
    (secret) => {
      onClose();
      onSecret(secret);
    },
  );
  return (
    <ActDialog title={t('rotate')} what={t('rotateWhat')} {...rotate} onSubmit={rotate.mutate} onClose={onClose}>
      <TextField
        name="/overlapHours"
        label={t('overlap')}
        hint={t('overlapHint')}
        error={rotate.problem?.fieldErrors['/overlapHours']}
        type="number"
        min={0}
        max={168}
        defaultValue={24}
      />
    </ActDialog>
  );
}

function Replay({ endpointId, onClose, onDone }: ActProps & { onDone(): void }) {
  const t = useTexts(texts);
  const replay = useChange(
    (form: FormData, headers) => {
      const given = form.get('/since');
      const since = new Date(typeof given === 'string' ? given : '');
      // The API says what is wrong with a time that cannot be read.
      const body = {
        since: Number.isNaN(since.getTime()) ? '' : since.toISOString(),
        deliveries: form.get('/deliveries') === 'all' ? ('all' as const) : ('given_up' as const),
      };
      return call(() => webhooksReplay({ path: { endpointId }, headers, body }));
    },
    () => {
      onClose();
      onDone();
    },
  );
  return (
    <ActDialog title={t('replay')} what={t('replayWhat')} {...replay} onSubmit={replay.mutate} onClose={onClose}>
      <TextField name="/since" label={t('since')} error={replay.problem?.fieldErrors['/since']} type="datetime-local" required />
      <ChoiceGroup label={t('replayWhich')}>
        <Radio name="/deliveries" value="given_up" label={t('replay_given_up')} defaultChecked />
        <Radio name="/deliveries" value="all" label={t('replay_all')} />
      </ChoiceGroup>
    </ActDialog>
  );
}

function Disable({ endpointId, onClose }: ActProps) {
  const t = useTexts(texts);
  const disable = useChange((_: FormData, headers) => call(() => webhooksDisable({ path: { endpointId }, headers })), onClose);
  return <ActDialog title={t('disable')} what={t('disableWhat')} {...disable} isFinal onSubmit={disable.mutate} onClose={onClose} />;
}

/** Also ends the waiting of an endpoint that fails. */
function Enable({ endpointId, isDisabled, onClose }: ActProps & { isDisabled: boolean }) {
  const t = useTexts(texts);
  const enable = useChange(
    (form: FormData, headers) =>
      call(() => webhooksEnable({ path: { endpointId }, headers, body: { skipMissed: form.get('/skipMissed') !== null } })),
    onClose,
  );
  return (
    <ActDialog
      title={t(isDisabled ? 'enable' : 'tryNow')}
      what={t(isDisabled ? 'enableWhat' : 'tryNowWhat')}
      {...enable}
      onSubmit={enable.mutate}
      onClose={onClose}
    >
      <Checkbox name="/skipMissed" label={t('skipMissed')} />
    </ActDialog>
  );
}

function Remove({ endpointId, onClose }: ActProps) {
  const t = useTexts(texts);
  const navigate = useNavigate();
  const remove = useChange(
    () => call(() => webhooksRemove({ path: { endpointId } })),
    () => void navigate('/webhooks', { state: { flash: t('removed') } }),
  );
  return <ActDialog title={t('remove')} what={t('removeWhat')} {...remove} isFinal onSubmit={() => remove.mutate()} onClose={onClose} />;
}
