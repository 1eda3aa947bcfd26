import { samplePolicy } from '#libs/programmes/index.js';
import { usageExamples } from './usage.examples.js';

const claimId = '399d65ad-5233-5c51-a889-8e6af04f73ad';
const tenantId = 'db602352-d033-497b-973d-8e81d5de0d3a';
const at = '2026-12-01T09:30:00.000Z';

const newClaim = {
  name: 'Teams adoption',
  partnerId: '1240371',
  tenantId,
  domain: 'northwind-traders.example',
  area: 'modern_work_security',
  lines: [{ product: 'teams', activities: ['usage'] }],
};
const update = { number: 'CLM-000001', contacts: { customer: { name: 'Alex Carter', email: 'alex.carter@northwind-traders.example' } } };

/** Examples of files that are sent, of streams, and of answers that need a running workflow. */
export const writtenExamples = {
  Changes: { claimIds: [claimId] },
  ClaimChange: { claimId, version: 4, phase: 'under_review', updatedAt: at },
  ClaimProcess: {
    claimId,
    phase: 'submitted',
    waiting: [{ for: 'review', mover: 'reviewer', lines: [1], since: at, until: '2026-12-08T23:59:59.999Z' }],
    workflowId: `claim:${claimId}`,
    workflowUrl: null,
    workflow: { runStatus: 'RUNNING', historyEvents: 14, view: { waitingFor: 'a message or the alarm' }, retrying: [] },
  },
  DecisionPreview: {
    claimId,
    basedOn: 4,
    phase: 'consent_pending',
    lines: [{ line: 1, phase: 'consent_pending' }],
    mails: [
      {
        claimId,
        to: 'customer',
        recipients: 2,
        kind: 'notice',
        language: 'en',
        subject: 'Evergreen asks to be your partner of record for Teams',
        text: 'Evergreen states that it works with you on Teams. If you agree, you need not do anything.',
      },
    ],
  },
  Readiness: {
    status: 'ok',
    checks: {
      database: { ok: true, code: null },
      migrations: { ok: true, code: null },
      temporal: { ok: true, code: null },
      worker: { ok: true, code: null },
    },
    warnings: [],
  },
  ProgrammeDocument: samplePolicy,
  SubmittedClaim: {
    submission: 1,
    version: 3,
    submittedAt: at,
    lines: [1],
    stated: {
      programme: 'sample',
      policy: 'sample@1',
      name: newClaim.name,
      partnerId: newClaim.partnerId,
      tenantId,
      domain: newClaim.domain,
      area: newClaim.area,
      contacts: { customer: null, partner: { name: 'Robin Fields', email: 'claims@evergreen.example' }, technical: null },
      revenue: null,
      acknowledgementVersion: 1,
      transactionOn: null,
      isOptedOutOfIncentives: false,
      externalReference: null,
      tags: [],
      evidence: [],
      lines: [{ line: 1, product: 'teams', subscriptionId: null, activities: ['usage'] }],
    },
    differences: null,
  },
  UsageExportFile: { set: usageExamples.UsageRows.set, items: usageExamples.UsageRows.items, leftOut: [] },
  evidence_upload_request_multipart_form_data: { file: '%PDF-1.4', signedOn: '2026-11-01', coverTenantId: tenantId },
  imports_create_request_application_x_ndjson: `${JSON.stringify(newClaim)}\n`,
  imports_create_request_text_csv: `name,partnerId,tenantId,domain,area,products,activities\nTeams adoption,1240371,${tenantId},northwind-traders.example,modern_work_security,teams,usage\n`,
  updates_create_request_application_x_ndjson: `${JSON.stringify(update)}\n`,
  updates_create_request_text_csv: 'number,version,tags\nCLM-000001,4,q4\n',
  usageImports_import_request_text_csv: `tenantId,product,month,active_users\n${tenantId},teams,2026-11,1250\n`,
};
