import { queryOptions, useQuery } from '@tanstack/react-query';
import { ApiProblem, call, isProblem } from '../api/index.js';
import { eligibilityGet, type Eligibility, type ProgrammeDocument } from '../client/index.js';
import type { ClaimForm } from './claim-form.js';

type Asked = Pick<ClaimForm, 'programme' | 'partnerId' | 'tenantId' | 'domain'>;

/** What may be claimed for a tenant. Without the tenant's ID its domain finds it. */
export const eligibilityOptions = ({ programme, partnerId, tenantId, domain }: Asked) => {
  const query = { programme, partnerId, ...(tenantId.trim() === '' ? { domain } : { tenantId }) };
  return queryOptions({
    queryKey: ['eligibility', query],
    queryFn: () => call(() => eligibilityGet({ query })),
    staleTime: 60_000,
  });
};

interface Choices {
  areas: Eligibility['areas'] | undefined;
  /** Whether they come from the programme alone, because the customer directory does not answer. */
  isUnchecked: boolean;
  error: unknown;
  refetch: () => Promise<unknown>;
}

/** What can be chosen for a tenant. While the directory is down that is all the programme has: a claim can be made, and is checked later. */
export function useChoices(form: ClaimForm, programme: ProgrammeDocument | undefined): Choices {
  const { data, error, refetch } = useQuery({ ...eligibilityOptions(form), enabled: form.tenantId.trim() !== '' });
  if (!isProblem(error, 'service_unavailable')) return { areas: data?.areas, isUnchecked: false, error, refetch };
  return { areas: programme && areasOf(programme), isUnchecked: true, error: null, refetch };
}

const areasOf = (programme: ProgrammeDocument): Eligibility['areas'] =>
  programme.areas.map(({ code, label, unit }) => ({
    area: code,
    label,
    unit,
    isPossible: true,
    findings: [],
    choices: programme.products
      .filter(({ area, state }) => area === code && state === 'active')
      .map((product) => ({
        product: product.code,
        label: product.label,
        subscriptionId: null,
        isPossible: true,
        isUnclaimed: false,
        activities: product.activities,
        findings: [],
      })),
  }));

/** The parameters of the question are fields of the form: a refusal names them as the claim's fields. */
export function withPointers(error: unknown): ApiProblem {
  if (!isProblem(error)) throw error;
  const errors = error.body.errors?.map((each) => ({ ...each, ...(each.field && { pointer: each.pointer ?? `/${each.field}` }) }));
  return new ApiProblem({ ...error.body, ...(errors && { errors }) });
}

/** Says that the tenant itself is the obstacle, such as one that the directory does not know; null if it is not. */
export function tenantProblem({ areas }: Eligibility, title: string): ApiProblem | null {
  const isOfTenant = ({ severity, field }: { severity: string; field: string | null }) =>
    severity === 'error' && (field === 'tenantId' || field === 'domain');
  const [first] = areas;
  const findings = first?.findings.filter(isOfTenant) ?? [];
  if (findings.length === 0 || areas.some((area) => !area.findings.some(isOfTenant))) return null;
  return problemOf(
    title,
    findings.map(({ field, code, message }) => ({ field: field ?? '', pointer: `/${field}`, code, message })),
  );
}

/** A refusal that this page finds itself, in the shape of the API's. */
export const problemOf = (title: string, errors: NonNullable<ApiProblem['body']['errors']>): ApiProblem =>
  new ApiProblem({
    type: 'about:blank',
    title,
    status: 422,
    code: 'invalid_request',
    detail: errors.map(({ message }) => message).join(' '),
    remedy: '',
    instance: '',
    requestId: '',
    errors,
  });
