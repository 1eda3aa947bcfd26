import { expectThat } from './surprise.js';
import type { Mail } from './world.js';

/** Opens the link in a notice and submits its form, as a customer's browser would. */
export async function optOutByLink(mail: Mail): Promise<void> {
  const link = mail.links.find((candidate) => new URL(candidate).pathname.startsWith('/n/'));
  expectThat(link !== undefined, `The mail to ${mail.to} has no link.`);
  const page = await fetch(link);
  const html = await page.text();
  expectThat(page.ok, `The customer's page answered ${page.status}.`);
  const fields = new URLSearchParams();
  for (const [tag] of html.matchAll(/<input\b[^>]*>/g)) {
    const { name, value, type } = attributesOf(tag);
    // Refuses every line, without blocking the partner.
    if (name !== undefined && (type === 'hidden' || name === 'line')) fields.append(name, value ?? 'on');
  }
  // A browser sends the clicked button's name, too.
  const { name, value } = attributesOf(/<button\b[^>]*>/.exec(html)?.[0] ?? '');
  if (name !== undefined) fields.append(name, value ?? '');
  const action = new URL(attributesOf(/<form\b[^>]*>/.exec(html)?.[0] ?? '').action ?? '', link);
  const answer = await fetch(action, { method: 'POST', body: fields });
  expectThat(answer.ok, `Submitting the refusal answered ${answer.status}.`);
}

function attributesOf(tag: string): Record<string, string | undefined> {
  return Object.fromEntries<string>(
    [...tag.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]): [string, string] => [name ?? '', value ?? '']),
  );
}
