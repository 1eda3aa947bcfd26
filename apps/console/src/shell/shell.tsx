import { Suspense, useEffect, useRef } from 'react';
import { NavLink, Outlet, useLocation, useNavigation } from 'react-router';
import { Flash, Loading } from '../feedback/index.js';
import icon from '../icon.svg';
import { useTexts } from '../i18n/index.js';
import { SandboxClock } from '../sandbox-clock/sandbox-clock.js';
import { useSession } from '../session/index.js';
import { AccountMenu } from './account-menu.js';
import { NoRolePage } from './no-role.page.js';
import { Preferences } from './preferences.js';
import { sections } from './sections.js';
import './shell.css';
import { texts } from './texts.js';

/** What surrounds every page: the sections that the person may use, and who is signed in. */
export function Shell() {
  const t = useTexts(texts);
  const { me, can } = useSession();
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const isLoading = useNavigation().state === 'loading';
  // A screen reader starts at the new page rather than at the link that led there.
  useEffect(() => main.current?.focus({ preventScroll: true }), [pathname]);
  return (
    <div className="shell">
      <a className="button skip" href="#main">
        {t('skip')}
      </a>
      <header className="top">
        <NavLink className="brand" to="/">
          <img src={icon} alt="" width="24" height="24" />
          cpor
        </NavLink>
        <div className="top-end">
          {me.mode === 'sandbox' && <SandboxClock />}
          <Preferences />
          <AccountMenu />
        </div>
      </header>
      <nav className="nav" aria-label={t('navigation')}>
        <ul>
          {sections
            .filter(({ permission }) => can(permission))
            .map(({ path, text }) => (
              <li key={path}>
                <NavLink to={`/${path}`}>{t(text)}</NavLink>
              </li>
            ))}
        </ul>
      </nav>
      <main id="main" className="main" ref={main} tabIndex={-1} aria-busy={isLoading}>
        {isLoading && <div className="loading-bar" />}
        <Flash />
        <Suspense fallback={<Loading />}>{me.roles.length === 0 ? <NoRolePage /> : <Outlet />}</Suspense>
      </main>
    </div>
  );
}
