import type { ReactNode } from 'react';
import { signInAddress } from './sign-in-address.js';

/** Signs in in another window, which says so to this one and closes: the page here keeps what was typed. */
export function SignInLink({ asksWho = false, kind, children }: { asksWho?: boolean; kind: 'primary' | 'secondary'; children: ReactNode }) {
  return (
    <a className="button" data-kind={kind} href={signInAddress({ returnTo: '/console/signed-in', asksWho })} target="_blank" rel="opener">
      {children}
    </a>
  );
}
