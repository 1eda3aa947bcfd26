import { defineTexts } from '../i18n/index.js';

export const texts = defineTexts({
  en: {
    noMatch: 'Nothing matches',
    noMatchWhat: 'No row has everything that you have chosen.',
    clear: 'Clear the filters',
    csv: '{count, plural, one {This row} other {These # rows}} as CSV',
  },
  ru: {
    noMatch: 'Ничего не найдено',
    noMatchWhat: 'Нет строк, подходящих под всё выбранное.',
    clear: 'Сбросить фильтры',
    csv: '{count, plural, one {Эта # строка} few {Эти # строки} many {Эти # строк} other {Эти # строки}} в CSV',
  },
});
