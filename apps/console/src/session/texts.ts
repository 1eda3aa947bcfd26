import { defineTexts } from '../i18n/index.js';

export const texts = defineTexts({
  en: {
    signInTitle: 'Sign in to cpor',
    signInWhy:
      'The console is for partners, reviewers, programme owners and customers’ administrators. Your organisation gave you the account.',
    signIn: 'Sign in',
    endedTitle: 'Your session has ended',
    endedWhat: 'Nothing you typed is lost. Sign in again in a new window, and what you were doing goes on here.',
    signInAgain: 'Sign in again',
    signedInNow: 'I have signed in',
    signedInTitle: 'You are signed in',
    signedInWhat: 'You can close this window and go on in the other one.',
    otherTitle: 'Somebody else is signed in',
    otherWhat:
      '{name} has signed in in another tab of this browser. What you do here would be done in that name, so this page has stopped.',
    goOnAsOther: 'Go on as {name}',
  },
  ru: {
    signInTitle: 'Вход в cpor',
    signInWhy:
      'Консоль предназначена для партнёров, рецензентов, владельцев программ и администраторов клиентов. Учётную запись выдаёт ваша организация.',
    signIn: 'Войти',
    endedTitle: 'Сеанс завершён',
    endedWhat: 'Введённые данные не потеряны. Войдите снова в новом окне, и работа продолжится здесь.',
    signInAgain: 'Войти снова',
    signedInNow: 'Вход выполнен',
    signedInTitle: 'Вход выполнен',
    signedInWhat: 'Это окно можно закрыть и продолжить работу в прежнем.',
    otherTitle: 'Вошёл другой человек',
    otherWhat:
      '{name}: вход выполнен в другой вкладке этого браузера. Действия здесь были бы выполнены от этого имени, поэтому страница остановлена.',
    goOnAsOther: 'Продолжить как {name}',
  },
});
