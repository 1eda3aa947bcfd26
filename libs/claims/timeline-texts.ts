import type { ClockName, ClockStart } from './clocks.js';
import type { EventOf, EventType } from './events.js';

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
        until(clocks, 'K1', words, (instant) => `Рассмотрение начнётся не позднее ${instant}.`),
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
        until(clocks, 'K2', words, (instant) => `Решение не позднее ${instant}.`),
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
        until(clocks, 'K4', words, (instant) => `Ответ нужен не позднее ${instant}; без ответа заявка будет отклонена.`),
      ],
    },
    customer: null,
  },
  LinesApproved: {
    team: {
      en: ({ lines, clearedHolds }, words) => [
        'Approved by the vendor',
        linesEn(lines),
        forVendor(clearedHolds, words, (labels) => `Checked and cleared: ${labels}.`),
      ],
      ru: ({ lines, clearedHolds }, words) => [
        'Утверждено поставщиком',
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
        `Reason: ${words.label(reason)}.`,
        until(clocks, 'K7', words, (instant) => `It can be disputed until ${instant}.`),
      ],
      ru: ({ lines, reason, isFinal, clocks }, words) => [
        isFinal ? 'Отклонено окончательно' : 'Отклонено',
        linesRu(lines),
        `Причина: ${words.label(reason)}.`,
        until(clocks, 'K7', words, (instant) => `Оспорить можно до ${instant}.`),
      ],
    },
    customer: null,
  },
  DeadlineBreached: {
    team: {
      en: ({ clock, lines, dueAt }, words) => [
        lateEn[clock] ?? 'A deadline has passed',
        linesEn(lines),
        `It was due by ${words.instant(dueAt)}.`,
      ],
      ru: ({ clock, lines, dueAt }, words) => [lateRu[clock] ?? 'Срок истёк', linesRu(lines), `Срок был ${words.instant(dueAt)}.`],
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
  NoticeAccepted: {
    team: {
      en: ({ clocks }, words) => [
        'Notice delivered to the customer',
        until(clocks, 'K5', words, (instant) => `The customer can decline until ${instant}.`),
      ],
      ru: ({ clocks }, words) => [
        'Уведомление доставлено клиенту',
        until(clocks, 'K5', words, (instant) => `Клиент может отказаться до ${instant}.`),
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
          (instant) => `Вы можете отказаться заранее до ${instant}, а прекратить сопоставление — в любое время после.`,
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
        until(clocks, 'K5', words, (instant) => `Клиент может отказаться до ${instant}.`),
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
      en: ({ lines }) => ['The customer ended the association', linesEn(lines), 'Access has stopped.'],
      ru: ({ lines }) => ['Клиент прекратил сопоставление', linesRu(lines), 'Доступ закрыт.'],
    },
    customer: {
      en: ({ lines }) => ['Your organisation ended the association', linesEn(lines), "The partner's access has stopped."],
      ru: ({ lines }) => ['Ваша организация прекратила сопоставление', linesRu(lines), 'Доступ партнёра закрыт.'],
    },
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
        until(clocks, 'K8', words, (instant) => `Ответ не позднее ${instant}.`),
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
