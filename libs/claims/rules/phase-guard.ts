import { refuse } from '../findings.js';
import type { Phase } from '../phases.js';
import { type ClaimState, type LineState, linesIn, phaseOf } from '../state.js';

/**
 * Returns the lines that a command acts on: those it names, or every line in one of the phases. Refuses with `line_unknown`, and with
 * `not_in_phase` when a named line is in another phase or no line is in any of them.
 */
export function linesToActOn(state: ClaimState, phases: readonly Phase[], named: number[] | undefined, act: string): LineState[] {
  const lines = linesIn(state, phases, named);
  const unknown = named?.find((line) => !state.lines.some((known) => known.line === line));
  if (unknown !== undefined) refuse('line_unknown', `The claim has no line ${unknown}.`, { field: 'lines', line: unknown });
  const elsewhere = named === undefined ? undefined : state.lines.find((line) => named.includes(line.line) && !lines.includes(line));
  if (elsewhere !== undefined) {
    refuse('not_in_phase', `Line ${elsewhere.line} is ${elsewhere.phase}. To ${act}, the line must be ${phases.join(' or ')}.`, {
      field: 'lines',
      line: elsewhere.line,
    });
  }
  if (lines.length === 0) {
    refuse('not_in_phase', `The claim is ${phaseOf(state)}. To ${act}, at least one line must be ${phases.join(' or ')}.`);
  }
  return lines;
}

export const numbers = (lines: LineState[]): number[] => lines.map((line) => line.line);
