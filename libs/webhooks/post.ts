import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';
import type { AddressGuard } from './address-guard.js';
import { createResolver, type Resolve } from './resolve.js';
import { literalAddress } from './webhook-url.js';

export type PostFault = 'address_refused' | 'dns' | 'connect' | 'tls' | 'timeout' | 'cut' | 'protocol' | 'url';

export type Posted =
  | { kind: 'answered'; status: number; ms: number; excerpt: string; retryAfterMs: number | null }
  | { kind: 'failed'; code: PostFault; ms: number; detail: string };

interface Message {
  headers: Record<string, string>;
  body: string;
}

type Agents = Record<'http:' | 'https:', http.Agent>;

export interface Poster {
  /** Posts once, or once more if a connection that was kept has been closed. Redirects are answers like any other. Never throws. */
  post(url: string, message: Message, signal?: AbortSignal): Promise<Posted>;
  /** Closes idle connections. */
  close(): void;
}

export interface PosterOptions {
  guard: AddressGuard;
  /** For a sandbox. */
  allowHttp: boolean;
  /** For everything together: name, connection, request and answer. */
  timeoutMs?: number;
  /** What is read of an answer. */
  maximumAnswerBytes?: number;
  /** Certificates of authorities to trust in place of the usual ones, as PEM. */
  authorities?: string;
  resolve?: Resolve;
}

/** The address that a name stands for may not be connected to. Names no address: nobody shall explore a network by registering endpoints. */
class AddressRefused extends Error {
  constructor() {
    super('The host resolves to an address that may not be reached.');
  }
}

class ProtocolChange extends Error {}

/** A connection that was kept from an earlier request ended, or was spoilt, before it answered this one. */
class KeptConnectionLost extends Error {}

const longestWaitMs = 24 * 3_600_000;
const userAgent = 'cpor-webhooks/1';

/** Creates what sends webhooks: only to addresses that the guard allows, judged when the connection is made, within limits of time and size. */
export function createPoster(options: PosterOptions): Poster {
  const { guard, allowHttp, timeoutMs = 15_000, maximumAnswerBytes = 1_024, authorities } = options;
  const { resolve = createResolver() } = options;
  // Endpoints of several owners may share a host: one that hangs, with the few requests it is sent at a time, must not hold up the others.
  const keepAlive = { keepAlive: true, maxSockets: 64, maxFreeSockets: 2, timeout: 30_000 };
  // Said explicitly, it outweighs NODE_TLS_REJECT_UNAUTHORIZED.
  const tls = { rejectUnauthorized: true, ...(authorities && { ca: authorities }) };
  const kept: Agents = { 'http:': new http.Agent(keepAlive), 'https:': new https.Agent({ ...keepAlive, ...tls }) };
  const fresh: Agents = { 'http:': new http.Agent(), 'https:': new https.Agent(tls) };

  // The connection goes to the very address that was checked, so a name cannot change its meaning in between. One refused address refuses the
  // name: a public company's name has none.
  const lookup: LookupFunction = (hostname, { all }, callback) => {
    resolve(hostname).then(
      (found) => {
        if (found.length === 0 || !found.every(({ address }) => guard.isAllowed(address))) callback(new AddressRefused(), '');
        else if (all === true) callback(null, found);
        else callback(null, found[0]!.address, found[0]!.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

  function send(url: URL, { headers, body }: Message, signal: AbortSignal, agents: Agents): Promise<Posted> {
    const { request } = url.protocol === 'https:' ? https : http;
    const startedAt = performance.now();
    const ms = () => performance.now() - startedAt;
    let answered: http.IncomingMessage | undefined;
    return new Promise<Posted>((settle, fail) => {
      const sent = request(
        url,
        {
          method: 'POST',
          agent: agents[url.protocol as 'http:' | 'https:'],
          headers: { ...headers, 'user-agent': userAgent, 'content-length': Buffer.byteLength(body) },
          lookup,
          signal,
          maxHeaderSize: 16_384,
        },
        (answer) => {
          answered = answer;
          const { statusCode: status = 0, headers: received } = answer;
          const chunks: Buffer[] = [];
          let size = 0;
          const finish = () =>
            settle({
              kind: 'answered',
              status,
              ms: ms(),
              excerpt: storable(Buffer.concat(chunks).subarray(0, maximumAnswerBytes).toString('utf8')),
              retryAfterMs: retryAfterOf(received['retry-after']),
            });
          answer.on('data', (chunk: Buffer) => {
            chunks.push(chunk);
            size += chunk.length;
            if (size < maximumAnswerBytes) return;
            finish();
            sent.destroy();
          });
          answer.on('end', finish);
          answer.on('error', fail);
        },
      );
      sent.on('error', (error) => {
        // What follows a complete answer does not belong to it.
        if (answered?.complete === true) return;
        const isLost = sent.reusedSocket && answered === undefined && !signal.aborted && !(error instanceof AddressRefused);
        fail(isLost ? new KeptConnectionLost() : error);
      });
      // Without this Node.js drops the connection, and says nothing.
      sent.on('upgrade', (_, socket) => {
        socket.destroy();
        fail(new ProtocolChange());
      });
      // A request that has ended in any other way no longer reports that it was aborted.
      signal.addEventListener('abort', () => fail(signal.reason as Error), { once: true });
      // A connection that was made before the guard knew better, or by something else than our look-up.
      sent.on('socket', (socket) => {
        const check = () =>
          socket.remoteAddress !== undefined && !guard.isAllowed(socket.remoteAddress) && sent.destroy(new AddressRefused());
        if (socket.connecting) socket.once('connect', check);
        else check();
      });
      sent.end(body);
    });
  }

  return {
    async post(text, message, signal) {
      const startedAt = performance.now();
      const failed = (code: PostFault, detail: string): Posted => ({ kind: 'failed', code, ms: performance.now() - startedAt, detail });
      if (!URL.canParse(text)) return failed('url', 'The URL cannot be read.');
      const url = new URL(text);
      if (url.protocol !== 'https:' && !(allowHttp && url.protocol === 'http:'))
        return failed('url', 'The URL does not start with https://.');
      // A literal address is connected to without a look-up.
      const address = literalAddress(url);
      if (address !== null && !guard.isAllowed(address)) return failed('address_refused', 'The address may not be reached.');
      const limit = AbortSignal.timeout(timeoutMs);
      const until = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      try {
        return await send(url, message, until, kept).catch((error: unknown) => {
          // The receiver has closed it meanwhile, which says nothing about the endpoint. An event that arrives twice has the same id.
          if (error instanceof KeptConnectionLost) return send(url, message, until, fresh);
          throw error;
        });
      } catch (error) {
        if (limit.aborted) return failed('timeout', `There was no complete answer within ${timeoutMs / 1_000} s.`);
        if (signal?.aborted === true) return failed('cut', 'The attempt was interrupted and will be repeated.');
        return failed(...faultOf(error as NodeJS.ErrnoException));
      }
    },
    close() {
      for (const agent of Object.values(kept)) agent.destroy();
    },
  };
}

function faultOf(error: NodeJS.ErrnoException): [PostFault, string] {
  const { code = '', syscall = '' } = error;
  if (error instanceof AddressRefused) return ['address_refused', error.message];
  if (/^(ENOTFOUND|EAI_)/.test(code) || /^(query|getaddrinfo)/.test(syscall)) return ['dns', 'The host name cannot be resolved.'];
  if (/^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EADDRNOTAVAIL)$/.test(code))
    return ['connect', 'The connection was refused or not possible.'];
  if (error instanceof ProtocolChange) return ['protocol', 'The receiver asks for another protocol (101).'];
  if (code === 'HPE_HEADER_OVERFLOW') return ['protocol', 'The headers of the answer are too long.'];
  if (/^HPE_/.test(code)) return ['protocol', 'The answer is not HTTP.'];
  if (/^(ECONNRESET|EPIPE)$/.test(code)) return ['cut', 'The connection was closed before the answer was complete.'];
  if (/^(CERT_|ERR_TLS|ERR_SSL|UNABLE_TO|SELF_SIGNED|DEPTH_ZERO|EPROTO)/.test(code))
    return ['tls', `The certificate or TLS was not accepted: ${code}.`];
  // Never the message: Node.js writes the resolved address into it.
  return ['connect', `The connection failed: ${code || error.name}.`];
}

/** The form of HTTP dates that may be sent; `Date.parse` would make a date of nearly anything. */
const httpDate = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/** Seconds or an HTTP date, as milliseconds from now; null for anything else. */
function retryAfterOf(header = ''): number | null {
  let ms = Number.NaN;
  if (/^\d+$/.test(header)) ms = Number(header) * 1_000;
  else if (httpDate.test(header)) ms = Date.parse(header) - Date.now();
  return ms > 0 ? Math.min(ms, longestWaitMs) : null;
}

/** PostgreSQL stores neither NUL nor lone surrogates. */
const storable = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();
