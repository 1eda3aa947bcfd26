import { type FormEvent, useState } from 'react';
import { call } from '../api/index.js';
import {
  type CreatedWebhookEndpoint,
  type NewWebhookEndpoint,
  type WebhookEndpoint,
  webhooksChange,
  webhooksCreate,
} from '../client/index.js';
import { Button, Checkbox, ChoiceGroup, Dialog, Radio, SelectField, TextField } from '../design/index.js';
import { eventTypes, eventTypeTexts } from '../events/type-texts.js';
import { ErrorSummary } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';
import { useChange } from './use-endpoint.js';

interface Props {
  /** Null for a new one. */
  endpoint: WebhookEndpoint | null;
  onClose(): void;
  onCreated?(created: CreatedWebhookEndpoint): void;
}

const formats = ['standard', 'cloudevents'] as const;

/** Registers an endpoint, or changes what one is told. */
export function EndpointForm({ endpoint, onClose, onCreated }: Props) {
  const t = useTexts(texts);
  const typeName = useTexts(eventTypeTexts);
  const { me } = useSession();
  const locations = me.partner?.locations ?? [];
  const [isEvery, setEvery] = useState(endpoint === null || endpoint.types === null);
  const [isEverywhere, setEverywhere] = useState(endpoint === null || endpoint.locations === null);
  const save = useChange(
    async (form: FormData, headers): Promise<CreatedWebhookEndpoint | null> => {
      const body: NewWebhookEndpoint = {
        url: textOf(form, '/url').trim(),
        description: textOf(form, '/description').trim(),
        types: isEvery ? null : eventTypes.filter((type) => form.getAll('/types').includes(type)),
        format: formats.find((one) => one === textOf(form, '/format')) ?? 'standard',
        contactEmail: textOf(form, '/contactEmail').trim() || null,
        ...(locations.length > 0 && { locations: isEverywhere ? null : form.getAll('/locations').map(String) }),
      };
      if (endpoint === null) return call(() => webhooksCreate({ body, headers }));
      const { endpointId, version } = endpoint;
      await call(() => webhooksChange({ path: { endpointId }, body, headers: { 'If-Match': `"${version}"` } }));
      return null;
    },
    (created) => {
      onClose();
      if (created !== null) onCreated?.(created);
    },
  );
  const errors = save.problem?.fieldErrors ?? {};
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={t(endpoint === null ? 'add' : 'editOf')} isOpen isDismissable={false} onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <ErrorSummary problem={save.problem} />
        <TextField
          name="/url"
          label={t('url')}
          hint={t('urlHint')}
          error={errors['/url']}
          defaultValue={endpoint?.url}
          inputMode="url"
          autoComplete="off"
          required
        />
        <TextField
          name="/description"
          label={t('description')}
          error={errors['/description']}
          defaultValue={endpoint?.description}
          autoComplete="off"
        />
        <ChoiceGroup label={t('whichEvents')} error={errors['/types']}>
          <Radio name="extent" label={t('everyEvent')} checked={isEvery} onChange={() => setEvery(true)} />
          <Radio name="extent" label={t('onlyThese')} checked={!isEvery} onChange={() => setEvery(false)} />
          {!isEvery && (
            <div className="webhook-types">
              {eventTypes.map((type) => (
                <Checkbox
                  key={type}
                  name="/types"
                  value={type}
                  label={typeName(type)}
                  hint={type}
                  defaultChecked={endpoint?.types?.includes(type) ?? false}
                />
              ))}
            </div>
          )}
        </ChoiceGroup>
        {locations.length > 0 && (
          <ChoiceGroup label={t('locations')} error={errors['/locations']}>
            <Radio name="where" label={t('allLocations')} checked={isEverywhere} onChange={() => setEverywhere(true)} />
            <Radio name="where" label={t('someLocations')} checked={!isEverywhere} onChange={() => setEverywhere(false)} />
            {!isEverywhere &&
              locations.map(({ partnerId, name }) => (
                <Checkbox
                  key={partnerId}
                  name="/locations"
                  value={partnerId}
                  label={name === null ? partnerId : `${name} (${partnerId})`}
                  defaultChecked={endpoint?.locations?.includes(partnerId) ?? false}
                />
              ))}
          </ChoiceGroup>
        )}
        <SelectField
          name="/format"
          label={t('format')}
          error={errors['/format']}
          options={formats.map((value) => ({ value, label: t(`format_${value}`) }))}
          defaultValue={endpoint?.format ?? 'standard'}
        />
        <TextField
          name="/contactEmail"
          label={t('contact')}
          hint={t('contactHint')}
          error={errors['/contactEmail']}
          defaultValue={endpoint?.contactEmail ?? ''}
          inputMode="email"
        />
        <div className="row">
          <Button kind="primary" type="submit" isPending={save.isPending}>
            {t('save')}
          </Button>
          <Button onClick={onClose}>{t('cancel')}</Button>
        </div>
      </form>
    </Dialog>
  );
}

function textOf(form: FormData, name: string): string {
  const value = form.get(name);
  return typeof value === 'string' ? value : '';
}
