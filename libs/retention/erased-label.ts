/** What stands where something was erased, so that a reader sees that there had been something. */
export const erasedLabel = { en: '(erased)', ru: '(удалено)' } as const;
