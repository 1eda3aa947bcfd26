import type { ReactNode } from 'react';
import { NavLink } from 'react-router';
import type { Me } from '../client/index.js';
import { EmptyState } from '../design/index.js';
import { useLanguage, useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { mailWords } from './mail-words.js';
import './portal.css';
import { texts } from './texts.js';

export type Tenant = NonNullable<Me['tenant']>;

const tabs = [
  { path: '/portal', text: 'tab_waiting' },
  { path: '/portal/partners', text: 'tab_partners' },
  { path: '/portal/accesses', text: 'tab_accesses' },
  { path: '/portal/answers', text: 'tab_answers' },
] as const;

/** What surrounds every page of the portal: whose it is, where else to go, and what a partner of record is. */
export function PortalFrame({ title, children }: { title: string; children: (tenant: Tenant) => ReactNode }) {
  const t = useTexts(texts);
  const { tenant } = useSession().me;
  if (tenant === null) {
    return (
      <EmptyState title={t('notYoursTitle')}>
        <p>{t('notYoursWhat')}</p>
      </EmptyState>
    );
  }
  return (
    <div className="portal stack">
      <p className="small muted">{t('tenant', { name: tenant.name ?? tenant.tenantId })}</p>
      <nav aria-label={t('tabs')}>
        <ul className="tab-list portal-tabs">
          {tabs.map(({ path, text }) => (
            <li key={path}>
              <NavLink end className="tab" to={path}>
                {t(text)}
              </NavLink>
            </li>
          ))}
        </ul>
      </nav>
      <h1>{title}</h1>
      {children(tenant)}
      <p className="small">
        <ExplanationLink />
      </p>
    </div>
  );
}

/** Leads to the public page that explains a programme, or to the list of them. */
export function ExplanationLink({ programme }: { programme?: string }) {
  const t = useTexts(mailWords);
  const { language } = useLanguage();
  const path = programme === undefined ? '' : `/${encodeURIComponent(programme)}`;
  return <a href={`/partner-of-record${path}?lang=${language}`}>{t('explanation')}</a>;
}
