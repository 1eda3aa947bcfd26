export type Language = 'en' | 'ru';

const en = {
  languageName: 'English',
  sandbox: 'sandbox',
  signInAs: 'Sign in as …',
  signInHint: 'This is a sandbox with invented people and companies, so there are no passwords. Choose whom you want to be.',
  sides: { partner: 'Partners', vendor: 'The vendor', customer: 'Customers' },
  cancel: 'Cancel',
  faultTitle: 'You are not signed in',
  faults: {
    sign_in_expired: 'This sign-in has expired, or was begun in another browser. Begin again.',
    form_invalid: 'The form did not come from our page, or was damaged on the way. Begin again.',
    invalid_redirect_uri: 'The application that sent you here gave an address to return to that is not registered.',
    invalid_client: 'The application that sent you here is not registered.',
  },
  otherFault: 'The application that sent you here asked for something that cannot be given.',
  home: 'Back to the start page',
  leaveTitle: 'Sign out',
  leaveHint: 'You will be signed out here and in the console.',
  leave: 'Sign out',
  leftTitle: 'You are signed out',
};

const ru: typeof en = {
  languageName: 'Русский',
  sandbox: 'песочница',
  signInAs: 'Войти как…',
  signInHint: 'Это песочница: люди и компании вымышлены, поэтому паролей нет. Выберите, кем вы хотите быть.',
  sides: { partner: 'Партнёры', vendor: 'Вендор', customer: 'Клиенты' },
  cancel: 'Отмена',
  faultTitle: 'Вход не выполнен',
  faults: {
    sign_in_expired: 'Время на вход истекло, или вход начат в другом браузере. Начните сначала.',
    form_invalid: 'Форма отправлена не с нашей страницы или повреждена по пути. Начните сначала.',
    invalid_redirect_uri: 'Приложение, из которого вы пришли, указало незарегистрированный адрес возврата.',
    invalid_client: 'Приложение, из которого вы пришли, не зарегистрировано.',
  },
  otherFault: 'Приложение, из которого вы пришли, запросило то, что предоставить нельзя.',
  home: 'На главную страницу',
  leaveTitle: 'Выход',
  leaveHint: 'Вы выйдете здесь и в консоли.',
  leave: 'Выйти',
  leftTitle: 'Вы вышли',
};

export const texts: Record<Language, typeof en> = { en, ru };
