import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createClient, isProblem } from '@cpor/client';
import * as oidc from 'openid-client';
import { defineCommand } from '../shell/command.js';
import { UsageError } from '../shell/faults.js';
import { discover, tokensOf } from './issuer.js';

/** How long the person has to sign in. */
const patienceMs = 5 * 60_000;

export const loginCommand = defineCommand({
  about: 'signs you in at an installation, in your browser',
  details:
    'Opens the sign-in page of the installation and waits until you have signed in. The tokens are kept in your configuration folder, where only you can\n' +
    'read them, and renewed when they end. A script needs no profile: it sets CPOR_URL and CPOR_TOKEN.',
  args: [{ name: 'URL', about: 'address of the installation, such as https://claims.example.com' }],
  options: {
    name: { type: 'string', value: 'NAME', about: 'name of the profile; default: the host of the address' },
    'no-browser': { type: 'boolean', about: 'print the address of the sign-in page instead of opening it' },
    'client-id': { type: 'string', value: 'ID', about: 'the client to be at the issuer, if the installation names none' },
  },
  examples: ['cpor login https://claims.example.com', 'cpor login http://127.0.0.1:3000 --name sandbox --no-browser'],
  async run({ values, args, terminal, session }) {
    const url = args[0]!.replace(/\/+$/, '');
    const target = await targetOf(url, values['client-id']);
    const name = values.name ?? new URL(url).host;
    const config = await discover(target.issuer, target.clientId);
    const back = await Callback.listen();
    try {
      const verifier = oidc.randomPKCECodeVerifier();
      const state = oidc.randomState();
      const address = oidc.buildAuthorizationUrl(config, {
        redirect_uri: back.url,
        scope: target.scope,
        code_challenge: await oidc.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        state,
        ...target.parameters,
      });
      terminal.say(`Sign in at:\n  ${address.href}`);
      if (!values['no-browser']) openBrowser(address.href);
      const response = await back.wait(AbortSignal.any([session.interrupted, AbortSignal.timeout(patienceMs)]), async (arrived) =>
        oidc.authorizationCodeGrant(config, arrived, { pkceCodeVerifier: verifier, expectedState: state }, target.parameters),
      );
      await session.file.change((profiles) => {
        const { issuer, clientId, parameters } = target;
        profiles.profiles[name] = { url, issuer, clientId, parameters, ...tokensOf(response) };
        profiles.inUse = name;
      });
      const me = await createClient({ baseUrl: url, token: response.access_token }).me.get();
      const roles = me.roles.length > 0 ? me.roles.join(', ') : 'no role yet';
      terminal.print({ profile: name, url, ...me }, () => `Signed in as ${me.name ?? me.subject} (${roles}). Profile: ${name}`);
    } finally {
      back.close();
    }
  },
});

interface Target {
  issuer: string;
  clientId: string;
  scope: string;
  parameters: Record<string, string>;
}

/** Asks the installation where its people sign in. */
async function targetOf(url: string, ownClient: string | undefined): Promise<Target> {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new UsageError(`"${url}" is not the address of an installation, such as https://claims.example.com.`);
  const resource = await createClient({ baseUrl: url, retries: 1 })
    .protectedResource.read()
    .catch((error: unknown) => {
      if (isProblem(error, 'not_found', 'unexpected_answer'))
        throw new Error(`${url} does not answer as an installation of cpor does. Check the address.`);
      throw error;
    });
  const [issuer] = resource.authorization_servers;
  const clientId = ownClient ?? resource.cpor_command_line?.client_id;
  if (issuer === undefined || clientId === undefined)
    throw new Error(`${url} names no client for the command line. Ask its operator for one and use --client-id, or use a token.`);
  const { scope = 'openid profile email offline_access', parameters = {} } = resource.cpor_command_line ?? {};
  return { issuer, clientId, scope, parameters };
}

/** Where the browser comes back to: a server on this machine, for one answer (RFC 8252). */
class Callback {
  private constructor(private readonly server: ReturnType<typeof createServer>) {}

  static async listen(): Promise<Callback> {
    const server = createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Callback(server);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}/callback`;
  }

  /** Hands the address at which the browser arrived to `take`, and shows the person how it ended. */
  wait<Result>(signal: AbortSignal, take: (arrived: URL) => Promise<Result>): Promise<Result> {
    return new Promise((resolve, reject) => {
      signal.addEventListener('abort', () => reject(new Error('Nobody has signed in within five minutes.')), { once: true });
      this.server.on('request', (request, response) => {
        const arrived = new URL(request.url ?? '', this.url);
        if (request.method !== 'GET' || arrived.pathname !== '/callback') return show(response, 404, 'There is nothing here.');
        take(arrived).then(
          (result) => {
            show(response, 200, 'You are signed in. You can close this window and go back to the terminal.');
            resolve(result);
          },
          (error: unknown) => {
            show(response, 400, 'The sign-in has failed. The terminal says why.');
            reject(reasonOf(error));
          },
        );
      });
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }
}

function show(response: ServerResponse, status: number, text: string): void {
  response
    .writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store', connection: 'close' })
    .end(`${text}\n`);
}

function reasonOf(error: unknown): Error {
  if (error instanceof oidc.AuthorizationResponseError)
    return new Error(`The issuer has refused the sign-in: ${error.error_description ?? error.error}`);
  return error instanceof Error ? new Error(`The sign-in has failed: ${error.message}`, { cause: error }) : new Error(String(error));
}

/** Tries to; the address is printed in any case. */
function openBrowser(address: string): void {
  const [file, args]: [string, string[]] =
    process.platform === 'darwin'
      ? ['open', [address]]
      : process.platform === 'win32'
        ? ['rundll32', ['url.dll,FileProtocolHandler', address]]
        : ['xdg-open', [address]];
  spawn(file, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}
