import type { ClockName, EndReason, RivalryStep } from '#libs/claims/index.js';
import { codes, dueBy, forVendor, holds, list, type TimelineTexts } from './texts.js';

const linesOf = (lines: number[]): string => `${lines.length === 1 ? 'Строка' : 'Строки'} ${lines.join(', ')}.`;

const overdue: Partial<Record<ClockName, string>> = {
  K1: 'Рассмотрение не начато в срок',
  K2: 'Рассмотрение не завершено в срок',
  K3: 'Решение по заявке не принято в срок',
  K8: 'Решение по спору не принято в срок',
};

const disputeOutcomes = {
  approve: 'Спор решён в пользу партнёра',
  ask: 'Спор: нужны дополнительные сведения',
  final: 'Спор решён: отклонение окончательно',
};

const endReasons: Record<EndReason, string> = {
  customer_revoked: 'Клиент прекратил сопоставление',
  partner_disassociated: 'Партнёр прекратил сопоставление',
  subscription_ended: 'Сопоставление закончилось вместе с подпиской',
  superseded: 'Сопоставление заменено другим',
  transferred: 'Сопоставление передано другому офису',
  vendor_revoked: 'Поставщик прекратил сопоставление',
  enrolment_lost: 'Сопоставление закончилось: офис больше не участвует в программе',
  term_expired: 'Срок сопоставления истёк',
};

const rivalrySteps: Record<RivalryStep, string> = {
  customer_choice: 'выбор клиента',
  newest_evidence: 'самое новое подтверждение, подписанное клиентом',
  holder: 'действующее сопоставление',
  earliest_submission: 'более ранняя подача',
};

const extensions: Partial<Record<ClockName, string>> = {
  K4: 'Партнёру дано больше времени на ответ',
  K5: 'Клиенту дано больше времени',
  K9: 'Действующему партнёру дано больше времени',
};

const refusedTarget = 'Клиент отказал этой компании: в ответ на другую её заявку или запретив её заявки. Отказ клиента оспорить нельзя.';

export const russian: TimelineTexts = {
  team: {
    ClaimDrafted: () => ['Черновик создан'],
    ClaimEdited: () => ['Заявка изменена'],
    EvidenceAdded: ({ evidence }) => [
      'Добавлено подтверждение выполнения',
      evidence.quarantine === 'waiting' ? 'Файл можно будет открыть после проверки на вредоносный код.' : null,
    ],
    EvidenceScanned: ({ result }) =>
      result === 'clean'
        ? ['Файл проверен: вредоносный код не найден']
        : ['В файле найден вредоносный код', 'Файл остаётся в карантине. Нужна чистая копия.'],
    CommentAdded: ({ visibility }) => [visibility === 'internal' ? 'Внутренний комментарий' : 'Комментарий'],
    SignatureRequested: ({ clocks }, words) => [
      'Клиента попросили подписать описание работ',
      dueBy(clocks, 'K15', words, (instant) => `Запрос действует до следующего момента: ${instant}.`),
    ],
    SignatureCodeRequested: () => ['Подписанту отправлен код'],
    SignatureForwarded: () => ['Подписант передал запрос коллеге'],
    StatementSigned: () => ['Клиент подписал описание работ', 'Личность подтверждена ссылкой и кодом, отправленными подписанту.'],
    SignatureDeclined: () => ['Клиент отказался подписать описание работ'],
    SignatureExpired: () => ['Срок запроса на подпись истёк'],
    SignatureRequestCanceled: () => ['Запрос на подпись отменён'],
    DraftDiscarded: () => ['Черновик удалён'],
    ClaimSubmitted: ({ submission, clocks, findings }, words) => [
      submission === 1 ? 'Заявка отправлена' : 'Заявка отправлена повторно',
      dueBy(clocks, 'K1', words, (instant) => `Срок начала рассмотрения: ${instant}.`),
      forVendor(holds(findings), words, (labels) => `Проверить до утверждения: ${labels}.`),
    ],
    ReviewStarted: ({ lines, clocks }, words) => [
      'Рассмотрение начато',
      linesOf(lines),
      dueBy(clocks, 'K2', words, (instant) => `Срок решения: ${instant}.`),
    ],
    InformationRequested: ({ lines, reasons, suggestedDrops, clocks }, words) => [
      'От партнёра нужны дополнительные сведения',
      linesOf(lines),
      `Причины: ${list(reasons, words)}.`,
      suggestedDrops.length === 0 ? null : `Проверяющий предлагает исключить: строка ${suggestedDrops.join(', ')}.`,
      dueBy(clocks, 'K4', words, (instant) => `Срок ответа: ${instant}. Без ответа заявка будет отклонена.`),
    ],
    LinesApproved: ({ lines, clearedHolds }, words) => [
      'Утверждено поставщиком; последнее слово за клиентом',
      linesOf(lines),
      forVendor(clearedHolds, words, (labels) => `Проверено и снято: ${labels}.`),
    ],
    LinesRejected: ({ lines, reason, isFinal, clocks }, words) => [
      isFinal ? 'Отклонено окончательно' : 'Отклонено',
      linesOf(lines),
      reason === 'customer_refused_target' ? refusedTarget : `Причина: ${words.label(reason)}.`,
      dueBy(clocks, 'K7', words, (instant) => `Последний момент, чтобы оспорить отклонение: ${instant}.`),
    ],
    DeadlineBreached: ({ clock, lines, dueAt }, words) => [
      overdue[clock] ?? 'Срок истёк',
      linesOf(lines),
      `Срок был: ${words.instant(dueAt)}.`,
    ],
    NoticeRequested: ({ lines }) => ['Уведомление клиенту отправляется', linesOf(lines)],
    NoticeRecipientAdded: () => ['Уведомление отправляется исправленному контакту', 'Срок не меняется.'],
    NoticeAccepted: ({ clocks }, words) => [
      'Уведомление доставлено клиенту',
      dueBy(clocks, 'K5', words, (instant) => `Последний момент для отказа: ${instant}.`),
    ],
    NoticeFailed: () => [
      'Уведомление не доставлено на один из адресов клиента',
      'Если оно не дошло ни до кого, исправьте контакт клиента.',
    ],
    NoticeBounced: ({ clocks }, words) => [
      'Уведомление клиенту вернулось недоставленным',
      dueBy(clocks, 'K5', words, (instant) => `Последний момент для отказа: ${instant}.`),
    ],
    CustomerDeclined: ({ lines }) => ['Клиент отказался', linesOf(lines)],
    ConsentWindowPassed: ({ lines }) => ['Клиент не отказался в срок', linesOf(lines), 'Решение поставщика ещё не принято.'],
    LinesMadeOfficial: ({ lines }) => ['Сопоставление действует', linesOf(lines.map(({ line }) => line))],
    LinesHeld: ({ lines, findings }, words) => [
      'Приостановлено: итоговая проверка не пройдена, вопрос разбирает проверяющий',
      linesOf(lines),
      forVendor(codes(findings), words, (labels) => `Обнаружено: ${labels}.`),
    ],
    AssociationEnded: ({ lines, reason, isContinued }) =>
      isContinued
        ? ['Продолжается с другим видом работ, по другой заявке', linesOf(lines)]
        : [endReasons[reason], linesOf(lines), 'Доступ к данным закрыт.'],
    AssociationTransferred: ({ lines, partnerId }) => [
      'Передано другому офису партнёра',
      linesOf(lines.map(({ line }) => line)),
      `Идентификатор офиса: ${partnerId}.`,
    ],
    AssociationChecked: ({ lines, isEligible, endsOn, fault }) => [
      fault === undefined ? 'Проверено по каталогу' : 'Каталог не удалось прочитать; завтра проверка повторится',
      linesOf(lines),
      fault ?? null,
      isEligible ? null : 'Офис не участвует в программе или подписка приостановлена: выплаты могут не производиться.',
      endsOn === null ? null : `Заканчивается ${endsOn}.`,
    ],
    ExpiryNoticeDue: ({ line, endsOn, daysLeft }) => [
      `Сопоставление заканчивается ${endsOn}`,
      linesOf([line]),
      `Осталось дней: ${daysLeft}.`,
    ],
    LineCarriedOver: ({ line, from }) => [
      'Подписка продлена: сопоставление переходит на новую',
      `Строка ${from} продолжается строкой ${line}.`,
    ],
    HolderWarned: ({ lines, clocks }, words) => [
      'На это сопоставление претендует другая заявка',
      linesOf(lines),
      dueBy(clocks, 'K9', words, (instant) => `Последний момент, чтобы добавить новое подтверждение выполнения: ${instant}.`),
    ],
    HearingClosed: ({ lines }) => [
      'Срок ответа на конкурирующую заявку истёк',
      linesOf(lines),
      'Поставщик примет решение по имеющимся материалам.',
    ],
    ChoiceRequested: ({ line }) => ['Клиента спросили, какого партнёра он выбирает', linesOf([line])],
    CustomerChose: () => ['Клиент выбрал одного из партнёров'],
    RivalsDecided: ({ line, isWinner, record }) => [
      isWinner ? 'Решение по конкурирующим заявкам: принята эта' : 'Решение по конкурирующим заявкам: принята другая',
      linesOf([line]),
      `Основание: ${rivalrySteps[record.step]}.`,
    ],
    CustomerAccepted: ({ lines, isTenantAdmin }) => [
      'Клиент согласился',
      linesOf(lines),
      isTenantAdmin ? null : 'Согласие контактного лица не завершает срок досрочно.',
    ],
    PartnerBlocked: () => ['Клиент больше не принимает заявки этого партнёра'],
    PartnerUnblocked: () => ['Клиент снова принимает заявки этого партнёра'],
    DeadlineExtended: ({ clock, lines, deadline }, words) => [
      extensions[clock] ?? 'Срок продлён',
      linesOf(lines),
      `Новый срок: ${words.instant(deadline.dueAt)}.`,
    ],
    ClaimWithdrawn: ({ lines }) => ['Отозвано партнёром', linesOf(lines)],
    DisputeOpened: ({ lines, clocks }, words) => [
      'Партнёр оспорил отклонение',
      linesOf(lines),
      dueBy(clocks, 'K8', words, (instant) => `Срок ответа: ${instant}.`),
    ],
    DisputeDecided: ({ lines, outcome }) => [disputeOutcomes[outcome], linesOf(lines)],
    DisputeWindowClosed: ({ lines }) => [
      'Срок оспаривания истёк',
      linesOf(lines),
      'Можно подать новую заявку с обновлённым подтверждением выполнения.',
    ],
  },
  customer: {
    LinesRejected: ({ lines }) => ['Закрыто: ваша организация отказала этому партнёру', linesOf(lines), 'От вас ничего не требуется.'],
    NoticeRequested: ({ lines }) => ['Партнёр заявил, что работает с вами; мы пишем вам об этом', linesOf(lines)],
    NoticeAccepted: ({ clocks }, words) => [
      'Уведомление вам доставлено',
      dueBy(
        clocks,
        'K5',
        words,
        (instant) => `Последний момент для отказа: ${instant}. Прекратить сопоставление можно и позже, в любое время.`,
      ),
    ],
    CustomerDeclined: ({ lines }) => ['Ваша организация отказалась', linesOf(lines)],
    LinesMadeOfficial: ({ lines }) => [
      'Сопоставление с партнёром действует',
      linesOf(lines.map(({ line }) => line)),
      'Вы можете прекратить его в любое время.',
    ],
    AssociationEnded: ({ lines, reason, isContinued }) =>
      isContinued
        ? ['Продолжается с другим видом работ того же партнёра, по другой заявке', linesOf(lines)]
        : [
            reason === 'customer_revoked' ? 'Ваша организация прекратила сопоставление' : endReasons[reason],
            linesOf(lines),
            'Доступ партнёра закрыт.',
          ],
    AssociationTransferred: ({ lines, partnerId }) => [
      'С вами теперь работает другой офис вашего партнёра',
      linesOf(lines.map(({ line }) => line)),
      `Идентификатор офиса: ${partnerId}. Вы можете прекратить сопоставление в любое время.`,
    ],
    LineCarriedOver: ({ line }) => ['Вы продлили подписку; партнёр просит сохранить сопоставление и для неё', linesOf([line])],
    ChoiceRequested: ({ line }) => ['О работе с вами заявили несколько партнёров; мы спросили, кого вы выбираете', linesOf([line])],
    CustomerChose: () => ['Ваша организация выбрала одного из партнёров'],
    CustomerAccepted: ({ lines }) => [
      'Ваша организация согласилась',
      linesOf(lines),
      'Вы всё ещё можете отказаться и прекратить сопоставление в любое время.',
    ],
    PartnerBlocked: () => ['Ваша организация запретила дальнейшие заявки этого партнёра'],
    StatementSigned: () => ['Ваша организация подписала описание работ партнёра'],
    PartnerUnblocked: () => ['Ваша организация снова принимает заявки этого партнёра'],
    DeadlineExtended: ({ lines, deadline }, words) => [
      'Срок для отказа продлён',
      linesOf(lines),
      `Новый срок: ${words.instant(deadline.dueAt)}.`,
    ],
    ClaimWithdrawn: ({ lines }) => ['Партнёр отозвал заявку', linesOf(lines), 'От вас ничего не требуется.'],
  },
};
