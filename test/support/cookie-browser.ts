import { expect } from 'chai';
import type { Json, Reply } from './api.js';

/** Use it to test sessions without a browser: keeps cookies per host as a browser does, and says where its requests come from. */
export class CookieBrowser {
  private jar: { host: string; name: string; path: string; value: string }[] = [];

  constructor(private readonly apiUrl: string) {}

  /** The value of the API's cookie, undefined if it has none. */
  cookie(name = '__Host-cpor-session'): string | undefined {
    return this.jar.find((cookie) => cookie.host === new URL(this.apiUrl).hostname && cookie.name === name)?.value;
  }

  setCookie(value: string, name = '__Host-cpor-session'): void {
    this.put({ host: new URL(this.apiUrl).hostname, name, path: '/', value });
  }

  /** Forgets the cookies of the issuer, so that it asks again who this is. */
  forgetIssuer(): void {
    this.jar = this.jar.filter(({ host }) => host === new URL(this.apiUrl).hostname);
  }

  /** Logs out at the issuer, as its own page does. */
  async logOutAt(issuerUrl: string): Promise<void> {
    const page = await (await this.visit(`${issuerUrl}/session/end`)).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)![1]!;
    const body = new URLSearchParams({ xsrf, logout: 'yes' });
    const left = await this.visit(`${issuerUrl}/session/end/confirm`, { method: 'POST', body });
    expect(left.status).to.equal(303);
  }

  /** Sends one request and follows nothing. */
  async visit(url: string | URL, init: RequestInit = {}): Promise<Response> {
    const address = new URL(url, this.apiUrl);
    const sent = this.jar.filter(({ host, path }) => host === address.hostname && address.pathname.startsWith(path));
    const cookies = sent.map(({ name, value }) => `${name}=${value}`);
    const headers = { ...(cookies.length > 0 && { cookie: cookies.join('; ') }), ...(init.headers as Record<string, string>) };
    const response = await fetch(address, { ...init, headers, redirect: 'manual' });
    for (const line of response.headers.getSetCookie()) this.keep(address.hostname, line);
    return response;
  }

  /** Follows redirects until a page, or until one leads to an address that `until` accepts. */
  async follow(
    url: string | URL,
    until: (address: URL) => boolean = () => false,
    init: RequestInit = {},
  ): Promise<{ address: URL; response: Response }> {
    let address = new URL(url, this.apiUrl);
    let response = await this.visit(address, init);
    for (let hops = 0; hops < 15; hops++) {
      const location = response.headers.get('location');
      if (location === null) return { address, response };
      await response.body?.cancel();
      address = new URL(location, address);
      if (until(address)) return { address, response };
      response = await this.visit(address);
    }
    throw new Error(`The redirects do not end: ${address.href}`);
  }

  /** Signs in at the second issuer, as a person or by cancelling. Returns the address at which the browser ends up. */
  async signIn(subject: string | null, query = ''): Promise<{ address: URL; response: Response }> {
    const { address } = await this.follow(`/sign-in${query}`);
    // The issuer may still know who this is.
    if (!address.pathname.startsWith('/interaction/')) return { address, response: await this.visit(address) };
    const answer = subject === null ? address : new URL(`?as=${subject}`, address);
    return this.follow(answer, undefined, { method: 'POST' });
  }

  /** Calls the API as a script on a page of its own origin does. */
  async call(
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Reply> {
    const response = await this.visit(path, {
      method,
      headers: {
        'sec-fetch-site': 'same-origin',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = /json/.test(response.headers.get('content-type') ?? '');
    return { status: response.status, headers: response.headers, text, body: isJson ? (JSON.parse(text) as Json) : {} };
  }

  /** Returns the header that a change needs. */
  async csrf(): Promise<Record<string, string>> {
    const { body } = await this.call('GET', '/session');
    expect(body['isSignedIn']).to.equal(true);
    return { 'x-csrf-token': body['csrfToken'] as string };
  }

  private keep(host: string, line: string): void {
    const [pair = '', ...attributes] = line.split(/;\s*/);
    const name = pair.slice(0, pair.indexOf('='));
    const value = pair.slice(pair.indexOf('=') + 1);
    const path = attributes.find((attribute) => /^path=/i.test(attribute))?.slice(5) ?? '/';
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice(8);
    const isGone = /max-age=0\b/i.test(line) || (expires !== undefined && Date.parse(expires) <= Date.now());
    this.put({ host, name, path, value: isGone ? null : value });
  }

  /** Replaces a cookie; null deletes it. */
  private put({ value, ...place }: { host: string; name: string; path: string; value: string | null }): void {
    const { host, name, path } = place;
    this.jar = this.jar.filter((cookie) => cookie.host !== host || cookie.name !== name || cookie.path !== path);
    if (value !== null) this.jar.push({ ...place, value });
  }
}
