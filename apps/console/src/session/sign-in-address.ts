/** Where the browser signs in, and the page of the console it comes back to. */
export const signInAddress = (returnTo = window.location.pathname + window.location.search): string =>
  `/sign-in?returnTo=${encodeURIComponent(returnTo)}`;
