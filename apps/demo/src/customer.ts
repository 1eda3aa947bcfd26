import { expectThat } from './surprise.js';
import type { Mail } from './world.js';

/** Does what a customer's browser does with the link in a mail: opens the page, sends its form, and sees the receipt. */
export async function optOutByLink(mail: Mail): Promise<void> {
  const link = mail.links.find((one) => new URL(one).pathname.startsWith('/n/'));
  expectThat(link !== undefined, `The mail to ${mail.to} has no link.`);
  const page = await fetch(link);
  const html = await page.text();
  expectThat(page.ok, `The customer's page answered ${page.status}.`);
  const fields = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const { name, value, type } = attributesOf(tag);
    // Every line is refused; the partner is not blocked.
    if (name !== undefined && (type === 'hidden' || name === 'line')) fields.append(name, value ?? 'on');
  }
  // A button's own name is part of the form it sends.
  const { name, value } = attributesOf(/<button\b[^>]*>/.exec(html)?.[0] ?? '');
  if (name !== undefined) fields.append(name, value ?? '');
  const action = new URL(attributesOf(/<form\b[^>]*>/.exec(html)?.[0] ?? '').action ?? '', link);
  const answer = await fetch(action, { method: 'POST', body: fields });
  expectThat(answer.ok, `The refusal answered ${answer.status}.`);
}

function attributesOf(tag: string): Record<string, string | undefined> {
  return Object.fromEntries<string>(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]): [string, string] => [name ?? '', value ?? '']),
  );
}
