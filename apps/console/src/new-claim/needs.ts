import type { ProgrammeDocument } from '../client/index.js';
import type { ClaimForm } from './claim-form.js';

export type RevenueField = keyof ClaimForm['revenue'];

export interface Needs {
  technicalContact: boolean;
  /** Names that the chosen activities require. */
  revenue: RevenueField[];
  /** Whether an incentive programme may pay for a chosen activity, so that the partner may opt out. */
  isIncentivised: boolean;
}

const revenueFields: RevenueField[] = ['sellerName', 'customerName', 'solutionName'];

/** What a programme asks for beyond the common fields. What was entered earlier stays visible even if nothing requires it any more. */
export function needsOf(form: ClaimForm, programme: ProgrammeDocument | undefined): Needs {
  const activities = form.lines
    .flatMap((line) => line.activities)
    .flatMap((code) => programme?.activities.find((activity) => activity.code === code && activity.areas.includes(form.area)) ?? []);
  const required = new Set(activities.flatMap(({ requiredFields }) => requiredFields));
  const hasDynamics = form.lines.some((line) =>
    programme?.products.some(({ code, family }) => code === line.product && family === 'dynamics'),
  );
  const isFilled = Object.values(form.technical).some((text) => text !== '');
  return {
    technicalContact: isFilled || (programme?.isTechnicalContactRequired === true && hasDynamics),
    revenue: revenueFields.filter((field) => required.has(field) || form.revenue[field] !== ''),
    isIncentivised: form.isOptedOutOfIncentives || activities.some(({ isIncentivised }) => isIncentivised),
  };
}
