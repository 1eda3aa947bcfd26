import { defineTexts } from '../i18n/index.js';

export const texts = defineTexts({
  en: {
    title: 'Your sessions',
    what: 'Browsers in which you are signed in. End those that you do not know.',
    browser: 'Browser',
    signedIn: 'Signed in',
    used: 'Last used',
    until: 'Ends at the latest',
    current: 'this one',
    end: 'End',
    endOf: 'End the session of {browser}, signed in {at}',
  },
  ru: {
    title: 'Ваши сеансы',
    what: 'Браузеры, в которых выполнен вход. Завершите незнакомые сеансы.',
    browser: 'Браузер',
    signedIn: 'Вход',
    used: 'Последнее использование',
    until: 'Закончится не позднее',
    current: 'этот',
    end: 'Завершить',
    endOf: 'Завершить сеанс: {browser}, вход {at}',
  },
});
