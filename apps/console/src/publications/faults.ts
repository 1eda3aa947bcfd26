import type { ApiProblem } from '../api/index.js';
import type { PublicationReport } from '../client/index.js';

/** What the API finds wrong, at the JSON Pointer of its value. */
export interface Fault {
  pointer: string;
  message: string;
}

/** A report names paths like `products.3.area`. */
export const faultsOf = (report: PublicationReport | undefined): Fault[] =>
  (report?.faults ?? []).map(({ path, message }) => ({ pointer: path === '' ? '' : `/${path.replaceAll('.', '/')}`, message }));

export const faultsOfProblem = (problem: ApiProblem | null): Fault[] =>
  (problem?.body.errors ?? []).map(({ pointer, field, message }) => ({
    pointer: pointer ?? (field === undefined ? '' : `/${field.replaceAll('.', '/')}`),
    message,
  }));

export const byPointer = (faults: Fault[]): Record<string, string> =>
  Object.fromEntries(faults.toReversed().map(({ pointer, message }) => [pointer, message]));
