import { ConnectionError, CporError, ProblemError } from './errors.js';
import { type Client, createClient, createConfig } from './generated/client/index.js';
import type { Problem } from './generated/index.js';
import type { ClientOptions, IfMatch, KeyOptions, RequestOptions } from './options.js';
import { attempt } from './transport/attempt.js';
import { withOutcome } from './transport/outcomes.js';
import { outgoingOf } from './transport/outgoing.js';
import { retryAfterMs } from './transport/pause.js';
import { withRetries } from './transport/retries.js';
import { withToken } from './transport/tokens.js';
import { etagOf, rememberVersion } from './versions.js';

/** A function of `generated/sdk.gen.ts`. */
type Operation = (options: never) => Promise<unknown>;

/** What it is called with. */
interface Input {
  path?: object;
  query?: object | undefined;
  body?: unknown;
  /** Of a body that is neither JSON nor a form. */
  contentType?: string | undefined;
}

interface Answer {
  data: unknown;
  response: Response;
}

/** Calls operations of one installation, as one caller. */
export class Connection {
  /** For the functions of `@cpor/client/operations`: `claimsGet({ client, path: { claimId } })`. */
  readonly client: Client;

  constructor(options: ClientOptions) {
    const { fetch = (request: Request) => globalThis.fetch(request), timeoutMs = 30_000, retries = 5, longestPauseMs = 60_000 } = options;
    const { outcomeTimeoutMs = 300_000, onRetry, language } = options;
    const baseUrl = addressOf(options.baseUrl);
    const once = withToken(attempt(fetch, timeoutMs), options);
    const send = withOutcome(withRetries(once, { retries, longestPauseMs, ...(onRetry && { onRetry }) }), { baseUrl, outcomeTimeoutMs });
    this.client = createClient(
      createConfig({
        baseUrl,
        headers: { 'Accept-Language': language },
        fetch: async (input) => send(await outgoingOf(input as Request)),
      }),
    );
    this.client.interceptors.error.use((error, response) => (response === undefined ? error : problemOf(error, response)));
  }

  async read<Data>(operation: Operation, input: Input, options: RequestOptions = {}): Promise<Data> {
    return (await this.call(operation, input, options, {})).data as Data;
  }

  /** With an idempotency key, so that the request can be repeated. */
  async write<Data>(operation: Operation, input: Input, options: KeyOptions & Partial<IfMatch> = {}): Promise<Data> {
    const { idempotencyKey = crypto.randomUUID() } = options;
    return (await this.call(operation, input, options, { 'Idempotency-Key': idempotencyKey })).data as Data;
  }

  /** Without a key, where the API takes none: a lost connection is not followed by another attempt. */
  async once<Data>(operation: Operation, input: Input, options: RequestOptions & Partial<IfMatch> = {}): Promise<Data> {
    return (await this.call(operation, input, options, {})).data as Data;
  }

  async download(operation: Operation, input: Input, options: RequestOptions = {}): Promise<Response> {
    return (await this.call(operation, input, options, {}, 'stream')).response;
  }

  private async call(
    operation: Operation,
    { contentType, ...input }: Input,
    { signal, headers, ifMatch }: RequestOptions & Partial<IfMatch>,
    own: Record<string, string>,
    parseAs: 'json' | 'stream' = 'json',
  ): Promise<Answer> {
    const sent = {
      ...own,
      ...(ifMatch !== undefined && { 'If-Match': etagOf(ifMatch) }),
      ...(contentType !== undefined && { 'Content-Type': contentType }),
      ...headers,
    };
    const text = contentType === undefined || contentType === 'application/json' ? {} : { bodySerializer: null };
    const request = { ...input, ...text, parseAs, headers: sent, client: this.client, throwOnError: true, ...(signal && { signal }) };
    const { data, response } = (await operation(request as never)) as Answer;
    rememberVersion(data, response);
    return { data: response.status === 204 ? undefined : data, response };
  }
}

/** @throws CporError if it is no address of an installation. */
function addressOf(baseUrl: string): string {
  if (!URL.canParse(baseUrl) || !/^https?:$/.test(new URL(baseUrl).protocol))
    throw new CporError(`baseUrl must be the address of an installation, such as https://claims.example.com; it is "${baseUrl}".`);
  return baseUrl.replace(/\/+$/, '');
}

function problemOf(error: unknown, response: Response): unknown {
  if (error instanceof ConnectionError) return error;
  const body = error as Partial<Problem> | undefined;
  if (typeof body?.code === 'string') return new ProblemError(body as Problem, retryAfterMs(response.headers));
  const { status } = response;
  const detail = `The server answered ${status}, and not as the API would.`;
  const remedy = 'Check baseUrl, and what stands between you and the API.';
  return new ProblemError(
    { type: 'about:blank', title: detail, status, code: 'unexpected_answer', detail, remedy, instance: '', requestId: '' },
    retryAfterMs(response.headers),
  );
}
