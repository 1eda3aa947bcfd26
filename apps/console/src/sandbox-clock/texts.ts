import { defineTexts } from '../i18n/index.js';

export const texts = defineTexts({
  en: { clock: 'Sandbox: {now}', PT1H: 'One hour on', P1D: 'One day on', P7D: 'One week on', P30D: 'Thirty days on' },
  ru: { clock: 'Песочница: {now}', PT1H: 'На час вперёд', P1D: 'На день вперёд', P7D: 'На неделю вперёд', P30D: 'На тридцать дней вперёд' },
});
