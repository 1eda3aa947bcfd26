import type { Claim } from '../../client/index.js';
import { useTexts } from '../../i18n/index.js';
import { texts } from '../texts.js';

/** What was decided about the claim's lines. The losers are no rivals any more, so the comparison itself may be empty by then. */
export function DecidedLines({ claim }: { claim: Claim }) {
  const t = useTexts(texts);
  return (
    <div role="status" className="stack-tight">
      {claim.lines.map(({ line, competition }) => {
        const decision = competition?.decision;
        if (decision === null || decision === undefined) return null;
        return (
          <p key={line} className="banner" data-tone="info">
            <span>{t(decision.isWinner ? 'recordWon' : 'recordLost', { line, step: t(`step_${decision.step}`) })}</span>
          </p>
        );
      })}
    </div>
  );
}
