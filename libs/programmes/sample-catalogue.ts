import type { Activity, Area, Product, Text } from './policy.js';

/** Areas, activities and products of the sample programme, from the published lists of 2022 and 2023. */
export const sampleAreas: Area[] = [
  {
    code: 'business_applications',
    label: { en: 'Business Applications', ru: 'Бизнес-приложения' },
    unit: 'subscription',
    activities: ['presales', 'usage', 'revenue_association'],
    enrolmentProgramme: 'osu_business_applications',
  },
  {
    code: 'modern_work_security',
    label: { en: 'Modern Work and Security', ru: 'Современная работа и безопасность' },
    unit: 'workload',
    activities: ['usage'],
    enrolmentProgramme: 'modern_work_security_usage',
  },
];

export const sampleActivities: Activity[] = [
  {
    code: 'presales',
    areas: ['business_applications'],
    label: { en: 'Presales', ru: 'Предпродажная работа' },
    label2023: { en: 'Build intent - Advisor', ru: 'Формирование намерения: консультант' },
    unit: 'subscription',
    combinableWith: ['usage'],
    isIncentivised: true,
    requiredFields: [],
  },
  {
    code: 'usage',
    areas: ['business_applications'],
    label: { en: 'Usage', ru: 'Использование' },
    label2023: { en: 'Usage recognition - Non-Incentivized', ru: 'Учёт использования без поощрения' },
    unit: 'subscription',
    combinableWith: ['presales'],
    isIncentivised: false,
    requiredFields: [],
  },
  {
    code: 'revenue_association',
    areas: ['business_applications'],
    label: { en: 'Revenue association', ru: 'Сопоставление выручки' },
    label2023: { en: 'Influenced Revenue recognition - Non-Incentivized', ru: 'Учёт влияния на выручку без поощрения' },
    unit: 'subscription',
    combinableWith: [],
    isIncentivised: false,
    requiredFields: ['sellerName', 'customerName', 'solutionName'],
  },
  {
    code: 'usage',
    areas: ['modern_work_security'],
    label: { en: 'Usage', ru: 'Использование' },
    label2023: { en: 'Use or consume', ru: 'Использование или потребление' },
    unit: 'workload',
    combinableWith: [],
    isIncentivised: true,
    requiredFields: [],
  },
];

type Row = [code: string, label: string | Text, synonyms?: string[]];

const advised = ['presales', 'revenue_association'];
const advisedAndUsed = ['presales', 'usage', 'revenue_association'];
const used = ['usage'];

const workloads: Row[] = [
  ['intune', 'Intune', ['Microsoft Intune', 'Endpoint Manager']],
  ['exchange', 'Exchange', ['EXO', 'Exchange Online']],
  ['proplus', 'ProPlus', ['Microsoft 365 Apps', 'Office 365 ProPlus']],
  ['sharepoint', 'SharePoint', ['SPO', 'SharePoint Online']],
  ['teams', 'Teams', ['Microsoft Teams']],
  ['teams_meetings', 'Teams Meetings'],
  ['teams_phone', 'Teams Phone', ['Phone System']],
  ['teams_phone_calling', 'Teams Phone calling', ['Teams Phone calling 1p/3p']],
  ['teams_platform', 'Teams Platform'],
  ['teams_standalone', { en: 'Teams (standalone)', ru: 'Teams (отдельно)' }],
  ['yammer', 'Yammer', ['Viva Engage']],
  ['viva_insights', 'Viva Insights'],
  ['viva_topics', 'Viva Topics'],
  ['viva_learning', 'Viva Learning'],
  ['viva_connections', 'Viva Connections'],
  ['skype_for_business', 'Skype for Business', ['SfB']],
  ['outlook_mobile', 'Outlook Mobile'],
  ['azure_information_protection', 'Azure Information Protection', ['AIP']],
  ['azure_ad_premium', 'Azure Active Directory Premium', ['AADP', 'Entra ID P1', 'Entra ID P2']],
  ['defender_office_365', 'Microsoft Defender for Office 365', ['MDO']],
  ['defender_endpoint', 'Microsoft Defender for Endpoint', ['MDE']],
  ['defender_identity', 'Microsoft Defender for Identity', ['MDI']],
  ['information_protection', 'Microsoft Information Protection', ['MIP']],
];

const advisedProducts: Row[] = [
  ['ai_builder', 'AI Builder'],
  ['ce_bundle', 'CE Bundle', ['Customer Engagement Plan']],
  ['commerce', 'Commerce'],
  ['customer_service', 'Customer Service'],
  ['field_service', 'Field Service'],
  ['finance', 'Finance'],
  ['fo_bundle', 'F&O Bundle', ['Unified Operations Plan']],
  ['fraud_protection', 'Fraud Protection'],
  ['hr', 'HR', ['Human Resources']],
  ['intelligent_order_management', 'Intelligent Order Management'],
  ['marketing', 'Marketing'],
  ['mixed_reality', 'Mixed Reality'],
  ['omni_channel', 'Omni-channel'],
  ['power_pages', 'Power Pages'],
  ['power_virtual_agent', 'Power Virtual Agent', ['Power Virtual Agents', 'PVA']],
  ['project_operations', 'Project Operations'],
  ['sales', 'Sales', ['Dynamics 365 Sales']],
  ['supply_chain', 'Supply Chain', ['Supply Chain Management']],
];

const advisedAndUsedProducts: Row[] = [
  ['business_central', 'Business Central', ['Dynamics 365 Business Central']],
  ['customer_insights', 'Customer Insights', ['Customer Insights Partner']],
  ['power_apps', 'Power Apps', ['Power App', 'PowerApps']],
  ['power_automate', 'Power Automate', ['Flow']],
  ['power_bi', 'Power BI'],
];

const usedProducts: Row[] = [
  ['common_data_service', 'Common Data Service (Customer Engagement)', ['CDS', 'Dataverse']],
  ['core_hr', 'Core HR'],
  ['finance_operations', 'Finance & Operations'],
  ['guides', 'Guides'],
  ['portals', 'Portals'],
  ['remote_assist', 'Remote Assist'],
  ['retail', 'Retail'],
  ['talent_attract', 'Talent Attract'],
  ['talent_onboard', 'Talent Onboard'],
];

export const sampleProducts: Product[] = [
  ...workloads.map((row) => product('modern_work_security', 'workload', 'microsoft_365', used, row)),
  ...advisedProducts.map((row) => product('business_applications', 'subscription', 'dynamics', advised, row)),
  ...advisedAndUsedProducts.map((row) => product('business_applications', 'subscription', 'dynamics', advisedAndUsed, row)),
  ...usedProducts.map((row) => product('business_applications', 'subscription', 'dynamics', used, row)),
];

function product(area: string, unit: Product['unit'], family: Product['family'], activities: string[], row: Row): Product {
  const [code, name, synonyms = []] = row;
  const label = typeof name === 'string' ? { en: name, ru: name } : name;
  return { code, area, label, unit, activities, synonyms, family, state: 'active' };
}
