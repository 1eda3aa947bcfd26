import { defineTexts } from '../i18n/index.js';

export const texts = defineTexts({
  en: {
    loading: 'Loading …',
    retry: 'Try again',
    quote: 'Request {requestId} (quote it to the operator)',
    forbiddenTitle: 'You may not see this',
    forbiddenWhat: 'Your roles do not allow it. Ask the person who manages your account, and name the permission {permission}.',
    missingTitle: 'Not found',
    missingWhat: 'It does not exist, or it is not yours to see.',
    summaryTitle: '{count, plural, one {There is a problem} other {There are # problems}}',
    more: 'Load more',
    isLast: 'That is all.',
  },
  ru: {
    loading: 'Загрузка …',
    retry: 'Повторить',
    quote: 'Запрос {requestId} (сообщите его оператору)',
    forbiddenTitle: 'Нет доступа',
    forbiddenWhat: 'Ваши роли этого не разрешают. Обратитесь к администратору учётной записи и назовите разрешение {permission}.',
    missingTitle: 'Не найдено',
    missingWhat: 'Этого нет, или у вас нет права это видеть.',
    summaryTitle: '{count, plural, one {Есть ошибка} few {Есть # ошибки} many {Есть # ошибок} other {Есть # ошибки}}',
    more: 'Показать ещё',
    isLast: 'Это всё.',
  },
});
