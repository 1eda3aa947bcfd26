import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';
import { call } from '../api/index.js';
import { sandboxAdvance, sandboxClock } from '../client/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { texts } from './texts.js';

const steps = ['PT1H', 'P1D', 'P7D', 'P30D'] as const;

/** The product's clock in a sandbox, and a way to move it forward. */
export function SandboxClock() {
  const t = useTexts(texts);
  const format = useFormat();
  const client = useQueryClient();
  const clock = useQuery({ queryKey: ['sandbox-clock'], queryFn: () => call(() => sandboxClock()), refetchInterval: 30_000 });
  const advance = async (by: string) => {
    await call(() => sandboxAdvance({ body: { by } }));
    await client.invalidateQueries();
  };
  if (clock.data === undefined) return null;
  return (
    <MenuTrigger>
      <AriaButton className="button">{t('clock', { now: format.instant(clock.data.now) })}</AriaButton>
      <Popover className="popover">
        <Menu className="menu" onAction={(step) => void advance(String(step))}>
          {steps.map((step) => (
            <MenuItem key={step} id={step} className="menu-item">
              {t(step)}
            </MenuItem>
          ))}
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
