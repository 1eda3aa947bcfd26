import type { Claim, ClaimLine, Phase } from '../client/index.js';

export const stageNames = ['draft', 'submitted', 'under_review', 'customer', 'official'] as const;
export type StageName = (typeof stageNames)[number];

export interface Stage {
  name: StageName;
  /**
   * `present`: lines are there now; `paused`: lines wait beside it and may come back; `stopped`: lines have left the path here for good;
   * `done`: passed by every line that came here; `ahead`: not reached, and still can be; `missed`: no line will reach it.
   */
  state: 'done' | 'present' | 'paused' | 'stopped' | 'ahead' | 'missed';
  /** Numbers of the lines that are there now. */
  lines: number[];
  /** Lines from this stage that have left the main path, by phase: asked back, rejected, disputed, withdrawn, ended. */
  asides: { phase: Phase; lines: number[] }[];
}

const stageOf: Partial<Record<Phase, StageName>> = {
  draft: 'draft',
  submitted: 'submitted',
  under_review: 'under_review',
  consent_pending: 'customer',
  official: 'official',
};

/** Where a line has left the main path, or pauses beside it. */
function asideStageOf({ phase, isApproved, association }: ClaimLine, wasSubmitted: boolean): StageName {
  if (association !== null) return 'official';
  if (!wasSubmitted) return 'draft';
  if (phase === 'canceled') return isApproved ? 'customer' : 'submitted';
  return isApproved ? 'customer' : 'under_review';
}

/** Draws a claim's process as a line of stages (domain.md 3.2), each with the lines that are there and those that have left the path there. */
export function stagesOf(claim: Pick<Claim, 'lines' | 'phase' | 'submissions'>): Stage[] {
  const wasSubmitted = claim.submissions > 0;
  const places = claim.lines.map((line) => {
    const stage = stageOf[line.phase];
    return { line: line.line, phase: line.phase, stage: stage ?? asideStageOf(line, wasSubmitted), isAside: stage === undefined };
  });
  if (places.length === 0) places.push({ line: 0, phase: claim.phase, stage: 'draft', isAside: claim.phase !== 'draft' });
  const furthest = Math.max(...places.map(({ stage }) => stageNames.indexOf(stage)));
  const isMoving = places.some(({ phase }) => !closed.includes(phase));
  return stageNames.map((name, index) => {
    const here = places.filter(({ stage }) => stage === name);
    const lines = here.filter(({ isAside }) => !isAside).map(({ line }) => line);
    const phases = [...new Set(here.filter(({ isAside }) => isAside).map(({ phase }) => phase))];
    return {
      name,
      state: lines.length > 0 ? 'present' : index > furthest ? (isMoving ? 'ahead' : 'missed') : asideState(phases),
      lines,
      asides: phases.map((phase) => ({
        phase,
        lines: here.filter((place) => place.isAside && place.phase === phase).map(({ line }) => line),
      })),
    };
  });
}

const asideState = (phases: Phase[]): Stage['state'] => {
  if (phases.some((phase) => !closed.includes(phase))) return 'paused';
  return phases.length > 0 ? 'stopped' : 'done';
};

/** A line in one of these has no way on, except by a dispute. */
const closed: Phase[] = ['rejected', 'rejected_final', 'canceled', 'ended'];
