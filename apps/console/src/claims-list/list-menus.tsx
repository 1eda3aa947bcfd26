import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import type { ClaimListsListData } from '../client/index.js';
import { LinkButton } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { type ColumnName, columnNames, columnOf } from './columns.js';
import { queryText } from './filter-names.js';
import { texts } from './texts.js';

/** Which columns are shown. */
export function ColumnMenu({ shown, choose }: { shown: readonly ColumnName[]; choose: (names: ColumnName[]) => void }) {
  const t = useTexts(texts);
  return (
    <MenuTrigger>
      <AriaButton className="button">{t('columns')}</AriaButton>
      <Popover className="popover">
        <Menu
          className="menu"
          aria-label={t('columns')}
          selectionMode="multiple"
          selectedKeys={shown}
          onSelectionChange={(keys) => choose(columnNames.filter((name) => keys === 'all' || keys.has(name)))}
        >
          {columnNames.map((name) => (
            <MenuItem key={name} id={name} className="menu-item">
              {({ isSelected }) => (
                <>
                  <span aria-hidden="true" className="menu-tick">
                    {isSelected ? '✓' : ''}
                  </span>
                  {t(columnOf(name).text)}
                </>
              )}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}

/** Files of exactly what the list shows: the same filters, the same order. A table can be sent back with changes. */
export function ExportLinks({ query }: { query: NonNullable<ClaimListsListData['query']> }) {
  const t = useTexts(texts);
  const session = useSession();
  return (
    <span className="row">
      {(['csv', 'json'] as const).map((format) => (
        <a key={format} className="button" href={`/v1/claims/export?${queryText(query, { format })}`} download>
          {t(format)}
        </a>
      ))}
      {session.can('claims.edit') && <LinkButton to={`/imports/changes?${queryText(query, {})}`}>{t('changeInFile')}</LinkButton>}
    </span>
  );
}
