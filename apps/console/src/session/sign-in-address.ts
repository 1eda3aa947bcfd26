interface SignInOptions {
  /** The page of the console to come back to; without it, the present one. */
  returnTo?: string;
  /** Lets the person choose an account even if the issuer still knows one. */
  asksWho?: boolean;
}

/** Where the browser signs in. */
export function signInAddress({ returnTo = presentAddress(), asksWho = false }: SignInOptions = {}): string {
  return `/sign-in?${new URLSearchParams({ returnTo, ...(asksWho && { prompt: 'select_account' }) })}`;
}

const presentAddress = (): string => window.location.pathname + window.location.search + window.location.hash;
