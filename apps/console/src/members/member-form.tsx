import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { call, isProblem } from '../api/index.js';
import { type Member, membersAssign } from '../client/index.js';
import { Button, Checkbox, ChoiceGroup, Dialog, Radio, TextField } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';

const roles = ['claim_admin', 'claim_user', 'account_admin', 'usage_viewer', 'usage_executive'] as const;
const hints = {
  claim_admin: 'claim_adminHint',
  claim_user: 'claim_userHint',
  account_admin: 'account_adminHint',
  usage_viewer: 'usage_viewerHint',
  usage_executive: 'usage_executiveHint',
} as const;

/** Gives roles to a person, or changes those of one who has some. */
export function MemberForm({ member, onClose }: { member: Member | null; onClose(): void }) {
  const t = useTexts(texts);
  const { me } = useSession();
  const client = useQueryClient();
  const locations = me.partner?.locations ?? [];
  const [isEverywhere, setEverywhere] = useState(member === null || member.locations.includes('*'));
  const assign = useMutation({
    mutationFn: (form: FormData) =>
      call(() =>
        membersAssign({
          path: { subject: member?.subject ?? textOf(form, 'subject').trim() },
          body: {
            roles: roles.filter((role) => form.getAll('/roles').includes(role)),
            locations: isEverywhere ? ['*'] : form.getAll('/locations').map(String),
          },
          ...(member && { headers: { 'If-Match': `"${member.version}"` } }),
        }),
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['members'] });
      onClose();
    },
  });
  const problem = isProblem(assign.error) ? assign.error : null;
  const errors = problem?.fieldErrors ?? {};
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    assign.mutate(new FormData(event.currentTarget));
  };
  return (
    <Dialog title={member === null ? t('give') : t('changeOf', { subject: member.subject })} isOpen onClose={onClose}>
      <form className="stack" onSubmit={submit} noValidate>
        <ErrorSummary problem={problem} />
        {member === null && (
          <TextField name="subject" label={t('subject')} hint={t('subjectHint')} error={errors['subject']} autoComplete="off" required />
        )}
        <ChoiceGroup label={t('roles')} error={errors['/roles']}>
          {roles.map((role) => (
            <Checkbox
              key={role}
              name="/roles"
              value={role}
              label={t(role)}
              hint={t(hints[role])}
              defaultChecked={member?.roles.includes(role) ?? false}
            />
          ))}
        </ChoiceGroup>
        <ChoiceGroup label={t('locations')} error={errors['/locations']}>
          <Radio name="extent" label={t('allLocations')} checked={isEverywhere} onChange={() => setEverywhere(true)} />
          <Radio name="extent" label={t('someLocations')} checked={!isEverywhere} onChange={() => setEverywhere(false)} />
          {!isEverywhere &&
            locations.map(({ partnerId, name }) => (
              <Checkbox
                key={partnerId}
                name="/locations"
                value={partnerId}
                label={name === null ? partnerId : `${name} (${partnerId})`}
                defaultChecked={member?.locations.includes(partnerId) ?? false}
              />
            ))}
        </ChoiceGroup>
        <div className="row">
          <Button kind="primary" type="submit" isPending={assign.isPending}>
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
