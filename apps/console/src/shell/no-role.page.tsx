import { EmptyState } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';

export function NoRolePage() {
  const t = useTexts(texts);
  const { me } = useSession();
  return (
    <EmptyState title={t('noRoleTitle')} isPage>
      <p>{t('noRoleWhat', { name: me.name ?? me.subject })}</p>
    </EmptyState>
  );
}
