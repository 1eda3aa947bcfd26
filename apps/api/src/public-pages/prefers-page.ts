/** Returns whether a caller names HTML in its `Accept`, and JSON not with more weight. A wildcard alone is not enough: programs send it too. */
export function prefersPage(accept: string | undefined): boolean {
  const page = weightOf(accept, 'text/html');
  return page > 0 && page >= weightOf(accept, 'application/json');
}

/** Returns whether a caller names JSON in its `Accept`, and HTML with less weight or not. */
export const prefersJson = (accept: string | undefined): boolean => weightOf(accept, 'application/json') > weightOf(accept, 'text/html');

/** The weight of a media type that is named as such; 0 when it is not. */
function weightOf(accept: string | undefined, type: string): number {
  const range = (accept ?? '').split(',').find((one) => one.split(';', 1)[0]!.trim().toLowerCase() === type);
  if (range === undefined) return 0;
  const weight = /;\s*q=([\d.]+)/i.exec(range)?.[1];
  return weight === undefined ? 1 : Number(weight) || 0;
}
