import { fetchUntilAnswered } from './caller.js';

/** What a customer submits on the page. */
export interface CustomerAnswer {
  /** Line numbers; default: every line offered. */
  lines?: number[];
  reason?: string;
}

/** Use it to answer as a customer without a browser: the page behind a notice's link. */
export interface OpenPage {
  /** Submits the form, and retries until there is an answer. */
  answer(answer?: CustomerAnswer): Promise<{ status: number; html: string }>;
}

export async function openPage(link: string): Promise<OpenPage> {
  const { response: page } = await fetchUntilAnswered(link);
  if (page.status !== 200) throw new Error(`The customer's page answered ${page.status}.`);
  const offered = [...page.text.matchAll(/<input type="checkbox" name="line"[^>]* value="(\d+)"/g)].map(([, line]) => Number(line));
  return {
    async answer({ lines = offered, reason = '' } = {}) {
      const fields = new URLSearchParams({ formToken: formTokenOf(page.text), reason, scope: 'selected' });
      for (const line of lines) fields.append('line', String(line));
      const { response } = await fetchUntilAnswered(link, { method: 'POST', body: fields });
      return { status: response.status, html: response.text };
    },
  };
}

/** Opens the page behind a notice's link and refuses. @throws an Error if that does not succeed. */
export async function optOutByLink(link: string): Promise<void> {
  const page = await openPage(link);
  const { status, html } = await page.answer();
  if (status >= 400) throw new Error(`The refusal answered ${status}: ${html}`);
}

export function formTokenOf(html: string): string {
  return /name="formToken" value="([^"]*)"/.exec(html)?.[1] ?? '';
}
