import { defineTexts } from '../i18n/index.js';

/**
 * One sentence per thing that a claim can wait for, per phase in which it waits for nothing, and per mover for what is newer than this build.
 * `time`: `due` names `{until}` and `{left}`, `overdue` names `{until}`, `none` names neither.
 */
export const standingTexts = defineTexts({
  en: {
    review:
      '{time, select, due {Waits for a reviewer to begin, by {until}{left}.} overdue {A reviewer should have begun by {until}. The vendor has been told.} other {Waits for a reviewer to begin.}}',
    decision:
      '{time, select, due {Under review. The decision is due by {until}{left}.} overdue {Under review. The decision was due by {until}, and the vendor has been told. A late review is never an approval.} other {Under review.}}',
    answer:
      '{time, select, due {Waits for the partner’s answer until {until}{left}. Without an answer it is rejected.} overdue {The partner’s answer was due by {until}.} other {Waits for the partner’s answer.}}',
    notice_delivery: 'Approved. The notice is on its way to the customer; the customer’s time begins when it arrives.',
    corrected_address: 'Approved, but no notice has reached the customer. The partner has to correct the customer contact.',
    customer:
      '{time, select, due {Waits for the customer until {until}{left}.} overdue {The customer’s time ended on {until}; the outcome is being recorded.} other {Waits for the customer.}}',
    signature:
      '{time, select, due {Waits for the customer’s signature of the statement of work until {until}{left}.} overdue {The statement of work could be signed until {until}; the outcome is being recorded.} other {Waits for the customer’s signature of the statement of work.}}',
    hold: 'Approved, but on hold: a last check found something that a reviewer has to look at. It is not official yet.',
    dispute: '{time, select, due {Rejected: {reason}. It can be disputed until {until}{left}.} other {Rejected: {reason}.}}',
    dispute_decision:
      '{time, select, due {The rejection is disputed. Another reviewer decides by {until}{left}.} overdue {The rejection is disputed. The decision was due by {until}, and the vendor has been told.} other {The rejection is disputed. Another reviewer decides.}}',
    directory: 'The customer directory does not answer. The claim goes on by itself as soon as it does.',
    partner:
      '{time, select, due {Waits for the partner until {until}{left}.} overdue {The partner should have acted by {until}.} other {Waits for the partner.}}',
    reviewer:
      '{time, select, due {Waits for a reviewer until {until}{left}.} overdue {A reviewer should have acted by {until}.} other {Waits for a reviewer.}}',
    customer_mover:
      '{time, select, due {Waits for the customer until {until}{left}.} overdue {The customer’s time ended on {until}.} other {Waits for the customer.}}',
    system: '{time, select, due {Waits for cpor itself until {until}.} other {Waits for cpor itself.}}',
    draft: 'A draft: not submitted yet. Nobody but the partner’s company acts on it.',
    submitted: 'Submitted.',
    under_review: 'Under review.',
    action_required: 'The partner is asked for more.',
    consent_pending: 'Approved, not official yet.',
    official: 'Official since {since}{ends, select, none {} other {, until {ends}}}.',
    ended: 'Ended on {since}: {reason}. Access to usage data has stopped.',
    rejected: 'Rejected: {reason}.',
    disputed: 'The rejection is disputed.',
    rejected_final: 'Rejected for good: {reason}.',
    canceled: '{isDiscarded, select, true {The draft was discarded.} other {Withdrawn by the partner on {since}.}}',
    unknown: 'In phase {phase}.',
    left: ', {days, plural, =0 {today is the last day} one {# business day left} other {# business days left}}',
    leftCalendar: ', {days, plural, =0 {today is the last day} one {# day left} other {# days left}}',
    noReason: 'no reason given',
    customer_revoked: 'the customer ended it',
    partner_disassociated: 'the partner ended it',
    subscription_ended: 'the subscription ended',
    superseded: 'another association took its place',
    transferred: 'it moved to another location',
    vendor_revoked: 'the vendor ended it',
    enrolment_lost: 'the location is no longer enrolled',
    term_expired: 'its term is over',
    customer_refused_target: 'the customer refused this company in another of its claims',
  },
  ru: {
    review:
      '{time, select, due {Ожидает начала рассмотрения до {until}{left}.} overdue {Рассмотрение должно было начаться до {until}. Вендору об этом сообщено.} other {Ожидает начала рассмотрения.}}',
    decision:
      '{time, select, due {На рассмотрении. Решение ожидается до {until}{left}.} overdue {На рассмотрении. Решение ожидалось до {until}, вендору об этом сообщено. Просрочка не означает утверждения.} other {На рассмотрении.}}',
    answer:
      '{time, select, due {Ожидает ответа партнёра до {until}{left}. Без ответа заявка будет отклонена.} overdue {Ответ партнёра ожидался до {until}.} other {Ожидает ответа партнёра.}}',
    notice_delivery: 'Утверждено. Уведомление отправляется клиенту; срок клиента начнётся, когда оно придёт.',
    corrected_address: 'Утверждено, но уведомление не дошло до клиента. Партнёру нужно исправить контакт клиента.',
    customer:
      '{time, select, due {Ожидает решения клиента до {until}{left}.} overdue {Срок клиента истёк {until}; результат записывается.} other {Ожидает решения клиента.}}',
    signature:
      '{time, select, due {Ожидает подписи клиента под описанием работ до {until}{left}.} overdue {Подписать описание работ можно было до {until}; результат записывается.} other {Ожидает подписи клиента под описанием работ.}}',
    hold: 'Утверждено, но приостановлено: последняя проверка выявила то, что должен посмотреть рецензент. Ещё не официально.',
    dispute: '{time, select, due {Отклонено: {reason}. Оспорить можно до {until}{left}.} other {Отклонено: {reason}.}}',
    dispute_decision:
      '{time, select, due {Отклонение оспаривается. Решение другого рецензента ожидается до {until}{left}.} overdue {Отклонение оспаривается. Решение ожидалось до {until}, вендору об этом сообщено.} other {Отклонение оспаривается. Решает другой рецензент.}}',
    directory: 'Каталог клиентов не отвечает. Заявка продолжится сама, как только он ответит.',
    partner:
      '{time, select, due {Ожидает действий партнёра до {until}{left}.} overdue {Действия партнёра ожидались до {until}.} other {Ожидает действий партнёра.}}',
    reviewer:
      '{time, select, due {Ожидает рецензента до {until}{left}.} overdue {Действия рецензента ожидались до {until}.} other {Ожидает рецензента.}}',
    customer_mover:
      '{time, select, due {Ожидает клиента до {until}{left}.} overdue {Срок клиента истёк {until}.} other {Ожидает клиента.}}',
    system: '{time, select, due {Ожидает самой системы cpor до {until}.} other {Ожидает самой системы cpor.}}',
    draft: 'Черновик: ещё не отправлен. Работает с ним только компания партнёра.',
    submitted: 'Отправлено.',
    under_review: 'На рассмотрении.',
    action_required: 'У партнёра запрошены сведения.',
    consent_pending: 'Утверждено, ещё не официально.',
    official: 'Официально с {since}{ends, select, none {} other {, до {ends}}}.',
    ended: 'Завершено {since}: {reason}. Доступ к данным об использовании закрыт.',
    rejected: 'Отклонено: {reason}.',
    disputed: 'Отклонение оспаривается.',
    rejected_final: 'Отклонено окончательно: {reason}.',
    canceled: '{isDiscarded, select, true {Черновик удалён.} other {Отозвано партнёром {since}.}}',
    unknown: 'Фаза {phase}.',
    left: ', {days, plural, =0 {сегодня последний день} one {остался # рабочий день} few {осталось # рабочих дня} many {осталось # рабочих дней} other {осталось # рабочих дня}}',
    leftCalendar:
      ', {days, plural, =0 {сегодня последний день} one {остался # день} few {осталось # дня} many {осталось # дней} other {осталось # дня}}',
    noReason: 'причина не указана',
    customer_revoked: 'завершил клиент',
    partner_disassociated: 'завершил партнёр',
    subscription_ended: 'закончилась подписка',
    superseded: 'его заменило другое сопоставление',
    transferred: 'перенесено в другой филиал',
    vendor_revoked: 'завершил вендор',
    enrolment_lost: 'филиал больше не участвует в программе',
    term_expired: 'истёк срок',
    customer_refused_target: 'клиент отказал этой компании по другой её заявке',
  },
});
