import { fetchUntilAnswered } from './caller.js';

/** What a customer sends with the form of its page. */
export interface CustomerAnswer {
  /** Line numbers; every line that is offered if absent. */
  lines?: number[];
  reason?: string;
}

/** Does what a browser does with the link of a notice: opens the page and sends its form. Repeats until it is answered. */
export async function answerByLink(link: string, { lines, reason = '' }: CustomerAnswer = {}): Promise<{ status: number; html: string }> {
  const { response: page } = await fetchUntilAnswered(link);
  if (page.status !== 200) throw new Error(`The customer's page answered ${page.status}.`);
  const fields = new URLSearchParams({ formToken: formTokenOf(page.text), reason, scope: 'selected' });
  const offered = [...page.text.matchAll(/<input type="checkbox" name="line"[^>]* value="(\d+)"/g)].map(([, line]) => Number(line));
  for (const line of lines ?? offered) fields.append('line', String(line));
  const { response } = await fetchUntilAnswered(link, { method: 'POST', body: fields });
  return { status: response.status, html: response.text };
}

export function formTokenOf(html: string): string {
  return /name="formToken" value="([^"]*)"/.exec(html)?.[1] ?? '';
}
