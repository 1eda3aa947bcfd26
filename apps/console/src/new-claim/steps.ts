/** The steps of the form, in order. Each has its own address: `?step=contacts`. */
export const steps = ['customer', 'targets', 'contacts', 'evidence', 'check'] as const;
export type Step = (typeof steps)[number];

export const isStep = (text: string | null): text is Step => steps.some((step) => step === text);

const stepOfField: Record<string, Step> = {
  programme: 'customer',
  partnerId: 'customer',
  tenantId: 'customer',
  domain: 'customer',
  area: 'targets',
  lines: 'targets',
  name: 'targets',
  externalReference: 'targets',
  tags: 'targets',
  contacts: 'contacts',
  revenue: 'contacts',
  transactionOn: 'contacts',
  isOptedOutOfIncentives: 'contacts',
  evidence: 'evidence',
  acknowledgementVersion: 'check',
};

/** The step that shows a field, by the JSON Pointer of the API's error; undefined if no step does. */
export const stepOfPointer = (pointer: string): Step | undefined => stepOfField[pointer.split('/')[1] ?? ''];

export const nextStep = (step: Step): Step => steps[Math.min(steps.indexOf(step) + 1, steps.length - 1)] ?? step;
export const previousStep = (step: Step): Step | undefined => steps[steps.indexOf(step) - 1];
