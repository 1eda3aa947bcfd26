import type { Version } from './versions.js';

/** How to reach an installation, and as whom. */
export interface ClientOptions {
  /** Address of the installation, such as `https://claims.example.com`. */
  baseUrl: string;
  /** An access token that does not change. */
  token?: string;
  /**
   * Returns an access token before each request. Keep it until it expires; `forceRefresh` is true if the last one was refused with 401, after which
   * the request is sent once more.
   */
  getToken?: (request: { forceRefresh: boolean }) => string | Promise<string>;
  /** Language of texts such as the status of a claim, as in `Accept-Language`. */
  language?: string;
  /** How often a request is sent again. Default: 5; 0 for never. */
  retries?: number;
  /** How long one attempt may take, in milliseconds. Default: 30,000. Bodies of downloads are not limited. */
  timeoutMs?: number;
  /** The longest wait that the server may ask for by `Retry-After`; beyond it the call fails. Default: 60,000 milliseconds. */
  longestPauseMs?: number;
  /** How long a command that was only stored (202) is followed. Default: 300,000 milliseconds. */
  outcomeTimeoutMs?: number;
  /** Called before each pause, for logs. */
  onRetry?: (retry: Retry) => void;
  /** Instead of the global `fetch`. */
  fetch?: (request: Request) => Promise<Response>;
}

/** A request that is about to be sent again. */
export interface Retry {
  method: string;
  url: string;
  /** 1 before the second attempt. */
  attempt: number;
  pauseMs: number;
  /** What the server answered; absent if there was no answer. */
  status?: number;
}

/** What every call takes as its last argument. */
export interface RequestOptions {
  /** Ends the call, with its retries and pauses; the call then throws the signal's reason. */
  signal?: AbortSignal;
  /** More headers of the request. */
  headers?: Record<string, string>;
}

/** Of calls that change something. */
export interface KeyOptions extends RequestOptions {
  /** Made for each call, and kept for its retries. Give your own to repeat a call after a crash without repeating its effect. */
  idempotencyKey?: string;
}

/** Of calls that change something that others may have changed. */
export interface IfMatch {
  /** What the call is based on: the object that the client returned, its version, or its ETag. */
  ifMatch: Version;
}
