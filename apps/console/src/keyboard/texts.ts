import { defineTexts } from '../i18n/index.js';

export const texts = defineTexts({
  en: {
    keys: 'Keyboard shortcuts',
    list: 'this list',
    or: 'or',
    switch: 'Single keys act',
    switchHint: 'Switch them off if you speak to your computer or press keys by accident. Kept in this browser.',
    close: 'Close',
  },
  ru: {
    keys: 'Клавиши',
    list: 'этот список',
    or: 'или',
    switch: 'Одиночные клавиши действуют',
    switchHint: 'Отключите их, если управляете компьютером голосом или нажимаете клавиши случайно. Хранится в этом браузере.',
    close: 'Закрыть',
  },
});
