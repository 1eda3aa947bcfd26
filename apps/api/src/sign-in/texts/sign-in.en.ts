import type { SignInFailureCode } from '../sign-in-failure.js';

/** What a page says about a sign-in that did not succeed. */
export interface SignInTexts {
  tryAgain: string;
  code: string;
  failures: Record<SignInFailureCode, { title: string; text: string; retry: boolean }>;
}

export const en: SignInTexts = {
  tryAgain: 'Try again',
  code: 'Code for your administrator:',
  failures: {
    sign_in_off: {
      title: 'Sign-in is not set up here',
      text: 'Programs can use this installation, but people cannot sign in with a browser yet. The operator sets OIDC_CLIENT_ID to allow it.',
      retry: false,
    },
    sign_in_cancelled: {
      title: 'You did not sign in',
      text: 'The sign-in was cancelled or refused at your identity provider. Nothing has changed here.',
      retry: true,
    },
    sign_in_cookie_missing: {
      title: 'Your browser did not keep our cookie',
      text: 'To sign you in, this site needs one cookie. Allow cookies for it, and finish in the browser in which you began. Safari keeps such a cookie only over https: on your own computer, use Firefox or Chrome.',
      retry: true,
    },
    sign_in_stale: {
      title: 'This sign-in is no longer valid',
      text: 'It took too long, was finished before, or was begun in another browser. Starting again usually helps.',
      retry: true,
    },
    issuer_unreachable: {
      title: 'The identity provider does not answer',
      text: 'You sign in at a service that cannot be reached at the moment. Please try again in a minute.',
      retry: true,
    },
    issuer_refused: {
      title: 'The identity provider refused the sign-in',
      text: 'It does not accept this installation as it is set up now. Please tell your administrator.',
      retry: true,
    },
    issuer_answer_invalid: {
      title: 'The identity provider’s answer is not valid',
      text: 'What it sent does not fit what was asked, or comes from somebody else, so you were not signed in. Please tell your administrator.',
      retry: true,
    },
    token_wrong_issuer: {
      title: 'The access token comes from another issuer',
      text: 'You were signed in at the identity provider, but it gave out a token in another name than the one that is trusted here. Please tell your administrator.',
      retry: true,
    },
    token_wrong_audience: {
      title: 'The access token is meant for another application',
      text: 'You were signed in at the identity provider, but its token is not meant for this installation. Please tell your administrator, who finds the setting under “audience”.',
      retry: true,
    },
    token_not_usable: {
      title: 'The access token cannot be used here',
      text: 'You were signed in at the identity provider, but its token is not a signed JWT with the claims that are needed here. Please tell your administrator.',
      retry: true,
    },
  },
};
