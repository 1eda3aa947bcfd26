/** A version of a resource: its ETag, its number, or the resource as it was read. */
export type Version = string | number | object;

/** The ETags of what was read, by the object that the caller was given. */
const etags = new WeakMap<object, string>();

export function rememberVersion(data: unknown, response: Response): void {
  const etag = response.headers.get('ETag');
  if (etag !== null && typeof data === 'object' && data !== null) etags.set(data, etag);
}

/**
 * Returns the ETag of a resource that the client returned, or of a version.
 * @throws TypeError if an object has neither an ETag nor a `version`.
 */
export function etagOf(version: Version): string {
  if (typeof version === 'number') return `"${version}"`;
  if (typeof version === 'string') return /^\d+$/.test(version) ? `"${version}"` : version;
  const known = etags.get(version);
  if (known !== undefined) return known;
  const number = (version as { version?: unknown }).version;
  if (typeof number === 'number') return `"${number}"`;
  throw new TypeError('ifMatch must be an ETag, a version number, or an object that this client returned.');
}
