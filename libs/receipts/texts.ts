import type { ReceiptContent } from './content.js';

interface Texts {
  trail: string;
  check: string;
  sealed: (subject: string, fingerprint: string) => string;
  unsealed: string;
  page: (page: number, pages: number) => string;
  sandbox: string;
}

/** The words that a receipt adds to its content. */
export const texts: Record<ReceiptContent['language'], Texts> = {
  en: {
    trail: 'What happened, in UTC',
    check: 'How to check this receipt',
    sealed: (subject, fingerprint) =>
      `This file is sealed: any change to it shows. It can be checked where the receipt came from, and in any PDF reader that shows signatures; the address below leads to our record. The seal belongs to ${subject}. SHA-256 fingerprint of its certificate: ${fingerprint}`,
    unsealed: 'This copy is not sealed, so a change to it would not show.',
    page: (page, pages) => `Page ${page} of ${pages}`,
    sandbox: 'SANDBOX. This receipt proves nothing.',
  },
  ru: {
    trail: 'Ход событий, время UTC',
    check: 'Как проверить эту квитанцию',
    sealed: (subject, fingerprint) =>
      `Файл скреплён электронной печатью: любое его изменение будет заметно. Проверить печать можно там, где получена квитанция, и в любой программе, которая показывает подписи PDF; наша запись доступна по адресу ниже. Владелец печати: ${subject}. Отпечаток SHA-256 её сертификата: ${fingerprint}`,
    unsealed: 'На этом экземпляре нет электронной печати: его изменение осталось бы незамеченным.',
    page: (page, pages) => `Страница ${page} из ${pages}`,
    sandbox: 'ПЕСОЧНИЦА. Эта квитанция ничего не подтверждает.',
  },
};
