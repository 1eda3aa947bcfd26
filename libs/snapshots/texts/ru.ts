import type { SnapshotTexts } from './en.js';

export const ru: SnapshotTexts = {
  title: (number) => `Заявка ${number} в отправленном виде`,
  lead: (vendor) =>
    `Это копия одной отправленной версии заявки в партнёрской программе ${vendor}. Она показывает то, что заявил партнёр; ею поделились с вами по ссылке, и она не меняется.`,
  submission: 'Отправка',
  submittedAt: 'Отправлена',
  programme: 'Программа',
  sharedBy: 'Кто поделился',
  sharer: { partner: () => 'партнёр', vendor: (vendor) => vendor },
  asOf: 'Скопирована',
  expiresAt: 'Ссылка действует до',
  none: 'нет',
  notStated: 'не указано',
  description: { heading: 'Заявка', name: 'Название', area: 'Область', externalReference: 'Номер у партнёра', tags: 'Метки' },
  customer: { heading: 'Клиент', name: 'Название', tenantId: 'ID клиента', domain: 'Домен' },
  partner: { heading: 'Партнёр', name: 'Название', partnerId: 'PartnerID' },
  lines: { heading: 'Продукты и подписки', line: (line) => `Строка ${line}`, subscription: 'подписка' },
  activities: { heading: 'Виды работ' },
  evidence: {
    heading: 'Доказательства',
    note: 'Файлы и их имена в копию не входят. Тот, у кого есть файл, может сравнить его хеш.',
    item: (index) => `Документ ${index}`,
    signedOn: 'Дата подписи',
    signedHere: 'подписан клиентом в cpor',
    sha256: 'SHA-256',
    kind: 'Тип и размер',
    bytes: (size) => `${size} байт`,
  },
  terms: {
    heading: 'Условия',
    transactionOn: 'Дата сделки',
    incentives: 'Вознаграждение',
    optedOut: 'партнёр отказался',
    optedIn: 'без отказа',
  },
  standing: {
    heading: 'Состояние на момент копирования',
    since: (at) => `с ${at}`,
    association: (from, to) => (to === null ? `привязка с ${from}` : `привязка с ${from} по ${to}`),
  },
  proof: {
    heading: 'Об этой копии',
    sha256: 'SHA-256 содержимого',
    text: 'По хешу узнаётся содержимое этой копии; тот, кто поделился ссылкой, видит такой же. Каждое открытие ссылки записывается, и ему видно, когда её открывали.',
  },
};
