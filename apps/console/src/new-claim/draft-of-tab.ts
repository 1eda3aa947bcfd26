/** Remembers which draft a new form of this tab has become, so that "back" to its address goes on with the draft instead of making a second one. */
const keyOf = (form: string): string => `cpor.draft.${form}`;

export const draftOfTab = (form: string | null): string | null => (form === null ? null : sessionStorage.getItem(keyOf(form)));

export const rememberDraft = (form: string, claimId: string): void => sessionStorage.setItem(keyOf(form), claimId);
