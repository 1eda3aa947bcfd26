const longest = 1_000;

/** Where people land who came from nowhere in particular. */
export const home = '/console';

/**
 * Returns the path to open after sign-in: what was asked for if it is a page of this origin, else the console. Anything a browser could read
 * as another origin (`//host`, `/\host`, a scheme, tabs inside) is not a path of ours.
 */
export function safeReturnTo(asked: unknown, publicUrl: string): string {
  if (typeof asked !== 'string' || asked.length > longest || !/^\/(?![/\\])[\x21-\x7e]*$/.test(asked) || asked.includes('\\')) return home;
  const { origin } = new URL(publicUrl);
  const url = URL.parse(asked, origin);
  if (url === null || url.origin !== origin || url.pathname.startsWith('//') || /^\/sign-(in|out)\b/.test(url.pathname)) return home;
  return `${url.pathname}${url.search}${url.hash}`;
}
