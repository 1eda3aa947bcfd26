import type { ProgrammeDocument } from '../client/index.js';
import type { ClaimFormState } from './use-claim-form.js';

export interface StepProps {
  state: ClaimFormState;
  /** The programme in force; undefined while it loads. */
  programme: ProgrammeDocument | undefined;
  /** Before the first submission. Later, the customer, the area and the activities are fixed. */
  isDraft: boolean;
}
