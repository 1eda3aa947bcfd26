import { expect } from 'chai';
import { type Product, samplePolicy } from '#libs/programmes/index.js';

/** The published lists, with every name as printed. */
const lists: { list: string; area: string; activities: string[]; names: string }[] = [
  {
    list: 'Modern Work workloads, 2023',
    area: 'modern_work_security',
    activities: ['usage'],
    names: `Intune, Exchange, ProPlus, SharePoint, Teams, Teams Meetings, Teams Phone, Teams Phone calling, Teams Platform, Yammer,
      Viva Insights, Viva Topics, Viva Learning, Viva Connections`,
  },
  {
    list: 'Modern Work, older short list, 2022',
    area: 'modern_work_security',
    activities: ['usage'],
    names: 'Intune, EXO, ProPlus, SPO, Teams, Teams Meetings, Teams Phone calling 1p/3p, Teams Platform, Yammer, Skype for Business',
  },
  {
    list: 'Usage recognition only',
    area: 'modern_work_security',
    activities: ['usage'],
    names: 'Teams (standalone), Yammer, Outlook Mobile, Azure Information Protection',
  },
  {
    list: 'Security, 2022',
    area: 'modern_work_security',
    activities: ['usage'],
    names: `Azure Active Directory Premium, Microsoft Defender for Office 365, Microsoft Defender for Endpoint,
      Microsoft Defender for Identity, Microsoft Information Protection, Intune`,
  },
  {
    list: 'Business Applications, presales and revenue, 2022',
    area: 'business_applications',
    activities: ['presales', 'revenue_association'],
    names: `AI Builder, Business Central, CE Bundle, Commerce, Customer Insights, Customer Service, F&O Bundle, Field Service, Finance,
      Fraud Protection, HR, Intelligent Order Management, Marketing, Mixed Reality, Omni-channel, Power Apps, Power Automate, Power BI,
      Power Pages, Power Virtual Agent, Project Operations, Sales, Supply Chain`,
  },
  {
    list: 'Business Applications, usage, 2022',
    area: 'business_applications',
    activities: ['usage'],
    names: `Business Central, Common Data Service (Customer Engagement), Core HR, Customer Insights Partner, Finance & Operations, Guides,
      Portals, Power App, Power Automate, Power BI, Remote Assist, Retail, Talent Attract, Talent Onboard`,
  },
];
const namesIn = (names: string) => names.split(/,\s+/);
const called = (name: string) => samplePolicy.products.filter(({ label, synonyms }) => [label.en, ...synonyms].includes(name));
const inArea = (area: string) => samplePolicy.products.filter((product) => product.area === area);

describe('the sample programme', () => {
  for (const { list, area, activities, names } of lists) {
    it(`has exactly one product, with the right activities, for each name in "${list}"`, () => {
      for (const name of namesIn(names)) {
        const found = called(name);
        expect(
          found.map((product) => product.area),
          name,
        ).to.deep.equal([area]);
        expect(found[0]!.activities, name).to.include.members(activities);
      }
    });
  }

  it('has no product that is missing from the lists', () => {
    const codes = (products: Product[]) => [...new Set(products.map(({ code }) => code))].sort();
    const listed = (area: string, activity: string) =>
      lists
        .filter((list) => list.area === area && list.activities.includes(activity))
        .flatMap(({ names }) => namesIn(names))
        .flatMap(called);
    for (const { code, areas } of samplePolicy.activities) {
      for (const area of areas) {
        const offered = inArea(area).filter(({ activities }) => activities.includes(code));
        expect(codes(offered), `${code} in ${area}`).to.deep.equal(codes(listed(area, code)));
      }
    }
  });

  it('has as many products as the lists have distinct ones', () => {
    expect(inArea('modern_work_security')).to.have.length(23);
    expect(inArea('business_applications')).to.have.length(32);
    expect(samplePolicy.products).to.have.length(55);
  });

  it('claims workloads in one area and subscriptions in the other', () => {
    const kinds = (area: string) => [...new Set(inArea(area).map(({ unit, family, state }) => `${unit} ${family} ${state}`))];
    expect(kinds('modern_work_security')).to.deep.equal(['workload microsoft_365 active']);
    expect(kinds('business_applications')).to.deep.equal(['subscription dynamics active']);
    expect(samplePolicy.areas.map(({ code, unit, activities, label }) => [code, unit, activities, label.en])).to.deep.equal([
      ['business_applications', 'subscription', ['presales', 'usage', 'revenue_association'], 'Business Applications'],
      ['modern_work_security', 'workload', ['usage'], 'Modern Work and Security'],
    ]);
  });

  it('labels each activity in the vocabularies of 2021 and 2023', () => {
    const rows = samplePolicy.activities.map((activity) => [
      activity.areas.join(),
      activity.label.en,
      activity.label2023.en,
      activity.unit,
      activity.isIncentivised,
      activity.combinableWith.join(),
      activity.requiredFields.join(),
    ]);
    expect(rows).to.deep.equal([
      ['business_applications', 'Presales', 'Build intent - Advisor', 'subscription', true, 'usage', ''],
      ['business_applications', 'Usage', 'Usage recognition - Non-Incentivized', 'subscription', false, 'presales', ''],
      [
        'business_applications',
        'Revenue association',
        'Influenced Revenue recognition - Non-Incentivized',
        'subscription',
        false,
        '',
        'sellerName,customerName,solutionName',
      ],
      ['modern_work_security', 'Usage', 'Use or consume', 'workload', true, '', ''],
    ]);
  });

  it('has a Russian label for every name that is not a brand', () => {
    const { areas, activities, requestReasons, rejectionReasons, statementTemplates, acknowledgement } = samplePolicy;
    const texts = [
      ...[...areas, ...activities, ...requestReasons, ...rejectionReasons].map(({ label }) => label.ru),
      ...activities.map(({ label2023 }) => label2023.ru),
      ...statementTemplates.map(({ title }) => title.ru),
      acknowledgement.text.ru,
    ];
    for (const text of texts) expect(text).to.match(/[а-я]/);
    expect(called('Teams (standalone)')[0]!.label.ru).to.equal('Teams (отдельно)');
  });

  it('has the published reasons', () => {
    expect(samplePolicy.requestReasons.map(({ code, label }) => [code, label.en])).to.deep.equal([
      ['evidence_all_missing', 'Missing all evidence'],
      ['acknowledgement_missing', 'Missing customer acknowledgement'],
      ['dates_missing_or_old', 'Missing or old dates'],
      ['service_description_missing', 'Missing partner solution or service'],
      ['evidence_products_missing', 'Missing products'],
    ]);
    expect(samplePolicy.rejectionReasons.map(({ code, givenBy }) => `${code} ${givenBy}`)).to.have.members([
      'customer_declined system',
      'customer_refused_target system',
      'evidence_insufficient reviewer',
      'partner_request reviewer',
      'consent_missing_on_evidence reviewer',
      'evidence_products_missing reviewer',
      'no_partner_response system',
      'evidence_unavailable reviewer',
      'lost_arbitration reviewer',
      'consent_expired system',
    ]);
  });

  it('uses the default clocks of the domain', () => {
    expect(samplePolicy.clocks).to.deep.equal({
      reviewStartBusinessDays: 5,
      reviewDecisionBusinessDays: 5,
      answerBusinessDays: 5,
      consentWindow: { days: 5, unit: 'business_day' },
      disputeCalendarDays: 30,
      disputeAnswerBusinessDays: 5,
      hearingBusinessDays: 5,
      coolDownCalendarDays: 30,
      expiryNoticeDays: [30, 7, 1],
    });
    expect(samplePolicy.retention).to.deep.equal({ eventYears: 7, evidenceMonths: 24 });
    expect(samplePolicy.evidence).to.include({ signatureMaximumAgeMonths: 12, customerSees: 'names' });
  });
});
