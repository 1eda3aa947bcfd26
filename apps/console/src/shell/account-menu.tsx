import { Menu, MenuItem, MenuTrigger, Popover, Button as AriaButton } from 'react-aria-components';
import { useTexts } from '../i18n/index.js';
import { signOut, useSession } from '../session/index.js';
import { texts } from './texts.js';

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
