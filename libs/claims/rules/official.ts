import type { DecisionContext } from '../context.js';
import { type DecidedEvent, event } from '../events.js';
import type { ClaimState, LineState } from '../state.js';
import { lineTarget } from '../evolve.js';
import { validate } from '../validation/validate.js';
import { numbers } from './phase-guard.js';

/** Makes approved lines official, or holds those whose checks of stage O fail for a reviewer (domain 3.2, 17). */
export function officialNow(state: ClaimState, lines: LineState[], at: string, context: DecisionContext): DecidedEvent[] {
  const errors = validate('official', state, context, numbers(lines)).filter((finding) => finding.severity === 'error');
  const isHeld = (line: LineState) => errors.some((finding) => finding.line === null || finding.line === line.line);
  const held = lines.filter(isHeld);
  const clear = lines.filter((line) => !isHeld(line));
  const official = clear.map((line) => ({ line: line.line, associationId: context.newId(), target: lineTarget(state, line) }));
  return [
    ...(official.length === 0 ? [] : [event('LinesMadeOfficial', at, { lines: official })]),
    ...(held.length === 0 ? [] : [event('LinesHeld', at, { lines: numbers(held), findings: errors })]),
  ];
}
