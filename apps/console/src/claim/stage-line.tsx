import { claimTexts } from '../claim-words/index.js';
import type { Claim } from '../client/index.js';
import { Badge } from '../design/index.js';
import { useTexts } from '../i18n/index.js';
import { asideTones } from './aside-tones.js';
import { type Stage, stagesOf } from './stages.js';
import { texts } from './texts.js';

const marks: Record<Stage['state'], string> = { done: '✓', present: '', paused: '↺', stopped: '✕', ahead: '', missed: '' };

/** The claim's process as a line of stages, with the present one marked. */
export function StageLine({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  const stages = stagesOf(claim);
  const hasSeveral = claim.lines.length > 1;
  const present = stages.findLast(({ state }) => state === 'present') ?? stages.findLast(({ asides }) => asides.length > 0);
  return (
    <section aria-labelledby="stages">
      <h2 id="stages" className="visually-hidden">
        {t('stages')}
      </h2>
      <ol className="stages">
        {stages.map((stage) => (
          <StageItem key={stage.name} stage={stage} isPresent={stage === present} hasSeveral={hasSeveral} />
        ))}
      </ol>
    </section>
  );
}

function StageItem({
  stage: { name, state, lines, asides },
  isPresent,
  hasSeveral,
}: {
  stage: Stage;
  isPresent: boolean;
  hasSeveral: boolean;
}) {
  const t = useTexts(texts);
  const words = useTexts(claimTexts);
  return (
    <li className="stage" data-state={state} aria-current={isPresent ? 'step' : undefined}>
      <span className="stage-mark" aria-hidden="true">
        {marks[state]}
      </span>
      <span className="stage-name">{t(`stage_${name}`)}</span>
      <span className="visually-hidden">{t(`stage_is_${state}`)}</span>
      {hasSeveral && lines.length > 0 && <span className="small muted">{t('productCount', { count: lines.length })}</span>}
      {asides.map(({ phase, lines: left }) => (
        <span key={phase} className="stage-aside">
          <Badge tone={asideTones[phase] ?? 'neutral'}>{phase in claimTexts.en ? words(phase) : phase}</Badge>
          {hasSeveral && <span className="small muted">{t('productCount', { count: left.length })}</span>}
        </span>
      ))}
    </li>
  );
}
