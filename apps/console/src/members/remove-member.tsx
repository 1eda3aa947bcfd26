import { useMutation, useQueryClient } from '@tanstack/react-query';
import { call, isProblem } from '../api/index.js';
import { type Member, membersRemove } from '../client/index.js';
import { Button, Dialog } from '../design/index.js';
import { ErrorSummary } from '../feedback/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

/** Asks before roles are taken away. */
export function RemoveMember({ member, onClose }: { member: Member; onClose(): void }) {
  const t = useTexts(texts);
  const format = useFormat();
  const client = useQueryClient();
  const { subject, roles, version } = member;
  const remove = useMutation({
    mutationFn: () => call(() => membersRemove({ path: { subject }, headers: { 'If-Match': `"${version}"` } })),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['members'] });
      onClose();
    },
  });
  return (
    <Dialog title={t('takeAwayOf', { subject })} role="alertdialog" isOpen onClose={onClose}>
      <ErrorSummary problem={isProblem(remove.error) ? remove.error : null} />
      <p>{t('takeAwayWhat', { subject, roles: format.list(roles.map((role) => t(role))) })}</p>
      <div className="row">
        <Button kind="danger" isPending={remove.isPending} onClick={() => remove.mutate()}>
          {t('takeAway')}
        </Button>
        <Button onClick={onClose}>{t('cancel')}</Button>
      </div>
    </Dialog>
  );
}
