import type { StatementOfWork } from './policy.js';

/** The statement of work of the sample programmes. */
export const sampleStatement: StatementOfWork = {
  signing: { days: 10, unit: 'business_day' },
  texts: {
    en: {
      title: 'Statement of work between {customer} and {partner}',
      paragraphs: [
        '{customer} (tenant {tenantId}, domain {domain}) states that it works with {partner} (PartnerID {partnerId}).',
        'The work concerns: {targets}. Its kind: {activities}.',
        '{customer} agrees that {partner} names this statement in claim {claim} of {date} as its proof of work in the programme {programme} of {vendor}.',
        'The parties agree that this statement may be signed electronically: by a link and a one-time code, both sent to the email address of the signatory. A person who holds both counts as the signatory. The parties will keep the code to themselves.',
        'This statement gives {partner} no rights in the data of {customer} beyond those that the programme describes. {customer} may end the association with {partner} at any time.',
      ],
    },
    ru: {
      title: 'Описание работ: {customer} и {partner}',
      paragraphs: [
        '{customer} (клиент {tenantId}, домен {domain}) подтверждает, что работает с партнёром {partner} (PartnerID {partnerId}).',
        'Работы касаются следующих продуктов: {targets}. Вид работ: {activities}.',
        '{customer} согласен с тем, что {partner} укажет этот документ в заявке {claim} от {date} как подтверждение работ в программе {programme} поставщика {vendor}.',
        'Стороны согласны подписать этот документ простой электронной подписью: по ссылке и одноразовому коду, отправленным на адрес электронной почты подписанта. Подписавшим считается тот, кто владеет и ссылкой, и кодом. Стороны обязуются сохранять код в тайне.',
        'Этот документ не даёт партнёру {partner} прав на данные клиента сверх описанных в программе. Клиент может прекратить сопоставление с партнёром в любое время.',
      ],
    },
  },
};
