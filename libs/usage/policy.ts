/** What a programme's policy says about usage. */
export interface UsagePolicy {
  /** Counts of people below this are held back; null shows every count. */
  suppressBelow: number | null;
  /** Whether one month before the association may be read (R17). */
  hasBaselineMonth: boolean;
  /** What stays readable after the end (R18). */
  afterEnd: 'nothing' | 'months_of_tenure';
  /** Columns for executive viewers alone, besides those that always are. */
  executiveColumns: string[];
}

/** What holds for a policy that does not speak of usage. */
export const usagePolicyDefaults: UsagePolicy = {
  suppressBelow: null,
  hasBaselineMonth: false,
  afterEnd: 'nothing',
  executiveColumns: [],
};
