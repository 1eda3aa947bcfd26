import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { call } from '../api/index.js';
import { sandboxClock } from '../client/index.js';
import { Button } from '../design/index.js';
import { useFormat, useTexts } from '../i18n/index.js';
import { useSession } from '../session/index.js';
import { ClockDialog } from './clock-dialog.js';
import { texts } from './texts.js';

/** The product's clock in a sandbox; for those who may, a way to move it forward. */
export function SandboxClock() {
  const t = useTexts(texts);
  const format = useFormat();
  const { can } = useSession();
  const [isOpen, setOpen] = useState(false);
  const clock = useQuery({ queryKey: ['sandbox-clock'], queryFn: () => call(() => sandboxClock()), refetchInterval: 30_000 });
  if (clock.data === undefined) return null;
  const shown = t('clock', { now: format.instant(clock.data.now) });
  if (!can('sandbox.advance')) return <span className="small">{shown}</span>;
  return (
    <>
      <Button onClick={() => setOpen(true)} aria-haspopup="dialog">
        {shown}
      </Button>
      {isOpen && <ClockDialog clock={clock.data} onClose={() => setOpen(false)} />}
    </>
  );
}
