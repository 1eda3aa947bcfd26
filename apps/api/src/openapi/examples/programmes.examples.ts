/** Answers of the running API, cut short: examples by the name of their schema. */
export const programmesExamples = {
  JsonSchema: {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    properties: {
      name: {
        type: 'string',
      },
    },
    required: ['name'],
  },
  Programme: {
    name: 'sample',
    areas: [
      {
        code: 'business_applications',
        unit: 'subscription',
        label: {
          en: 'Business Applications',
          ru: 'Бизнес-приложения',
        },
        activities: ['presales'],
        enrolmentProgramme: 'osu_business_applications',
      },
      {
        code: 'modern_work_security',
        unit: 'workload',
        label: {
          en: 'Modern Work and Security',
          ru: 'Современная работа и безопасность',
        },
        activities: ['usage'],
        enrolmentProgramme: 'modern_work_security_usage',
      },
    ],
    usage: {
      afterEnd: 'nothing',
      suppressBelow: null,
      executiveColumns: [],
      hasBaselineMonth: false,
    },
    clocks: {
      consentWindow: {
        days: 5,
        unit: 'business_day',
      },
      expiryNoticeDays: [30],
      answerBusinessDays: 5,
      disputeCalendarDays: 30,
      hearingBusinessDays: 5,
      coolDownCalendarDays: 30,
      reviewStartBusinessDays: 5,
      disputeAnswerBusinessDays: 5,
      reviewDecisionBusinessDays: 5,
    },
    vendor: {
      name: 'Meridian Cloud',
      contactEmail: 'partner-programme@meridian-cloud.example',
      explanationUrl: 'https://www.meridian-cloud.example/partner-of-record',
    },
    consent: 'opt_out',
    version: 1,
    calendar: 'us-federal',
    evidence: {
      types: ['pdf'],
      customerSees: 'names',
      maximumBytes: 20971520,
      isTemplateRequired: false,
      signatureMaximumAgeMonths: 12,
    },
    language: 'en',
    products: [
      {
        area: 'modern_work_security',
        code: 'intune',
        unit: 'workload',
        label: {
          en: 'Intune',
          ru: 'Intune',
        },
        state: 'active',
        family: 'microsoft_365',
        synonyms: ['Microsoft Intune'],
        activities: ['usage'],
      },
      {
        area: 'modern_work_security',
        code: 'exchange',
        unit: 'workload',
        label: {
          en: 'Exchange',
          ru: 'Exchange',
        },
        state: 'active',
        family: 'microsoft_365',
        synonyms: ['EXO'],
        activities: ['usage'],
      },
    ],
    retention: {
      eventYears: 7,
      evidenceMonths: 24,
    },
    activities: [
      {
        code: 'presales',
        unit: 'subscription',
        areas: ['business_applications'],
        label: {
          en: 'Presales',
          ru: 'Предпродажная работа',
        },
        label2023: {
          en: 'Build intent - Advisor',
          ru: 'Формирование намерения: консультант',
        },
        combinableWith: ['usage'],
        isIncentivised: true,
        requiredFields: [],
      },
      {
        code: 'usage',
        unit: 'subscription',
        areas: ['business_applications'],
        label: {
          en: 'Usage',
          ru: 'Использование',
        },
        label2023: {
          en: 'Usage recognition - Non-Incentivized',
          ru: 'Учёт использования без поощрения',
        },
        combinableWith: ['presales'],
        isIncentivised: false,
        requiredFields: [],
      },
    ],
    termMonths: null,
    noticeTiming: 'on_approval',
    effectiveFrom: '2025-01-01',
    lateClaimDays: null,
    exclusivityKey: 'target',
    requestReasons: [
      {
        code: 'evidence_all_missing',
        label: {
          en: 'Missing all evidence',
          ru: 'Нет подтверждения выполнения',
        },
      },
      {
        code: 'acknowledgement_missing',
        label: {
          en: 'Missing customer acknowledgement',
          ru: 'Нет согласия клиента',
        },
      },
    ],
    acknowledgement: {
      text: {
        en: 'We confirm that the customer knows of this claim and has signed the evidence, that what we state is true, and that the customer will be told and may refuse.',
        ru: 'Мы подтверждаем, что клиент знает об этой заявке и подписал подтверждение выполнения, что указанные сведения верны и что клиент получит уведомление и сможет отказаться.',
      },
      version: 1,
    },
    maximumProducts: null,
    isDomainRequired: true,
    rejectionReasons: [
      {
        code: 'evidence_insufficient',
        label: {
          en: 'Evidence is insufficient',
          ru: 'Подтверждение недостаточно',
        },
        givenBy: 'reviewer',
      },
      {
        code: 'consent_missing_on_evidence',
        label: {
          en: "The customer's consent is missing on the evidence",
          ru: 'В подтверждении нет согласия клиента',
        },
        givenBy: 'reviewer',
      },
    ],
    automaticApprovals: [
      {
        code: 'standard_statement_of_work',
        areas: ['business_applications'],
        products: null,
        template: 'standard_statement_of_work',
        activities: ['presales'],
        maximumLines: 10,
      },
    ],
    statementTemplates: [
      {
        code: 'standard_statement_of_work',
        state: 'active',
        title: {
          en: 'Standard statement of work',
          ru: 'Типовое описание работ',
        },
        fields: ['tenantId'],
        sha256: 'cec60c8635ce5548340587afeb2ef6f379154508c2494e37281dfa9bfcd8bbd2',
      },
    ],
    publicSectorConsent: 'opt_in',
    whenEnrolmentIsLost: 'keep',
    isTechnicalContactRequired: false,
  },
  ProgrammePublicationReport: {
    name: 'sample',
    result: 'unchanged',
    version: 1,
    changes: [],
    faults: [],
    warnings: [],
  },
  ProgrammeSummaryList: {
    items: [
      {
        name: 'sample',
        version: 1,
        effectiveFrom: '2025-01-01',
        calendar: 'us-federal',
      },
      {
        name: 'sample-ru',
        version: 1,
        effectiveFrom: '2025-01-01',
        calendar: 'ru',
      },
    ],
    next: null,
  },
};
