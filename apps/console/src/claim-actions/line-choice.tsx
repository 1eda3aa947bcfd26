import type { ClaimLine, Phase } from '../client/index.js';
import { Checkbox, ChoiceGroup } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import type { ProgrammeWords } from '../programme-labels/index.js';
import { texts } from './texts.js';

interface Props {
  lines: ClaimLine[];
  chosen: number[];
  onChoose: (lines: number[]) => void;
  words: ProgrammeWords;
  error?: string | undefined;
}

/** Which of the lines an act concerns. With one line there is nothing to choose. */
export function LineChoice({ lines, chosen, onChoose, words, error }: Props) {
  const t = useTexts(texts);
  if (lines.length < 2) return error === undefined ? null : <p className="field-error">{error}</p>;
  const toggle = (line: number) => onChoose(chosen.includes(line) ? chosen.filter((other) => other !== line) : [...chosen, line]);
  return (
    <ChoiceGroup label={t('whichLines')} error={error}>
      {lines.map(({ line, product, subscriptionId }) => (
        <Checkbox
          key={line}
          name="/lines"
          label={`${line}. ${words.product(product)}${subscriptionId === null ? '' : ` (${subscriptionId})`}`}
          checked={chosen.includes(line)}
          onChange={() => toggle(line)}
        />
      ))}
    </ChoiceGroup>
  );
}

export const linesIn = (lines: ClaimLine[], phases: Phase[]): ClaimLine[] => lines.filter(({ phase }) => phases.includes(phase));

export const numbersOf = (lines: ClaimLine[]): number[] => lines.map(({ line }) => line);
