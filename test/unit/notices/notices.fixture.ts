import type { AnswerPeriod, ChoiceView, Language, LetterView, NoticeLine, NoticeView, Receipt } from '#libs/notices/index.js';

export function noticeLine(line: number, changes: Partial<NoticeLine> = {}): NoticeLine {
  return { line, target: `Product ${line}`, activities: ['usage'], state: 'open', ...changes };
}

export function period(changes: Partial<AnswerPeriod> = {}): AnswerPeriod {
  return { lines: [1, 2], closesAt: '2026-01-09T20:59:59.999Z', consent: 'opt_out', ...changes };
}

/** A notice about two workloads, sent on the day before the holidays of the first case in domain.md 4.1. */
export function noticeView(changes: Partial<NoticeView> = {}): NoticeView {
  return {
    language: 'en',
    claimNumber: 'CLM-000123',
    partner: { legalName: 'Fabrikam Consulting LLC', partnerId: '0123456' },
    tenant: { name: 'Contoso Retail', tenantId: '8e0b4f5c-2f6a-4d6b-9c1e-3a4b5c6d7e8f', domain: 'contoso.example' },
    lines: [
      noticeLine(1, { target: 'Teams', activities: ['usage'] }),
      noticeLine(2, { target: 'Dynamics 365 Sales, subscription 51a4b0de-0c7f-4c57-9f64-0a4c4ce0f001', activities: ['presales', 'usage'] }),
    ],
    periods: [period()],
    isPartnerBlocked: false,
    zone: 'Europe/Moscow',
    window: { days: 5, unit: 'business_day' },
    evidence: [
      { fileName: 'statement-of-work.pdf', signedOn: '2025-12-03' },
      { fileName: 'acceptance.docx', signedOn: null },
    ],
    vendor: {
      name: 'Northwind Cloud',
      contactEmail: 'partners@northwind.example',
      explanationUrl: 'https://northwind.example/partner-of-record',
    },
    explanationPage: 'https://claims.northwind.example/partner-of-record/northwind',
    url: 'https://claims.northwind.example/n/Zk3vT0kEn_8c',
    copyUrl: 'https://claims.northwind.example/n/copy/c0py',
    sentAt: '2025-12-24T21:30:00.000Z',
    ...changes,
  };
}

export function inLanguage(language: Language, changes: Partial<NoticeView> = {}): NoticeView {
  return noticeView({ language, ...changes });
}

export function receipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    receivedAt: '2026-01-09T20:59:59.999Z',
    lines: [{ line: 1, outcome: 'declined' }],
    reference: 'CLM-000123-R1',
    ...changes,
  };
}

/** Two partners claim Teams; the first one holds it. */
export function choiceView(changes: Partial<ChoiceView> = {}): ChoiceView {
  const { tenant, vendor, zone, explanationPage, url, copyUrl } = noticeView();
  return {
    language: 'en',
    target: 'Teams',
    tenant,
    candidates: [
      { claimId: 'c1', legalName: 'Fabrikam Consulting LLC', partnerId: '0123456', isHolder: true },
      { claimId: 'c2', legalName: 'Proseware, Inc.', partnerId: '0654321', isHolder: false },
    ],
    isOpen: true,
    chosen: null,
    zone,
    vendor,
    explanationPage,
    url,
    ...(copyUrl !== undefined && { copyUrl }),
    ...changes,
  };
}

export function letterView(changes: Partial<LetterView> = {}): LetterView {
  const { claimNumber, partner, tenant, zone, vendor } = noticeView();
  return {
    kind: 'acceptance_receipt',
    language: 'en',
    claimNumber,
    partner,
    tenant,
    targets: ['Teams'],
    isSubscription: false,
    renewal: null,
    zone,
    vendor,
    url: null,
    code: null,
    reference: 'letter-1',
    at: '2026-01-09T20:59:59.999Z',
    ...changes,
  };
}

/** An official subscription, and its renewal, which is open for an answer. */
export function renewedLines(): NoticeLine[] {
  const target = 'Sales (51a4b0de-0c7f-4c57-9f64-0a4c4ce0f001)';
  return [
    noticeLine(1, { target, activities: ['presales'], state: 'official' }),
    noticeLine(2, { target: 'Sales (51a4b0de-0c7f-4c57-9f64-0a4c4ce0f002)', activities: ['presales'], renews: target }),
  ];
}
