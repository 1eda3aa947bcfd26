import { Problem, type ProblemJson, toProblemJson } from '#libs/problems/index.js';

const claimPath = '/v1/claims/399d65ad-5233-5c51-a889-8e6af04f73ad';
const requestId = '019b1c55-7f1e-7c3a-8a43-5d0f6a3d9c21';
const finding = { code: 'evidence_missing', pointer: '/evidence', field: 'evidence', message: 'Evidence is missing.' };

/** A refusal of each status, as the API writes it. */
const problems = {
  400: new Problem('malformed_body'),
  401: new Problem('unauthenticated'),
  403: new Problem('forbidden'),
  404: new Problem('not_found'),
  406: new Problem('not_acceptable'),
  408: new Problem('request_timeout'),
  409: new Problem('claim_refused', { errors: [finding] }),
  410: new Problem('events_set_back'),
  412: new Problem('version_conflict'),
  413: new Problem('payload_too_large'),
  415: new Problem('unsupported_media_type'),
  422: new Problem('invalid_request', {
    errors: [{ field: 'name', pointer: '/name', code: 'required', message: 'This field is required' }],
  }),
  428: new Problem('precondition_required'),
  429: new Problem('too_many_requests'),
  431: new Problem('headers_too_large'),
  500: new Problem('internal_error'),
  503: new Problem('service_unavailable'),
};

export const refusalExamples: Readonly<Record<string, ProblemJson>> = Object.fromEntries(
  Object.entries(problems).map(([status, problem]) => [status, toProblemJson(problem, claimPath, requestId)]),
);
