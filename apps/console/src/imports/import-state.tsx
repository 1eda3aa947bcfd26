import { Badge, type Tone } from '../design/index.js';
import type { Outcome, SentBatch } from './file-kinds.js';
import { useImportTexts } from './file-zone.js';
import { type ImportText, texts } from './texts.js';

const tones: Record<string, Tone> = {
  running: 'info',
  paused: 'warning',
  done: 'success',
  accepted: 'info',
  changed: 'success',
  wouldChange: 'success',
  submitted: 'success',
  drafted: 'success',
  refused: 'danger',
};

/** The state of an import or the outcome of a row; one newer than this build shows its code. */
export function ImportState({ state }: { state: SentBatch['state'] | Outcome | 'wouldChange' }) {
  const t = useImportTexts();
  return <Badge tone={tones[state] ?? 'neutral'}>{state in texts.en ? t(state satisfies ImportText) : state}</Badge>;
}

/** A row of a dry run has changed nothing. */
export const outcomeText = (outcome: Outcome, isTrial: boolean): Outcome | 'wouldChange' =>
  isTrial && outcome === 'changed' ? 'wouldChange' : outcome;
