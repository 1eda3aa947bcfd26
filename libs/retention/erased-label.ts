/** Shown in place of an erased text, so that a reader sees that there was one. */
export const erasedLabel = { en: '(erased)', ru: '(удалено)' } as const;
