/** What a programme's policy says about usage. */
export interface UsagePolicy {
  /** Counts of people below this are suppressed; null shows every count. */
  suppressBelow: number | null;
  /** Whether one month before the association may be read (R17). */
  hasBaselineMonth: boolean;
  /** What stays readable after the end (R18). */
  afterEnd: 'nothing' | 'months_of_tenure';
  /** Columns for executive viewers only, in addition to those that always are. */
  executiveColumns: string[];
}

/** Defaults for a policy that says nothing about usage. */
export const usagePolicyDefaults: UsagePolicy = {
  suppressBelow: null,
  hasBaselineMonth: false,
  afterEnd: 'nothing',
  executiveColumns: [],
};
