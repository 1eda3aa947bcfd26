import { type Cpor, createClient, type Retry } from '@cpor/client';
import { NotSignedIn, UsageError } from '../shell/faults.js';
import { refreshed } from './issuer.js';
import { ProfileFile } from './profiles.js';

export interface Chosen {
  profile: string | undefined;
  url: string | undefined;
  token: string | undefined;
}

/** A token that ends sooner is renewed before it is used. */
const marginMs = 30_000;

/** Whom a command acts as: a profile, or the holder of a token. */
export class Session {
  readonly file: ProfileFile;

  constructor(
    private readonly chosen: Chosen,
    private readonly env: NodeJS.ProcessEnv,
    private readonly onRetry: (retry: Retry) => void,
    private readonly signal: AbortSignal,
  ) {
    this.file = new ProfileFile(env);
  }

  /** @throws NotSignedIn, UsageError */
  async connect(): Promise<Cpor> {
    const token = this.chosen.token ?? (this.env['CPOR_TOKEN'] || undefined);
    const url = this.chosen.url ?? (this.env['CPOR_URL'] || undefined);
    const name = await this.profileName();
    // What is typed counts more than what is set for every command.
    if (token !== undefined && this.chosen.profile === undefined) {
      const baseUrl = url ?? (name === null ? undefined : (await this.file.read()).profiles[name]?.url);
      if (baseUrl === undefined) throw new UsageError('A token needs the address of its installation: --url, or CPOR_URL.');
      return this.client({ baseUrl, token });
    }
    if (this.chosen.url !== undefined)
      throw new UsageError('--url needs a token: --token, or CPOR_TOKEN. To sign in there, use: cpor login URL');
    if (name === null) throw new NotSignedIn('You are not signed in. Sign in with: cpor login URL');
    const profile = (await this.file.read()).profiles[name];
    if (profile === undefined) throw new NotSignedIn(`There is no profile "${name}". See: cpor profiles`);
    return this.client({ baseUrl: profile.url, getToken: ({ forceRefresh }) => this.tokenOf(name, forceRefresh) });
  }

  /** Ends when the person interrupts the command. */
  get interrupted(): AbortSignal {
    return this.signal;
  }

  /** The profile that a command uses, or null if nobody is signed in. */
  async profileName(): Promise<string | null> {
    return this.chosen.profile ?? (this.env['CPOR_PROFILE'] || (await this.file.read()).inUse);
  }

  private client(how: { baseUrl: string; token?: string; getToken?: (request: { forceRefresh: boolean }) => Promise<string> }): Cpor {
    const signal = this.signal;
    const send = (request: Request) => fetch(new Request(request, { signal: AbortSignal.any([request.signal, signal]) }));
    return createClient({ ...how, language: 'en', onRetry: this.onRetry, fetch: send });
  }

  private async tokenOf(name: string, isRefused: boolean): Promise<string> {
    const seen = (await this.file.read()).profiles[name];
    if (seen !== undefined && !isRefused && seen.expiresAt - marginMs > Date.now()) return seen.accessToken;
    return this.file.change(async ({ profiles }) => {
      const profile = profiles[name];
      if (profile === undefined) throw new NotSignedIn(`The profile "${name}" has been removed.`);
      // Another process may have renewed it meanwhile; a refresh token serves once.
      if (profile.accessToken !== seen?.accessToken && profile.expiresAt - marginMs > Date.now()) return profile.accessToken;
      const tokens = await refreshed(profile);
      if (tokens === null) throw new NotSignedIn(`Your sign-in at ${profile.url} has ended. Sign in again with: cpor login ${profile.url}`);
      Object.assign(profile, tokens);
      return profile.accessToken;
    });
  }
}
