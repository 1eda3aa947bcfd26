import type { Renewal } from '../letter-view.js';
import { counted } from './counted.js';
import type { LetterTexts } from './letters.en.js';

const endings: Record<string, string> = {
  customer_revoked: 'Его прекратил клиент.',
  partner_disassociated: 'Его прекратил партнёр.',
  subscription_ended: 'Закончилась подписка.',
  superseded: 'По решению между несколькими партнёрами вместо него записан другой партнёр.',
  transferred: 'Оно передано другому офису того же партнёра.',
  vendor_revoked: 'Его прекратил поставщик.',
  enrolment_lost: 'Офис партнёра больше не участвует в программе.',
  term_expired: 'Истёк его срок.',
};

const late: Record<string, string> = {
  K1: 'Рассмотрение этой заявки не начато в срок.',
  K2: 'Рассмотрение этой заявки не завершено в срок.',
  K3: 'Решение по этой заявке не принято в срок.',
  K8: 'Ответ на спор по этой заявке не дан в срок.',
};

const ending = (reason: string | null): string => endings[reason ?? ''] ?? '';

const inDays = (days: number): string =>
  days === 0 ? 'сегодня' : `через ${counted('ru', days, { one: 'день', few: 'дня', other: 'дней' })}`;

/** What the partner is told of a renewal. */
const carriedOver: Record<Renewal['isCarriedOver'], (target: string) => string> = {
  yes: (target) => `Клиент продлил подписку: ${target}. Ваше сопоставление по ней продолжается и уже официально.`,
  no: (target) => `Клиент продлил подписку: ${target}. Ваше сопоставление по ней не продолжится; причина указана в заявке.`,
  unless_refused: (target) =>
    `Клиент продлил подписку: ${target}. Мы спросили его об этом: ваше сопоставление по ней продолжится, если клиент не откажется.`,
  if_accepted: (target) =>
    `Клиент продлил подписку: ${target}. Мы спросили его об этом: ваше сопоставление по ней продолжится, только если клиент согласится.`,
};

/** What the customer is told of its renewal. */
const stillYours: Record<Renewal['isCarriedOver'], (target: string) => string | null> = {
  yes: (target) => `По вашей продлённой подписке ${target} сопоставление с партнёром действует; прекратить его можно в любое время.`,
  no: () => null,
  unless_refused: (target) =>
    `О вашей продлённой подписке ${target} мы спросили отдельно: по вашей ссылке видно, до какого момента можно отказаться.`,
  if_accepted: (target) =>
    `О вашей продлённой подписке ${target} мы спросили отдельно: по вашей ссылке видно, до какого момента можно согласиться.`,
};

const isGoingOn = (renewal: Renewal | null): boolean => renewal !== null && renewal.isCarriedOver !== 'no';
const told = (sentence: string | null): string[] => (sentence === null ? [] : [sentence]);

export const lettersRu: LetterTexts = {
  number: 'Номер заявки',
  partner: 'Партнёр',
  customer: 'Клиент',
  products: 'Продукты',
  reference: 'Номер для обращений',
  link: 'Ваша ссылка',
  subject: (claimNumber, title) => `Заявка ${claimNumber}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
  questions: (vendor, email) => `Есть вопросы? Напишите: ${vendor}, ${email}. Укажите номер для обращений.`,
  letters: {
    acceptance_receipt: ({ partner, at }) => ({
      title: 'Согласие вашей организации принято',
      says: [
        `Ваша организация согласилась с заявкой партнёра ${partner} по продуктам, перечисленным ниже. Момент согласия: ${at}.`,
        'Вы всё ещё можете отказаться, а прекратить сопоставление можно и позже, в любое время. Больше ничего делать не нужно.',
      ],
    }),
    refusal_receipt: ({ partner, at }) => ({
      title: 'Отказ вашей организации принят',
      says: [
        `Ваша организация отказалась от заявки партнёра ${partner} по продуктам, перечисленным ниже. Момент отказа: ${at}.`,
        `Сопоставления не будет, партнёр ${partner} ничего не увидит. Больше ничего делать не нужно.`,
      ],
    }),
    end_receipt: ({ partner, at, reason, renewal }) => ({
      title: `Сопоставление с партнёром ${partner} прекращено`,
      says: [
        `Сопоставление с партнёром ${partner} по продуктам, перечисленным ниже, прекращено. Момент прекращения: ${at}. ${ending(reason)}`,
        'В тот же момент закрыт доступ партнёра к их показателям. От вас ничего не требуется.',
        ...(renewal === null ? [] : told(stillYours[renewal.isCarriedOver](renewal.target))),
      ],
    }),
    transfer_receipt: ({ partner, at }) => ({
      title: `С вами теперь работает другой офис партнёра ${partner}`,
      says: [
        `Сопоставление по продуктам, перечисленным ниже, передано другому офису той же компании ${partner}. Момент передачи: ${at}.`,
        'То, что может видеть партнёр, не изменилось. Прекратить сопоставление можно в любое время. От вас ничего не требуется.',
      ],
    }),
    expiry_notice: ({ customer, endsOn, daysLeft, isSubscription, renewal }) => ({
      title: isGoingOn(renewal)
        ? `Ваше сопоставление с клиентом ${customer} по прежней подписке заканчивается ${endsOn}`
        : `Ваше сопоставление с клиентом ${customer} заканчивается ${endsOn}`,
      says: [
        `Сопоставление по продуктам, перечисленным ниже, заканчивается ${endsOn}, ${inDays(daysLeft)}. В конце этого дня закроется ваш доступ к их показателям.`,
        renewal !== null
          ? carriedOver[renewal.isCarriedOver](renewal.target)
          : isSubscription
            ? 'Если до этого дня клиент продлит подписку и в каталоге поставщика новая будет связана с прежней, сопоставление перейдёт на неё само, а клиента мы спросим снова. Иначе можно подать новую заявку.'
            : 'Это конец его срока. Чтобы продолжить, подайте новую заявку.',
      ],
    }),
    holder_warning: ({ customer, dueAt }) => ({
      title: `На ваше сопоставление с клиентом ${customer} претендует другая заявка`,
      says: [
        'По продуктам, перечисленным ниже, где записаны вы, подана другая заявка. Кем она подана, мы не сообщаем. До решения ваше сопоставление остаётся в силе.',
        ...(dueAt === null
          ? []
          : [`Добавить подтверждение выполнения можно до следующего момента: ${dueAt}. Учитывается самое новое, подписанное клиентом.`]),
        'Вы не обязаны ничего делать. По окончании срока решение примут по имеющимся материалам.',
      ],
    }),
    partner_ended: ({ customer, at, reason, renewal }) => ({
      title: `Ваше сопоставление с клиентом ${customer} прекращено`,
      says: [
        `Сопоставление по продуктам, перечисленным ниже, прекращено. Момент прекращения: ${at}. ${ending(reason)}`,
        'В тот же момент закрыт ваш доступ к их показателям.',
        ...(renewal === null ? [] : [carriedOver[renewal.isCarriedOver](renewal.target)]),
      ],
    }),
    escalation: ({ clock, dueAt }) => ({
      title: 'Срок поставщика истёк',
      says: [
        `${late[clock ?? ''] ?? ''} Срок был: ${dueAt}.`,
        'Из-за этого ничего не утверждено и не отклонено: заявка ждёт проверяющего. Всё, что просрочено, есть в отчёте о нарушенных сроках.',
      ],
    }),
  },
};
