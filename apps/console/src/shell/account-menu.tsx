import { Menu, MenuItem, MenuTrigger, Popover, Button as AriaButton } from 'react-aria-components';
import { call } from '../api/index.js';
import { sessionSignOut } from '../client/index.js';
import { useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { texts } from './texts.js';

async function signOut(scope: 'here' | 'everywhere'): Promise<void> {
  const { issuerSignOut } = await call(() => sessionSignOut({ body: { scope } }));
  window.location.assign(issuerSignOut ?? '/');
}

/** Who is signed in, and the way out. */
export function AccountMenu() {
  const t = useTexts(texts);
  const { me } = useSession();
  const name = me.name ?? me.subject;
  return (
    <MenuTrigger>
      <AriaButton className="button" aria-label={t('account', { name })}>
        {name}
      </AriaButton>
      <Popover className="popover">
        <Menu className="menu">
          <MenuItem className="menu-item" href="/sessions">
            {t('sessions')}
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void signOut('here')}>
            {t('signOut')}
          </MenuItem>
          <MenuItem className="menu-item" onAction={() => void signOut('everywhere')}>
            {t('signOutEverywhere')}
          </MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
