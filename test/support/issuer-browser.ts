import { createHash, randomBytes } from 'node:crypto';
import { expect } from 'chai';

/** What the token endpoint answers. */
export interface Tokens {
  access_token: string;
  id_token: string;
  refresh_token: string;
  expires_in: number;
}

export interface AuthorizationRequest {
  url: string;
  verifier: string;
}

/** Use it to walk through the sandbox's issuer without a browser: it keeps cookies by path, and follows redirects one at a time. */
export class IssuerBrowser {
  /** By name and path, as two sign-ins in two tabs have cookies of one name. */
  private readonly cookies = new Map<string, { pair: string; path: string }>();

  constructor(
    readonly apiUrl: string,
    readonly issuer = `${apiUrl}/sandbox/issuer`,
  ) {}

  /** Makes the address at which a sign-in begins. Parameters override the console's; undefined leaves one out. */
  authorization(more: Record<string, string | undefined> = {}): AuthorizationRequest {
    const verifier = randomBytes(32).toString('base64url');
    const parameters = {
      client_id: 'cpor-console',
      redirect_uri: `${this.apiUrl}/sign-in/callback`,
      response_type: 'code',
      scope: 'openid profile email',
      code_challenge: createHash('sha256').update(verifier).digest('base64url'),
      code_challenge_method: 'S256',
      state: 'the state',
      nonce: 'the nonce',
      ...more,
    };
    const set = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return { url: `${this.issuer}/auth?${new URLSearchParams(set).toString()}`, verifier };
  }

  /** Sends one request; the answer may be a redirect. */
  async send(url: string, { form, headers = {} }: { form?: Record<string, string>; headers?: Record<string, string> } = {}) {
    const { pathname } = new URL(url);
    const sent = [...this.cookies.values()].filter(({ path }) => pathname.startsWith(path)).map(({ pair }) => pair);
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { accept: 'text/html', ...(sent.length > 0 && { cookie: sent.join('; ') }), ...headers },
      ...(form && { method: 'POST', body: new URLSearchParams(form) }),
    });
    for (const cookie of response.headers.getSetCookie()) this.keep(cookie);
    const location = response.headers.get('location');
    return {
      status: response.status,
      headers: response.headers,
      location: location && new URL(location, url).href,
      text: await response.text(),
    };
  }

  /** Goes to the page "Sign in as …" and returns its address, its text and its token. */
  async openSignIn(url = this.authorization().url): Promise<{ url: string; text: string; token: string }> {
    const begun = await this.send(url);
    expect(begun.status, begun.text).to.equal(303);
    const page = await this.send(begun.location!);
    expect(page.status, page.text).to.equal(200);
    return { url: begun.location!, text: page.text, token: /name="token" value="([^"]+)"/.exec(page.text)![1]! };
  }

  /** Chooses on the page and returns the address to which the client is sent. */
  async choose(
    page: { url: string; token: string },
    choice: Record<string, string>,
    client = `${this.apiUrl}/sign-in/callback`,
  ): Promise<URL> {
    let answer = await this.send(page.url, { form: { token: page.token, ...choice } });
    for (let steps = 0; steps < 6; steps += 1) {
      if (answer.location?.startsWith(client)) return new URL(answer.location);
      // A change of persons ends the old session by a form that submits itself.
      const [, action, xsrf] = /action="([^"]+)">\s*<input type="hidden" name="xsrf" value="([^"]+)"/.exec(answer.text) ?? [];
      if (answer.location === null && action === undefined) break;
      answer = action ? await this.send(action, { form: { xsrf: xsrf!, logout: 'yes' } }) : await this.send(answer.location!);
    }
    throw new Error(`No redirect to the client: ${answer.status} ${answer.text}`);
  }

  /** Signs a sample person in and exchanges the code. */
  async signIn(person: string, more: Record<string, string> = {}): Promise<Tokens> {
    const { url, verifier } = this.authorization(more);
    const callback = await this.choose(await this.openSignIn(url), { person });
    const answer = await this.exchange({ code: callback.searchParams.get('code') ?? '', code_verifier: verifier });
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    return answer.body as unknown as Tokens;
  }

  exchange(more: Record<string, string | undefined>, headers: Record<string, string> = {}) {
    return this.token({ grant_type: 'authorization_code', redirect_uri: `${this.apiUrl}/sign-in/callback`, ...more }, headers);
  }

  refresh(token: string) {
    return this.token({ grant_type: 'refresh_token', refresh_token: token });
  }

  private async token(parameters: Record<string, string | undefined>, headers: Record<string, string> = {}) {
    const set = Object.entries({ client_id: 'cpor-console', ...parameters }).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    const response = await fetch(`${this.issuer}/token`, { method: 'POST', headers, body: new URLSearchParams(set) });
    return { status: response.status, body: (await response.json()) as Record<string, string> };
  }

  private keep(cookie: string): void {
    const [pair = '', ...attributes] = cookie.split(';').map((part) => part.trim());
    const [name = '', value = ''] = pair.split(/=(.*)/s);
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    if (value === '') this.cookies.delete(`${name} ${path}`);
    else this.cookies.set(`${name} ${path}`, { pair, path });
  }
}
