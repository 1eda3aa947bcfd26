import { useState } from 'react';
import type { Claim } from '../../client/index.js';
import { Checkbox } from '../../design/index.js';
import { useTexts } from '../../i18n/index.js';
import { texts } from '../texts.js';

const points = ['parties', 'signed', 'work', 'products', 'disclosure'] as const;

/** A new submission may bring new evidence, so it is checked anew. */
const keyOf = ({ claimId, submissions }: Claim): string => `cpor.checklist.${claimId}.${submissions}`;

function readTicks(key: string): string[] {
  const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
  return Array.isArray(stored) ? stored.map(String) : [];
}

/** What evidence must contain (domain.md 2.1), to tick off while reading. The ticks stay in this browser and are not sent. */
export function EvidenceChecklist({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const key = keyOf(claim);
  const [ticks, setTicks] = useState(() => readTicks(key));
  const isUsage = claim.lines.some(({ activities }) => activities.includes('usage'));
  const toggle = (point: string) => {
    const next = ticks.includes(point) ? ticks.filter((other) => other !== point) : [...ticks, point];
    localStorage.setItem(key, JSON.stringify(next));
    setTicks(next);
  };
  const shown = points.filter((point) => point !== 'products' || isUsage);
  return (
    <fieldset className="stack-tight">
      <legend>
        <h2>{t('checklist')}</h2>
      </legend>
      <p className="small muted">{t('checklistHint')}</p>
      {shown.map((point) => (
        <Checkbox
          key={point}
          name={`check-${point}`}
          label={t(`check_${point}`)}
          checked={ticks.includes(point)}
          onChange={() => toggle(point)}
        />
      ))}
    </fieldset>
  );
}
