/** For the HTML part of a message: any style and links that open a tab, no other capability. */
export const previewPolicy = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'";

/** Returns the HTML part of a message with its links opening in a new tab: the pages that they lead to refuse to be shown in a frame. */
export function previewOf(html: string): string {
  const base = '<base target="_blank">';
  const head = /<head\b[^>]*>/i.exec(html);
  if (head === null) return `${base}${html}`;
  const end = head.index + head[0].length;
  return `${html.slice(0, end)}${base}${html.slice(end)}`;
}
