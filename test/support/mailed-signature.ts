import { formTokenOf } from './customer.js';
import type { Mail, OpenedMail, Product } from './product.js';
import { waitFor } from './wait.js';

export interface MailedPerson {
  name: string;
  title: string;
  email: string;
}

/** Waits for a mail about a claim to an address. */
export async function mailAbout(product: Product, to: string, claimNumber: string, subject: RegExp): Promise<OpenedMail> {
  let found: Mail | undefined;
  await waitFor(`a mail ${subject} to ${to}`, async () => {
    found = (await product.mails(to)).find((mail) => mail.subject.includes(claimNumber) && subject.test(mail.subject));
    return found !== undefined;
  });
  return product.mail(found!.id);
}

/** Waits for the mail that asks to sign, and returns its link. */
export async function signingLink(product: Product, to: string, claimNumber: string): Promise<string> {
  const { links } = await mailAbout(product, to, claimNumber, /awaits your signature/);
  return links.find((url) => url.includes('/s/'))!;
}

/** Posts the form of the page behind a link to sign. */
export async function postForm(link: string, fields: Record<string, string>): Promise<Response> {
  const formToken = formTokenOf(await (await fetch(link)).text());
  return fetch(link, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ formToken, ...fields }) });
}

/** Use it when a test signs a statement as a person does: by the mailed link, a code ordered there, and the mail that brings it. */
export async function signByMail(product: Product, claimNumber: string, person: MailedPerson): Promise<{ link: string; code: string }> {
  const link = await signingLink(product, person.email, claimNumber);
  const typed = { name: person.name, title: person.title, agree: 'yes' };
  const ordered = await postForm(link, { ...typed, action: 'code' });
  if (ordered.status !== 200) throw new Error(`The code was not ordered: ${ordered.status} ${await ordered.text()}`);
  const mail = await mailAbout(product, person.email, claimNumber, /code for signing/);
  const code = /^\d{6}$/m.exec(mail.text)![0];
  if (mail.subject.includes(code)) throw new Error('The subject of the mail tells the code.');
  const signed = await postForm(link, { ...typed, action: 'sign', code });
  if (signed.status !== 303) throw new Error(`The statement was not signed: ${signed.status} ${await signed.text()}`);
  return { link, code };
}
