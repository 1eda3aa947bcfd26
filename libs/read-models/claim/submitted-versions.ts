import { type ClaimState, evolve, initialState } from '#libs/claims/index.js';
import type { RecordedEvent } from '#libs/event-store/index.js';

/** A claim as it was submitted. */
export interface SubmittedVersion {
  submission: number;
  /** Version of the claim right after that submission. */
  version: number;
  submittedAt: string;
  state: ClaimState;
}

/** Returns every submitted version of a claim, rebuilt from its events, oldest first. */
export function submittedVersions(events: RecordedEvent[]): SubmittedVersion[] {
  let state = initialState;
  return events.flatMap((event) => {
    state = evolve(state, event);
    if (event.type !== 'ClaimSubmitted') return [];
    return [{ submission: event.data.submission, version: event.version, submittedAt: event.at, state }];
  });
}

/** A difference between two values. A side that lacks the value has null. */
export interface Difference {
  /** JSON Pointer; members of a keyed list are named by their key. */
  path: string;
  from: unknown;
  to: unknown;
}

/** Properties that identify the members of a list: lines by their number, evidence by its id. */
const keys = ['line', 'evidenceId'];

/** Lists the values in which two versions differ, ordered by path. */
export function differences(from: unknown, to: unknown): Difference[] {
  const [before, after] = [leaves(from), leaves(to)];
  return [...new Set([...before.keys(), ...after.keys()])]
    .sort()
    .filter((path) => JSON.stringify(before.get(path)) !== JSON.stringify(after.get(path)))
    .map((path) => ({ path, from: before.get(path) ?? null, to: after.get(path) ?? null }));
}

function leaves(value: unknown, path = ''): Map<string, unknown> {
  const members = membersOf(value);
  if (members === null) return new Map([[path, value]]);
  return new Map(members.flatMap(([name, member]) => [...leaves(member, `${path}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)]));
}

/** Returns the parts of a value that are compared one by one; null for values compared as a whole, such as a list of codes. */
function membersOf(value: unknown): [string, unknown][] | null {
  if (Array.isArray(value)) {
    const key = keys.find((name) => value.every((member) => typeof member === 'object' && member !== null && name in member));
    if (value.length === 0 || key === undefined) return null;
    return value.map((member: Record<string, unknown>) => [String(member[key]), member]);
  }
  return typeof value === 'object' && value !== null ? Object.entries(value) : null;
}
