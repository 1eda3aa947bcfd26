import type { ClockName, ClockStart, EndReason, EventOf, EventType, RivalryStep } from '#libs/claims/index.js';

export type Language = 'en' | 'ru';

/** What a text may use besides the event. */
export interface Words {
  instant(instant: string): string;
  label(code: string): string;
  /** Reviewers and vendor staff read what partners do not: findings, cleared holds. */
  isForVendor: boolean;
}

type Tell<Type extends EventType> = (data: EventOf<Type>['data'], words: Words) => [title: string, ...details: (string | null)[]];

interface Telling<Type extends EventType> {
  /** For the partner, reviewers and the vendor. */
  team: Record<Language, Tell<Type>>;
  /** For the customer; null for what happens between partner and vendor. */
  customer: Record<Language, Tell<Type>> | null;
  isForPartner?(data: EventOf<Type>['data']): boolean;
  isForCustomer?(data: EventOf<Type>['data']): boolean;
}

const linesEn = (lines: number[]): string => `${lines.length === 1 ? 'Line' : 'Lines'} ${lines.join(', ')}.`;
const linesRu = (lines: number[]): string => `${lines.length === 1 ? 'Строка' : 'Строки'} ${lines.join(', ')}.`;

/** The end of a clock that the event started, in a sentence; nothing when it started none. */
function until(clocks: ClockStart[], name: ClockName, words: Words, sentence: (instant: string) => string): string | null {
  const started = clocks.find(({ clock }) => clock === name);
  return started === undefined ? null : sentence(words.instant(started.deadline.dueAt));
}

const list = (codes: string[], words: Words): string => codes.map((code) => words.label(code)).join('; ');
const forVendor = (codes: string[], words: Words, sentence: (labels: string) => string): string | null =>
  words.isForVendor && codes.length > 0 ? sentence(list([...new Set(codes)], words)) : null;

const lateEn: Partial<Record<ClockName, string>> = {
  K1: 'The review has not begun in time',
  K2: 'The review was not decided in time',
  K3: 'The claim was not decided in time',
  K8: 'The dispute was not decided in time',
};
const lateRu: Partial<Record<ClockName, string>> = {
  K1: 'Рассмотрение не начато в срок',
  K2: 'Рассмотрение не завершено в срок',
  K3: 'Решение по заявке не принято в срок',
  K8: 'Решение по спору не принято в срок',
};
const disputeEn = {
  approve: 'Dispute accepted',
  ask: 'Dispute: more information needed',
  final: 'Dispute decided: the rejection is final',
};
const disputeRu = {
  approve: 'Спор решён в пользу партнёра',
  ask: 'Спор: нужны дополнительные сведения',
  final: 'Спор решён: отклонение окончательно',
};

const endEn: Record<EndReason, string> = {
  customer_revoked: 'The customer ended the association',
  partner_disassociated: 'The partner ended the association',
  subscription_ended: 'The association ended with the subscription',
  superseded: 'Another association took its place',
  transferred: 'The association was moved to another location',
  vendor_revoked: 'The vendor ended the association',
  enrolment_lost: 'The association ended: the location is no longer enrolled',
  term_expired: 'The association ended with its term',
};
const endRu: Record<EndReason, string> = {
  customer_revoked: 'Клиент прекратил сопоставление',
  partner_disassociated: 'Партнёр прекратил сопоставление',
  subscription_ended: 'Сопоставление закончилось вместе с подпиской',
  superseded: 'Сопоставление заменено другим',
  transferred: 'Сопоставление передано другому офису',
  vendor_revoked: 'Поставщик прекратил сопоставление',
  enrolment_lost: 'Сопоставление закончилось: офис больше не участвует в программе',
  term_expired: 'Срок сопоставления истёк',
};
const stepEn: Record<RivalryStep, string> = {
  customer_choice: "the customer's choice",
  newest_evidence: 'the newest evidence signed by the customer',
  holder: 'the existing association',
  earliest_submission: 'the earlier submission',
};
const stepRu: Record<RivalryStep, string> = {
  customer_choice: 'выбор клиента',
  newest_evidence: 'самое новое подтверждение, подписанное клиентом',
  holder: 'действующее сопоставление',
  earliest_submission: 'более ранняя подача',
};
const extendedEn: Partial<Record<ClockName, string>> = {
  K4: 'The partner was given more time to answer',
  K5: 'The customer was given more time',
  K9: 'The holder was given more time',
};
const extendedRu: Partial<Record<ClockName, string>> = {
  K4: 'Партнёру дано больше времени на ответ',
  K5: 'Клиенту дано больше времени',
  K9: 'Действующему партнёру дано больше времени',
};

const refusedEn = 'The customer has refused the company here, by another of its claims or with a block. A refusal cannot be disputed.';
const refusedRu = 'Клиент отказал компании: ответом на другую её заявку или запретом. Отказ клиента не оспаривается.';

/** What every event says to whom, in every language; an event or a language that is left out does not compile. */
export const tellings: { [Type in EventType]: Telling<Type> } = {
  ClaimDrafted: {
    team: { en: () => ['Draft created'], ru: () => ['Черновик создан'] },
    customer: null,
  },
  ClaimEdited: {
    team: { en: () => ['Claim changed'], ru: () => ['Заявка изменена'] },
    customer: null,
  },
  EvidenceAdded: {
    team: { en: () => ['Evidence added'], ru: () => ['Добавлено подтверждение выполнения'] },
    customer: null,
  },
  CommentAdded: {
    team: {
      en: ({ visibility }) => [visibility === 'internal' ? 'Internal comment' : 'Comment'],
      ru: ({ visibility }) => [visibility === 'internal' ? 'Внутренний комментарий' : 'Комментарий'],
    },
    customer: null,
    isForPartner: ({ visibility }) => visibility === 'shared',
  },
  DraftDiscarded: {
    team: { en: () => ['Draft discarded'], ru: () => ['Черновик удалён'] },
    customer: null,
  },
  ClaimSubmitted: {
    team: {
      en: ({ submission, clocks, findings }, words) => [
        submission === 1 ? 'Claim submitted' : 'Claim resubmitted',
        until(clocks, 'K1', words, (instant) => `The review begins by ${instant}.`),
        forVendor(holds(findings), words, (labels) => `To check before approval: ${labels}.`),
      ],
      ru: ({ submission, clocks, findings }, words) => [
        submission === 1 ? 'Заявка отправлена' : 'Заявка отправлена повторно',
        until(clocks, 'K1', words, (instant) => `Срок начала рассмотрения: ${instant}.`),
        forVendor(holds(findings), words, (labels) => `Проверить до утверждения: ${labels}.`),
      ],
    },
    customer: null,
  },
  ReviewStarted: {
    team: {
      en: ({ lines, clocks }, words) => [
        'Review begun',
        linesEn(lines),
        until(clocks, 'K2', words, (instant) => `Decision by ${instant}.`),
      ],
      ru: ({ lines, clocks }, words) => [
        'Рассмотрение начато',
        linesRu(lines),
        until(clocks, 'K2', words, (instant) => `Срок решения: ${instant}.`),
      ],
    },
    customer: null,
  },
  InformationRequested: {
    team: {
      en: ({ lines, reasons, suggestedDrops, clocks }, words) => [
        'More information needed from the partner',
        linesEn(lines),
        `Reasons: ${list(reasons, words)}.`,
        suggestedDrops.length === 0 ? null : `The reviewer suggests dropping: line ${suggestedDrops.join(', ')}.`,
        until(clocks, 'K4', words, (instant) => `Answer by ${instant}; without an answer the claim is rejected.`),
      ],
      ru: ({ lines, reasons, suggestedDrops, clocks }, words) => [
        'От партнёра нужны дополнительные сведения',
        linesRu(lines),
        `Причины: ${list(reasons, words)}.`,
        suggestedDrops.length === 0 ? null : `Предложено исключить: строка ${suggestedDrops.join(', ')}.`,
        until(clocks, 'K4', words, (instant) => `Срок ответа: ${instant}. Без ответа заявка будет отклонена.`),
      ],
    },
    customer: null,
  },
  LinesApproved: {
    team: {
      en: ({ lines, clearedHolds }, words) => [
        'Approved by the vendor; the customer has the last word',
        linesEn(lines),
        forVendor(clearedHolds, words, (labels) => `Checked and cleared: ${labels}.`),
      ],
      ru: ({ lines, clearedHolds }, words) => [
        'Утверждено поставщиком; последнее слово за клиентом',
        linesRu(lines),
        forVendor(clearedHolds, words, (labels) => `Проверено и снято: ${labels}.`),
      ],
    },
    customer: null,
  },
  LinesRejected: {
    team: {
      en: ({ lines, reason, isFinal, clocks }, words) => [
        isFinal ? 'Rejected, final' : 'Rejected',
        linesEn(lines),
        reason === 'customer_refused_target' ? refusedEn : `Reason: ${words.label(reason)}.`,
        until(clocks, 'K7', words, (instant) => `It can be disputed until ${instant}.`),
      ],
      ru: ({ lines, reason, isFinal, clocks }, words) => [
        isFinal ? 'Отклонено окончательно' : 'Отклонено',
        linesRu(lines),
        reason === 'customer_refused_target' ? refusedRu : `Причина: ${words.label(reason)}.`,
        until(clocks, 'K7', words, (instant) => `Последний момент, чтобы оспорить отклонение: ${instant}.`),
      ],
    },
    customer: {
      en: ({ lines }) => ['Closed, since your organisation has refused this partner', linesEn(lines), 'You need not do anything.'],
      ru: ({ lines }) => ['Закрыто: ваша организация отказала этому партнёру', linesRu(lines), 'От вас ничего не требуется.'],
    },
    isForCustomer: ({ reason }) => reason === 'customer_refused_target',
  },
  DeadlineBreached: {
    team: {
      en: ({ clock, lines, dueAt }, words) => [
        lateEn[clock] ?? 'A deadline has passed',
        linesEn(lines),
        `It was due by ${words.instant(dueAt)}.`,
      ],
      ru: ({ clock, lines, dueAt }, words) => [lateRu[clock] ?? 'Срок истёк', linesRu(lines), `Срок был: ${words.instant(dueAt)}.`],
    },
    customer: null,
  },
  NoticeRequested: {
    team: {
      en: ({ lines }) => ['Notice to the customer is on its way', linesEn(lines)],
      ru: ({ lines }) => ['Уведомление клиенту отправляется', linesRu(lines)],
    },
    customer: {
      en: ({ lines }) => ['A partner claims to work for you; we are writing to you about it', linesEn(lines)],
      ru: ({ lines }) => ['Партнёр заявил, что работает с вами; мы пишем вам об этом', linesRu(lines)],
    },
  },
  NoticeRecipientAdded: {
    team: {
      en: () => ['Notice to the corrected contact is on its way', 'The deadline stays.'],
      ru: () => ['Уведомление отправляется исправленному контакту', 'Срок не меняется.'],
    },
    customer: null,
  },
  NoticeAccepted: {
    team: {
      en: ({ clocks }, words) => [
        'Notice delivered to the customer',
        until(clocks, 'K5', words, (instant) => `The customer can decline until ${instant}.`),
      ],
      ru: ({ clocks }, words) => [
        'Уведомление доставлено клиенту',
        until(clocks, 'K5', words, (instant) => `Последний момент для отказа: ${instant}.`),
      ],
    },
    customer: {
      en: ({ clocks }, words) => [
        'Our notice was delivered to you',
        until(
          clocks,
          'K5',
          words,
          (instant) => `You can decline before anything takes effect until ${instant}, and end it at any time after.`,
        ),
      ],
      ru: ({ clocks }, words) => [
        'Уведомление вам доставлено',
        until(
          clocks,
          'K5',
          words,
          (instant) => `Последний момент для отказа: ${instant}. Прекратить сопоставление можно и позже, в любое время.`,
        ),
      ],
    },
  },
  NoticeFailed: {
    team: {
      en: () => [
        "A notice could not be delivered to one of the customer's addresses",
        'If nobody was reached, correct the customer contact.',
      ],
      ru: () => ['Уведомление не доставлено на один из адресов клиента', 'Если оно не дошло ни до кого, исправьте контакт клиента.'],
    },
    customer: null,
  },
  NoticeBounced: {
    team: {
      en: ({ clocks }, words) => [
        'A notice to the customer came back',
        until(clocks, 'K5', words, (instant) => `The customer can decline until ${instant}.`),
      ],
      ru: ({ clocks }, words) => [
        'Уведомление клиенту вернулось',
        until(clocks, 'K5', words, (instant) => `Последний момент для отказа: ${instant}.`),
      ],
    },
    customer: null,
  },
  CustomerDeclined: {
    team: {
      en: ({ lines }) => ['The customer declined', linesEn(lines)],
      ru: ({ lines }) => ['Клиент отказался', linesRu(lines)],
    },
    customer: {
      en: ({ lines }) => ['Your organisation declined', linesEn(lines)],
      ru: ({ lines }) => ['Ваша организация отказалась', linesRu(lines)],
    },
  },
  ConsentWindowPassed: {
    team: {
      en: ({ lines }) => ['The customer did not decline in time', linesEn(lines), "The vendor's decision is still open."],
      ru: ({ lines }) => ['Клиент не отказался в срок', linesRu(lines), 'Решение поставщика ещё не принято.'],
    },
    customer: null,
  },
  LinesMadeOfficial: {
    team: {
      en: ({ lines }) => ['The association is official', linesEn(lines.map(({ line }) => line))],
      ru: ({ lines }) => ['Сопоставление действует', linesRu(lines.map(({ line }) => line))],
    },
    customer: {
      en: ({ lines }) => [
        'The partner is now your partner of record',
        linesEn(lines.map(({ line }) => line)),
        'You can end this at any time.',
      ],
      ru: ({ lines }) => [
        'Сопоставление с партнёром действует',
        linesRu(lines.map(({ line }) => line)),
        'Вы можете прекратить его в любое время.',
      ],
    },
  },
  LinesHeld: {
    team: {
      en: ({ lines, findings }, words) => [
        'Held: a last check did not pass, a reviewer looks into it',
        linesEn(lines),
        forVendor(codes(findings), words, (labels) => `Found: ${labels}.`),
      ],
      ru: ({ lines, findings }, words) => [
        'Приостановлено: последняя проверка не пройдена, её разбирает проверяющий',
        linesRu(lines),
        forVendor(codes(findings), words, (labels) => `Обнаружено: ${labels}.`),
      ],
    },
    customer: null,
  },
  AssociationEnded: {
    team: {
      en: ({ lines, reason, isContinued }) =>
        isContinued
          ? ['Goes on with another activity, in another claim', linesEn(lines)]
          : [endEn[reason], linesEn(lines), 'Access has stopped.'],
      ru: ({ lines, reason, isContinued }) =>
        isContinued
          ? ['Продолжается с другим видом работ, по другой заявке', linesRu(lines)]
          : [endRu[reason], linesRu(lines), 'Доступ закрыт.'],
    },
    customer: {
      en: ({ lines, reason, isContinued }) =>
        isContinued
          ? ['Goes on with another activity of the same partner, in another claim', linesEn(lines)]
          : [
              reason === 'customer_revoked' ? 'Your organisation ended the association' : endEn[reason],
              linesEn(lines),
              "The partner's access has stopped.",
            ],
      ru: ({ lines, reason, isContinued }) =>
        isContinued
          ? ['Продолжается с другим видом работ того же партнёра, по другой заявке', linesRu(lines)]
          : [
              reason === 'customer_revoked' ? 'Ваша организация прекратила сопоставление' : endRu[reason],
              linesRu(lines),
              'Доступ партнёра закрыт.',
            ],
    },
  },
  AssociationTransferred: {
    team: {
      en: ({ lines, partnerId }) => [
        'Moved to another location of the partner',
        linesEn(lines.map(({ line }) => line)),
        `PartnerID ${partnerId}.`,
      ],
      ru: ({ lines, partnerId }) => [
        'Передано другому офису партнёра',
        linesRu(lines.map(({ line }) => line)),
        `Идентификатор офиса: ${partnerId}.`,
      ],
    },
    customer: {
      en: ({ lines, partnerId }) => [
        'Another office of your partner serves you now',
        linesEn(lines.map(({ line }) => line)),
        `PartnerID ${partnerId}. You can end this at any time.`,
      ],
      ru: ({ lines, partnerId }) => [
        'С вами теперь работает другой офис вашего партнёра',
        linesRu(lines.map(({ line }) => line)),
        `Идентификатор офиса: ${partnerId}. Вы можете прекратить сопоставление в любое время.`,
      ],
    },
  },
  AssociationChecked: {
    team: {
      en: ({ lines, isEligible, endsOn, fault }) => [
        fault === undefined ? 'Checked against the directory' : 'The directory could not be read; it is asked again tomorrow',
        linesEn(lines),
        fault ?? null,
        isEligible ? null : 'The location is not enrolled, or the subscription is suspended: incentives may not be paid.',
        endsOn === null ? null : `Ends on ${endsOn}.`,
      ],
      ru: ({ lines, isEligible, endsOn, fault }) => [
        fault === undefined ? 'Проверено по каталогу' : 'Каталог не удалось прочитать; завтра он будет запрошен снова',
        linesRu(lines),
        fault ?? null,
        isEligible ? null : 'Офис не участвует в программе или подписка приостановлена: выплаты могут не производиться.',
        endsOn === null ? null : `Заканчивается ${endsOn}.`,
      ],
    },
    customer: null,
  },
  ExpiryNoticeDue: {
    team: {
      en: ({ line, endsOn, daysLeft }) => [`The association ends on ${endsOn}`, linesEn([line]), `Days left: ${daysLeft}.`],
      ru: ({ line, endsOn, daysLeft }) => [`Сопоставление заканчивается ${endsOn}`, linesRu([line]), `Осталось дней: ${daysLeft}.`],
    },
    customer: null,
  },
  LineCarriedOver: {
    team: {
      en: ({ line, from }) => ['The subscription was renewed: the association follows it', `Line ${from} goes on as line ${line}.`],
      ru: ({ line, from }) => ['Подписка продлена: сопоставление переходит на новую', `Строка ${from} продолжается строкой ${line}.`],
    },
    customer: {
      en: ({ line }) => ['Your subscription was renewed; the partner asks to stay with it', linesEn([line])],
      ru: ({ line }) => ['Ваша подписка продлена; партнёр просит сохранить сопоставление и для неё', linesRu([line])],
    },
  },
  HolderWarned: {
    team: {
      en: ({ lines, clocks }, words) => [
        'Another claim competes for this association',
        linesEn(lines),
        until(clocks, 'K9', words, (instant) => `Fresh evidence counts until ${instant}.`),
      ],
      ru: ({ lines, clocks }, words) => [
        'На это сопоставление претендует другая заявка',
        linesRu(lines),
        until(clocks, 'K9', words, (instant) => `Последний момент, чтобы добавить новое подтверждение выполнения: ${instant}.`),
      ],
    },
    customer: null,
  },
  HearingClosed: {
    team: {
      en: ({ lines }) => ['The time to answer the competing claim is over', linesEn(lines), 'The vendor decides on what is on file.'],
      ru: ({ lines }) => ['Срок ответа на конкурирующую заявку истёк', linesRu(lines), 'Поставщик решит по имеющимся материалам.'],
    },
    customer: null,
  },
  ChoiceRequested: {
    team: {
      en: ({ line }) => ['The customer was asked which partner it wants', linesEn([line])],
      ru: ({ line }) => ['Клиента спросили, какого партнёра он выбирает', linesRu([line])],
    },
    customer: {
      en: ({ line }) => ['More than one partner claims to work for you; we asked which one you want', linesEn([line])],
      ru: ({ line }) => ['О работе с вами заявили несколько партнёров; мы спросили, кого вы выбираете', linesRu([line])],
    },
  },
  CustomerChose: {
    team: {
      en: () => ['The customer has chosen between the partners'],
      ru: () => ['Клиент выбрал одного из партнёров'],
    },
    customer: {
      en: () => ['Your organisation has chosen between the partners'],
      ru: () => ['Ваша организация выбрала одного из партнёров'],
    },
  },
  RivalsDecided: {
    team: {
      en: ({ line, isWinner, record }) => [
        isWinner ? 'Decided among competing claims: this one prevails' : 'Decided among competing claims: another one prevails',
        linesEn([line]),
        `By: ${stepEn[record.step]}.`,
      ],
      ru: ({ line, isWinner, record }) => [
        isWinner ? 'Решение по конкурирующим заявкам: принята эта' : 'Решение по конкурирующим заявкам: принята другая',
        linesRu([line]),
        `Основание: ${stepRu[record.step]}.`,
      ],
    },
    customer: null,
  },
  CustomerAccepted: {
    team: {
      en: ({ lines, isTenantAdmin }) => [
        'The customer accepted',
        linesEn(lines),
        isTenantAdmin ? null : "A contact's word does not end the window early.",
      ],
      ru: ({ lines, isTenantAdmin }) => [
        'Клиент согласился',
        linesRu(lines),
        isTenantAdmin ? null : 'Согласие контактного лица не завершает срок досрочно.',
      ],
    },
    customer: {
      en: ({ lines }) => ['Your organisation accepted', linesEn(lines), 'You can still refuse, and end it at any time.'],
      ru: ({ lines }) => [
        'Ваша организация согласилась',
        linesRu(lines),
        'Вы всё ещё можете отказаться и прекратить сопоставление в любое время.',
      ],
    },
  },
  PartnerBlocked: {
    team: {
      en: () => ['The customer does not accept further claims of this partner'],
      ru: () => ['Клиент больше не принимает заявки этого партнёра'],
    },
    customer: {
      en: () => ['Your organisation blocked further claims of this partner'],
      ru: () => ['Ваша организация запретила дальнейшие заявки этого партнёра'],
    },
  },
  PartnerUnblocked: {
    team: {
      en: () => ['The customer accepts claims of this partner again'],
      ru: () => ['Клиент снова принимает заявки этого партнёра'],
    },
    customer: {
      en: () => ['Your organisation accepts claims of this partner again'],
      ru: () => ['Ваша организация снова принимает заявки этого партнёра'],
    },
  },
  DeadlineExtended: {
    team: {
      en: ({ clock, lines, deadline }, words) => [
        extendedEn[clock] ?? 'A deadline was moved',
        linesEn(lines),
        `It is now due by ${words.instant(deadline.dueAt)}.`,
      ],
      ru: ({ clock, lines, deadline }, words) => [
        extendedRu[clock] ?? 'Срок продлён',
        linesRu(lines),
        `Новый срок: ${words.instant(deadline.dueAt)}.`,
      ],
    },
    customer: {
      en: ({ lines, deadline }, words) => ['You have more time to decline', linesEn(lines), `Until ${words.instant(deadline.dueAt)}.`],
      ru: ({ lines, deadline }, words) => ['Срок для отказа продлён', linesRu(lines), `Новый срок: ${words.instant(deadline.dueAt)}.`],
    },
    isForCustomer: ({ clock }) => clock === 'K5',
  },
  ClaimWithdrawn: {
    team: {
      en: ({ lines }) => ['Withdrawn by the partner', linesEn(lines)],
      ru: ({ lines }) => ['Отозвано партнёром', linesRu(lines)],
    },
    customer: {
      en: ({ lines }) => ['The partner withdrew its claim', linesEn(lines), 'You need not do anything.'],
      ru: ({ lines }) => ['Партнёр отозвал заявку', linesRu(lines), 'От вас ничего не требуется.'],
    },
  },
  DisputeOpened: {
    team: {
      en: ({ lines, clocks }, words) => [
        'Rejection disputed by the partner',
        linesEn(lines),
        until(clocks, 'K8', words, (instant) => `Answer by ${instant}.`),
      ],
      ru: ({ lines, clocks }, words) => [
        'Партнёр оспорил отклонение',
        linesRu(lines),
        until(clocks, 'K8', words, (instant) => `Срок ответа: ${instant}.`),
      ],
    },
    customer: null,
  },
  DisputeDecided: {
    team: {
      en: ({ lines, outcome }) => [disputeEn[outcome], linesEn(lines)],
      ru: ({ lines, outcome }) => [disputeRu[outcome], linesRu(lines)],
    },
    customer: null,
  },
  DisputeWindowClosed: {
    team: {
      en: ({ lines }) => ['The time to dispute is over', linesEn(lines), 'A new claim with updated evidence is possible.'],
      ru: ({ lines }) => ['Срок оспаривания истёк', linesRu(lines), 'Можно подать новую заявку с обновлённым подтверждением выполнения.'],
    },
    customer: null,
  },
};

function holds(findings: { code: string; severity: string }[]): string[] {
  return codes(findings.filter(({ severity }) => severity === 'hold'));
}

function codes(findings: { code: string }[]): string[] {
  return findings.map(({ code }) => code);
}
