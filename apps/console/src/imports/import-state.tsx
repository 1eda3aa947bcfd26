import type { Import, ImportRow } from '../client/index.js';
import { Badge, type Tone } from '../design/index.js';
import { useImportTexts } from './file-zone.js';
import { type ImportText, texts } from './texts.js';

const tones: Record<string, Tone> = {
  running: 'info',
  paused: 'warning',
  done: 'success',
  accepted: 'info',
  submitted: 'success',
  drafted: 'success',
  refused: 'danger',
};

/** The state of an import or the outcome of a row; one newer than this build shows its code. */
export function ImportState({ state }: { state: Import['state'] | ImportRow['outcome'] }) {
  const t = useImportTexts();
  return <Badge tone={tones[state] ?? 'neutral'}>{state in texts.en ? t(state satisfies ImportText) : state}</Badge>;
}
