import { fetchUntilAnswered } from './caller.js';

/** What a customer sends with the form of its page. */
export interface CustomerAnswer {
  /** Line numbers; every line that is offered if absent. */
  lines?: number[];
  reason?: string;
}

/** The page behind a notice's link, as a browser has it open. */
export interface OpenPage {
  /** Sends the form. Repeats until it is answered. */
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

/** Opens the page behind a notice's link and refuses there. Fails unless the page takes it. */
export async function optOutByLink(link: string): Promise<void> {
  const page = await openPage(link);
  const { status, html } = await page.answer();
  if (status >= 400) throw new Error(`The refusal answered ${status}: ${html}`);
}

export function formTokenOf(html: string): string {
  return /name="formToken" value="([^"]*)"/.exec(html)?.[1] ?? '';
}
