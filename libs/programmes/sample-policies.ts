import type { Policy } from './policy.js';
import { sampleStatement } from './sample-statement.js';
import { sampleActivities, sampleAreas, sampleProducts } from './sample-catalogue.js';

const shared: Omit<Policy, 'name' | 'calendar' | 'language'> = {
  version: 1,
  effectiveFrom: '2025-01-01',
  vendor: {
    name: 'Meridian Cloud',
    contactEmail: 'partner-programme@meridian-cloud.example',
    explanationUrl: 'https://www.meridian-cloud.example/partner-of-record',
  },
  areas: sampleAreas,
  activities: sampleActivities,
  products: sampleProducts,
  clocks: {
    reviewStartBusinessDays: 5,
    reviewDecisionBusinessDays: 5,
    answerBusinessDays: 5,
    consentWindow: { days: 5, unit: 'business_day' },
    disputeCalendarDays: 30,
    disputeAnswerBusinessDays: 5,
    hearingBusinessDays: 5,
    coolDownCalendarDays: 30,
    expiryNoticeDays: [30, 7, 1],
  },
  noticeTiming: 'on_approval',
  consent: 'opt_out',
  publicSectorConsent: 'opt_in',
  isDomainRequired: true,
  isTechnicalContactRequired: false,
  maximumProducts: null,
  lateClaimDays: null,
  evidence: {
    maximumBytes: 20 * 1024 * 1024,
    types: ['pdf', 'docx', 'xlsx', 'pptx', 'png', 'jpeg', 'csv'],
    signatureMaximumAgeMonths: 12,
    isTemplateRequired: false,
    customerSees: 'names',
  },
  acknowledgement: {
    version: 1,
    text: {
      en: 'We confirm that the customer knows of this claim and has signed the evidence, that what we state is true, and that the customer will be told and may refuse.',
      ru: 'Мы подтверждаем, что клиент знает об этой заявке и подписал подтверждение выполнения, что указанные сведения верны и что клиент получит уведомление и сможет отказаться.',
    },
  },
  requestReasons: [
    { code: 'evidence_all_missing', label: { en: 'Missing all evidence', ru: 'Нет подтверждения выполнения' } },
    { code: 'acknowledgement_missing', label: { en: 'Missing customer acknowledgement', ru: 'Нет согласия клиента' } },
    { code: 'dates_missing_or_old', label: { en: 'Missing or old dates', ru: 'Даты отсутствуют или устарели' } },
    {
      code: 'service_description_missing',
      label: { en: 'Missing partner solution or service', ru: 'Не описано решение или услуга партнёра' },
    },
    { code: 'evidence_products_missing', label: { en: 'Missing products', ru: 'Не указаны продукты' } },
  ],
  rejectionReasons: [
    { code: 'evidence_insufficient', givenBy: 'reviewer', label: { en: 'Evidence is insufficient', ru: 'Подтверждение недостаточно' } },
    {
      code: 'consent_missing_on_evidence',
      givenBy: 'reviewer',
      label: { en: "The customer's consent is missing on the evidence", ru: 'В подтверждении нет согласия клиента' },
    },
    {
      code: 'evidence_products_missing',
      givenBy: 'reviewer',
      label: { en: 'Evidence does not cover the products', ru: 'Подтверждение не охватывает продукты' },
    },
    { code: 'evidence_unavailable', givenBy: 'reviewer', label: { en: 'Evidence cannot be read', ru: 'Подтверждение недоступно' } },
    { code: 'partner_request', givenBy: 'reviewer', label: { en: 'The partner asked for it', ru: 'По просьбе партнёра' } },
    { code: 'lost_arbitration', givenBy: 'reviewer', label: { en: 'Another claim prevailed', ru: 'Принята другая заявка' } },
    { code: 'customer_declined', givenBy: 'system', label: { en: 'The customer declined', ru: 'Клиент отказался' } },
    {
      code: 'customer_refused_target',
      givenBy: 'system',
      label: { en: 'The customer refused the company by another claim', ru: 'Клиент отказал компании по другой её заявке' },
    },
    {
      code: 'no_partner_response',
      givenBy: 'system',
      label: { en: 'The partner did not answer in time', ru: 'Партнёр не ответил в срок' },
    },
    {
      code: 'consent_expired',
      givenBy: 'system',
      label: { en: 'The customer did not consent in time', ru: 'Клиент не дал согласия в срок' },
    },
  ],
  exclusivityKey: 'target',
  termMonths: null,
  whenEnrolmentIsLost: 'keep',
  usage: { suppressBelow: null, hasBaselineMonth: false, afterEnd: 'nothing', executiveColumns: [] },
  retention: { eventYears: 7, evidenceMonths: 24 },
  statementTemplates: [
    {
      code: 'standard_statement_of_work',
      title: { en: 'Standard statement of work', ru: 'Типовое описание работ' },
      // Of samples/standard-statement-of-work.txt.
      sha256: 'cec60c8635ce5548340587afeb2ef6f379154508c2494e37281dfa9bfcd8bbd2',
      fields: ['tenantId', 'domain', 'products', 'activities', 'signedOn'],
      state: 'active',
    },
  ],
  statementOfWork: sampleStatement,
  automaticApprovals: [
    {
      code: 'standard_statement_of_work',
      areas: ['business_applications', 'modern_work_security'],
      activities: ['presales', 'usage'],
      products: null,
      template: 'standard_statement_of_work',
      maximumLines: 10,
    },
  ],
};

/** The sample programme: United States business days. */
export const samplePolicy: Policy = { name: 'sample', language: 'en', calendar: 'us-federal', ...shared };

/** The same programme as it runs in three countries, each with its own working week and holidays. */
export const samplePolicies: Policy[] = [
  samplePolicy,
  { name: 'sample-ru', language: 'ru', calendar: 'ru', ...shared },
  { name: 'sample-sa', language: 'en', calendar: 'sa', ...shared },
];
