import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { InteractionResults, KoaContextWithOIDC, Provider } from 'oidc-provider';
import { samplePersonOf } from '#libs/sample-data/index.js';
import { renderFault } from './pages/messages.page.js';
import { languageOf } from './pages/page.js';
import { renderSignIn } from './pages/sign-in.page.js';

/** A form has two short fields. */
const maximumBytes = 4_096;

type Context = Pick<KoaContextWithOIDC, 'req' | 'res' | 'path' | 'method' | 'query' | 'get' | 'set' | 'redirect'> & {
  status: number;
  type: string;
  body: unknown;
};

/** The page "Sign in as …". GET only shows it; POST signs in or cancels. */
export function signInPage(provider: Provider, secret: string, homeUrl: string) {
  const tokenOf = (uid: string) => createHmac('sha256', secret).update(uid).digest('base64url');

  return async (ctx: Context, next: () => Promise<void>): Promise<void> => {
    const uid = /^\/sign-in\/([\w-]+)$/.exec(ctx.path)?.[1];
    if (uid === undefined) return next();
    const interaction = await provider.interactionDetails(ctx.req, ctx.res).catch(() => undefined);
    const language = languageOf(ctx, interaction?.params['ui_locales']);
    const refuse = (code: 'sign_in_expired' | 'form_invalid', status = 400) => {
      ctx.status = status;
      renderFault(ctx, language, { code, homeUrl });
    };
    if (interaction?.uid !== uid) return refuse('sign_in_expired');
    if (ctx.method !== 'POST') return renderSignIn(ctx, language, { token: tokenOf(uid) });

    const form = await readForm(ctx.req);
    // A form of another site has neither the cookie nor the token.
    if (form === undefined || !isSame(form.get('token') ?? '', tokenOf(uid))) return refuse('form_invalid', 403);
    const result = resultOf(form);
    if (result === undefined) return refuse('form_invalid');
    ctx.status = 303;
    ctx.redirect(await provider.interactionResult(ctx.req, ctx.res, result, { mergeWithLastSubmission: false }));
  };
}

function resultOf(form: URLSearchParams): InteractionResults | undefined {
  if (form.has('cancel')) return { error: 'access_denied', error_description: 'The sign-in was cancelled.' };
  const person = samplePersonOf(form.get('person') ?? '');
  return person && { login: { accountId: person.subject }, select_account: {}, consent: {} };
}

async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maximumBytes) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}

function isSame(sent: string, expected: string): boolean {
  const [one, other] = [Buffer.from(sent), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
