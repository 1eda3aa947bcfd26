import {
  type AcceptedOperation,
  client,
  type Finding,
  type Operation,
  operationsGet,
  type Problem as ProblemBody,
} from '../client/index.js';

import { ApiProblem, networkProblem } from './problem.js';
import { type RefusedSession, waitForSession } from './session-end.js';

/** What a function of the generated client resolves to. */
interface Result<Data> {
  data?: Data;
  error?: unknown;
  request?: Request;
  response?: Response;
}

export interface Answer<Data> {
  data: Data;
  response: Response;
}

let csrfToken: string | null = null;
let language = 'en';

/** The session's token, which proves that a request comes from our own page. */
export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

export function setRequestLanguage(tag: string): void {
  language = tag;
}

client.setConfig({ baseUrl: '', throwOnError: false, credentials: 'same-origin', headers: {} });
client.interceptors.request.use((request) => {
  request.headers.set('Accept-Language', language);
  // Reading needs no token, but one that is sent must fit: what another person may see does not appear on this person's page.
  const asksWho = new URL(request.url).pathname === '/session';
  if (csrfToken !== null && !asksWho) request.headers.set('X-CSRF-Token', csrfToken);
  return request;
});

/**
 * Calls the API and returns its data. After the session's end it waits until the person has signed in again, then repeats the request.
 * A command that was only stored (202) is followed to its outcome; `data` is then undefined, and the caller reads the claim again.
 * @throws ApiProblem for every refusal, and with the code "network" if there was no answer.
 */
export async function call<Data>(send: () => Promise<Result<Data>>): Promise<Data> {
  return (await callForAnswer(send)).data;
}

/** Like `call`, with the response for its headers. */
export async function callForAnswer<Data>(send: () => Promise<Result<Data>>): Promise<Answer<Data>> {
  for (;;) {
    const token = csrfToken;
    const { data, error, response }: Result<Data> = await send().catch(() => ({}));
    if (response === undefined) throw networkProblem();
    const reason = sessionRefusal(response, error);
    if (reason !== null) {
      // The session may have been renewed since this request was sent.
      if (token !== csrfToken || (await waitForSession({ token, reason }))) continue;
    }
    if (!response.ok) throw problemOf(error, response);
    if (response.status === 202 && isOperation(data)) await outcomeOf(data);
    return { data: data as Data, response };
  }
}

function sessionRefusal({ status }: Response, error: unknown): RefusedSession['reason'] | null {
  if (status === 401) return 'ended';
  return status === 403 && (error as Partial<ProblemBody> | undefined)?.code === 'csrf_token_invalid' ? 'foreign' : null;
}

function problemOf(error: unknown, response: Response): ApiProblem {
  const body = error as Partial<ProblemBody> | undefined;
  if (typeof body?.code === 'string') return new ApiProblem(body as ProblemBody);
  const detail = `The server answered ${response.status}.`;
  return new ApiProblem({ ...networkProblem().body, status: response.status, code: 'unexpected', title: detail, detail });
}

function refusalOf({ errors }: Operation): ApiProblem {
  const [first] = errors;
  const { body } = networkProblem();
  return new ApiProblem({
    ...body,
    status: 422,
    code: first?.code ?? 'refused',
    title: '',
    detail: first?.message ?? '',
    remedy: '',
    errors: errors.map(fieldErrorOf),
  });
}

const fieldErrorOf = ({ code, message, pointer, line }: Finding) => ({
  code,
  message,
  ...(pointer !== null && { pointer }),
  ...(line !== null && { line }),
});

/** An import is accepted too, and has a page of its own. */
const isOperation = (data: unknown): data is AcceptedOperation => typeof (data as AcceptedOperation | undefined)?.operationId === 'string';

const firstPauseMs = 400;
const longestPauseMs = 5_000;

/** Waits for the outcome of a stored command. It is executed however long that takes. */
async function outcomeOf({ operationId }: AcceptedOperation): Promise<void> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
    const operation = await call(() => operationsGet({ path: { operationId } }));
    if (operation.status === 'accepted') continue;
    if (operation.status === 'refused') throw refusalOf(operation);
    return;
  }
}

/** A new key for a form: kept while the form is open, so that a second click repeats the request instead of sending another one. */
export const newKey = (): string => crypto.randomUUID();
