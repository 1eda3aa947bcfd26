import { defineTexts } from '../i18n/index.js';

export const texts = defineTexts({
  en: {
    signInTitle: 'Sign in to cpor',
    signInWhy:
      'The console is for partners, reviewers, programme owners and customers’ administrators. Your organisation gave you the account.',
    signIn: 'Sign in',
    endedTitle: 'Your session has ended',
    endedWhat: 'Nothing you typed is lost. Sign in again as {name} in a new window, and what you were doing goes on here.',
    signInAgain: 'Sign in again',
    signedInNow: 'I have signed in',
    notYet: 'There is no new session yet. Finish signing in in the other window.',
    offTitle: 'Sign-in is switched off',
    offWhat:
      'This installation lets programs in, but nobody with a browser. Its administrator can connect the sign-in of your organisation (setting OIDC_CLIENT_ID).',
    signedInTitle: 'You are signed in',
    signedInWhat: 'You can close this window and go on in the other one.',
    otherTitle: 'Somebody else is signed in',
    otherWhat:
      '{name} has signed in in another tab of this browser. What you do here would be done in that name, so this page has stopped. Nothing you typed is lost: sign in again as {own} in a new window to go on.',
    signInAs: 'Sign in as {own}',
    goOnAsOther: 'Go on as {name}',
  },
  ru: {
    signInTitle: 'Вход в cpor',
    signInWhy:
      'Консоль предназначена для партнёров, рецензентов, владельцев программ и администраторов клиентов. Учётную запись выдаёт ваша организация.',
    signIn: 'Войти',
    endedTitle: 'Сеанс завершён',
    endedWhat: 'Введённые данные не потеряны. Войдите снова как {name} в новом окне, и работа продолжится здесь.',
    signInAgain: 'Войти снова',
    signedInNow: 'Вход выполнен',
    notYet: 'Нового сеанса пока нет. Завершите вход в другом окне.',
    offTitle: 'Вход отключён',
    offWhat:
      'К этой установке могут обращаться программы, но вход через браузер не настроен. Администратор может подключить вход вашей организации (параметр OIDC_CLIENT_ID).',
    signedInTitle: 'Вход выполнен',
    signedInWhat: 'Это окно можно закрыть и продолжить работу в прежнем.',
    otherTitle: 'Вошёл другой человек',
    otherWhat:
      '{name}: вход выполнен в другой вкладке этого браузера. Действия здесь были бы выполнены от этого имени, поэтому страница остановлена. Введённые данные не потеряны: чтобы продолжить, войдите в новом окне как {own}.',
    signInAs: 'Войти как {own}',
    goOnAsOther: 'Продолжить как {name}',
  },
});
