import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer } from 'node:http';
import { argv, env, stderr, stdout } from 'node:process';
import { fileURLToPath } from 'node:url';
import { CsvData } from './csv-data.mjs';
import { lookUp } from './look-up.mjs';

/** @import { IncomingMessage, Server, ServerResponse } from 'node:http' */
/** @import { DataSource, LookUpRequest } from './look-up.mjs' */

const maximumBody = 64 * 1024;
const maximumRunning = 64;

/** An answer other than 200. cpor reads the status and `Retry-After`; the text is for whoever reads the log. */
class Refusal extends Error {
  /**
   * @param {number} status
   * @param {string} message
   * @param {Record<string, string>} [headers]
   */
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Creates the service. Everything that cpor's contract asks for is here, apart from the data.
 * @param {{ data: DataSource, token: string, path?: string }} options
 * @returns {Server}
 */
export function createDirectory({ data, token, path = '/look-up' }) {
  let running = 0;
  /** @param {IncomingMessage} request */
  const answer = async (request) => {
    if (!isAuthorised(request, token))
      throw new Refusal(401, 'Send the token as "Authorization: Bearer …".', { 'www-authenticate': 'Bearer' });
    if (request.url !== path) throw new Refusal(404, `The look-up is at ${path}.`);
    if (request.method !== 'POST') throw new Refusal(405, 'A look-up is a POST.', { allow: 'POST' });
    if (running >= maximumRunning) throw new Refusal(429, 'Too many look-ups at once.', { 'retry-after': '1' });
    running += 1;
    try {
      const question = readQuestion(await readBody(request));
      return await lookUp(data, question).catch((/** @type {Error} */ error) => {
        // A directory that cannot read its data does not know. It must not answer that the tenant does not exist.
        throw new Refusal(503, `The data cannot be read: ${error.message}`, { 'retry-after': '2' });
      });
    } finally {
      running -= 1;
    }
  };
  const server = createServer((request, response) => {
    const startedAt = performance.now();
    answer(request)
      .then((facts) => send(response, 200, facts))
      .catch((/** @type {unknown} */ error) => {
        const refusal = error instanceof Refusal ? error : new Refusal(500, String(error));
        send(
          response,
          refusal.status,
          { error: refusal.status < 500 ? refusal.message : 'The directory failed; see its log.' },
          refusal.headers,
        );
        if (refusal.status >= 500) stderr.write(`${request.headers['x-request-id'] ?? '-'} ${refusal.message}\n`);
      })
      .finally(() => {
        // Neither the question nor the answer belongs in a log: both are about customers.
        stdout.write(`${request.headers['x-request-id'] ?? '-'} ${response.statusCode} ${Math.round(performance.now() - startedAt)} ms\n`);
      });
  });
  // cpor gives up on an attempt after five seconds.
  server.requestTimeout = 5_000;
  return server;
}

/**
 * @param {IncomingMessage} request
 * @param {string} token
 */
function isAuthorised(request, token) {
  const [scheme, sent = ''] = (request.headers.authorization ?? '').split(' ');
  const hash = (/** @type {string} */ text) => createHash('sha256').update(text).digest();
  // Hashes have one length, so the comparison takes the same time however wrong the token is.
  return scheme?.toLowerCase() === 'bearer' && timingSafeEqual(hash(sent), hash(token));
}

/** @param {IncomingMessage} request */
async function readBody(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maximumBody) throw new Refusal(413, `A question has at most ${maximumBody} bytes.`, { connection: 'close' });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * Checks the shape alone. The values are what a partner typed: a malformed one is unknown, not an error.
 * @param {string} body
 * @returns {LookUpRequest}
 */
function readQuestion(body) {
  /** @type {any} */
  let question;
  try {
    question = JSON.parse(body);
  } catch {
    throw new Refusal(400, 'The body is not JSON.');
  }
  const { partnerId, tenantId, identifiers, at } = question ?? {};
  const isText = (/** @type {unknown} */ value) => typeof value === 'string';
  if (!isText(partnerId) || !isText(tenantId)) throw new Refusal(422, '"partnerId" and "tenantId" must be strings.');
  if (!Array.isArray(identifiers) || !identifiers.every(isText)) throw new Refusal(422, '"identifiers" must be an array of strings.');
  if (!isText(at) || Number.isNaN(Date.parse(at))) throw new Refusal(422, '"at" must be an instant, such as 2026-11-04T09:00:00Z.');
  return { partnerId, tenantId, identifiers, at };
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {object} body
 * @param {Record<string, string>} [headers]
 */
function send(response, status, body, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store', ...headers }).end(JSON.stringify(body));
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const { DIRECTORY_TOKEN: token = '', PORT = '8090', HOST = '127.0.0.1', DATA = fileURLToPath(new URL('data', import.meta.url)) } = env;
  if (token.length < 16) throw new Error('Set DIRECTORY_TOKEN to a secret of at least 16 characters; cpor gets the same.');
  const server = createDirectory({ data: new CsvData(DATA), token });
  server.listen(Number(PORT), HOST, () => stdout.write(`Look-ups: http://${HOST}:${PORT}/look-up\n`));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => server.close());
}
