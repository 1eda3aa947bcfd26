import type { ProgrammeDocument } from '../client/index.js';
import type { ClaimFormState } from './use-claim-form.js';

export interface StepProps {
  state: ClaimFormState;
  /** The programme in force; undefined while it loads. */
  programme: ProgrammeDocument | undefined;
}
