/** A programme's rules about usage. */
export interface UsagePolicy {
  /** Counts of people below this are suppressed; null shows every count. */
  suppressBelow: number | null;
  /** Whether one month before the association may be read (R17). */
  hasBaselineMonth: boolean;
  /** What stays readable after the end (R18). */
  afterEnd: 'nothing' | 'months_of_tenure';
  /** Columns reserved for executive viewers, beyond those that always are. */
  executiveColumns: string[];
}

/** The defaults, for a policy that does not mention usage. */
export const usagePolicyDefaults: UsagePolicy = {
  suppressBelow: null,
  hasBaselineMonth: false,
  afterEnd: 'nothing',
  executiveColumns: [],
};
