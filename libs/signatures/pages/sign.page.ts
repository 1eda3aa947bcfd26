import { type Html, html } from '#libs/html/index.js';
import { formatInstant, type Language, page } from '#libs/notices/index.js';
import type { SignatureRecord } from '../signature-reader.js';
import { signatureTexts } from '../texts/index.js';
import type { SignatureTexts } from '../texts/en.js';

/** Why an answer was not recorded. */
export type SignFault = Exclude<keyof SignatureTexts['fault'], 'heading'>;

/** What a person posted. Fields that the form left out are empty. */
export interface SignedForm {
  action: 'code' | 'sign' | 'decline' | 'forward' | null;
  name: string;
  title: string;
  hasAgreed: boolean;
  code: string;
  reason: string;
  colleagueName: string;
  colleagueEmail: string;
}

export interface SignPageOptions {
  language: Language;
  /** Proves that the sender was shown the form. */
  formToken: string;
  fault?: SignFault;
  /** What was entered, when the form is shown again. */
  entered?: SignedForm;
  /** Whether a code is on its way that can still be used. */
  hasCode: boolean;
}

export const longestName = 200;
export const longestReason = 1000;

/**
 * Renders the page behind a link to sign: the statement, what signing means, and the form, which posts to the page's own address. Its fields:
 * `formToken`; `name`, `title`, `agree`, `code`; `reason`; `colleagueName`, `colleagueEmail`; and `action`: `code`, `sign`, `decline` or `forward`.
 */
export function renderSignPage(record: SignatureRecord, options: SignPageOptions): string {
  const { language } = options;
  const words = signatureTexts[language].page;
  const { vendor } = record.policy;
  if (!record.isOpen || record.addressee === null) return closedPage(record, language);
  const body = html`${options.fault !== undefined && faultSummary(options.fault, language)}
<h1>${words.title}</h1>
<p>${words.lead(record.partner.legalName, record.partner.partnerId, record.customer.name)}</p>
<dl class="panel"><dt>${words.expires}</dt>
<dd class="instant"><time datetime="${record.signature.expiresAt}">${formatInstant(record.signature.expiresAt, record.zone, language)}</time></dd></dl>
${statementSection(record)}
<h2>${words.meaningHeading}</h2>
<ul>${words.meaning.map((sentence) => html`<li>${sentence}</li>`)}</ul>
${signForm(record.addressee.email, options)}
${otherAnswers(options)}
<dl class="facts"><dt>${words.claim}</dt><dd>${record.claimNumber}</dd><dt>${words.programme}</dt><dd>${record.signature.policy}</dd>
<dt>${words.sha256}</dt><dd>${record.signature.textSha256}</dd></dl>
<p>${words.questions(vendor.name, vendor.contactEmail)}</p>`;
  const fault = options.fault !== undefined && { fault: signatureTexts[language].fault.heading };
  return page({ language, title: words.title, banner: vendor.name, ...fault, body });
}

/** The statement in its own language, whatever the page's is. */
export function statementSection({ statement, signature }: SignatureRecord): Html {
  if (statement === null) return html`<p>${signatureTexts[signature.language].page.erased}</p>`;
  return html`<section class="note" lang="${signature.language}" aria-labelledby="statement">
<h2 id="statement">${statement.title}</h2>
${statement.paragraphs.map((paragraph) => html`<p>${paragraph}</p>`)}
</section>`;
}

function faultSummary(fault: SignFault, language: Language): Html {
  const words = signatureTexts[language].fault;
  return html`<div class="fault" role="alert" aria-labelledby="fault" tabindex="-1" autofocus>
<h2 id="fault">${words.heading}</h2>
<p><a href="#${fieldOf[fault]}">${words[fault]}</a></p>
</div>`;
}

/** The field that mends each fault. */
const fieldOf: Record<SignFault, string> = {
  form_expired: 'sign',
  form_garbled: 'sign',
  name_missing: 'name',
  title_missing: 'title',
  too_long: 'name',
  not_agreed: 'agree',
  code_missing: 'code',
  code_wrong: 'code',
  code_used_up: 'send-code',
  code_expired: 'send-code',
  code_too_soon: 'code',
  codes_used_up: 'sign',
  reason_too_long: 'reason',
  colleague_name_missing: 'colleague-name',
  colleague_email_invalid: 'colleague-email',
  colleague_same: 'colleague-email',
  colleague_domain: 'colleague-email',
};

function signForm(email: string, { language, formToken, fault, entered, hasCode }: SignPageOptions): Html {
  const words = signatureTexts[language].page;
  const invalid = (id: string) => fault !== undefined && fieldOf[fault] === id && html` aria-invalid="true"`;
  return html`<section aria-labelledby="sign">
<h2 id="sign">${words.signHeading}</h2>
<form method="post" autocomplete="off">
<input type="hidden" name="formToken" value="${formToken}">
<label class="label" for="name">${words.name}</label>
<input type="text" id="name" name="name" maxlength="${longestName}" autocomplete="name" value="${entered?.name}"${invalid('name')}>
<label class="label" for="title">${words.jobTitle}</label>
<input type="text" id="title" name="title" maxlength="${longestName}" autocomplete="organization-title" value="${entered?.title}"${invalid('title')}>
<label class="choice"><input type="checkbox" id="agree" name="agree" value="yes"${entered?.hasAgreed && html` checked`}${invalid('agree')}><span>${words.agree}</span></label>
<p class="hint" id="code-hint">${hasCode ? words.codeSent(email) : words.codeHint(email)}</p>
${
  hasCode &&
  html`<label class="label" for="code">${words.code}</label>
<input type="text" id="code" name="code" inputmode="numeric" maxlength="20" autocomplete="one-time-code" aria-describedby="code-hint"${invalid('code')}>`
}
<div class="actions">
${hasCode && html`<button name="action" value="sign">${words.sign}</button>`}
<button id="send-code" name="action" value="code"${hasCode && html` class="second"`}>${hasCode ? words.sendAgain : words.sendCode}</button>
</div>
</form>
</section>`;
}

/** Declining and forwarding, folded away; open when something was entered there. */
function otherAnswers({ language, formToken, fault, entered }: SignPageOptions): Html {
  const words = signatureTexts[language].page;
  const isAbout = (...fields: string[]) => fault !== undefined && fields.includes(fieldOf[fault]);
  return html`<details class="extras"${(isAbout('reason') || entered?.action === 'decline') && html` open`}>
<summary>${words.declineSummary}</summary>
<form method="post">
<input type="hidden" name="formToken" value="${formToken}">
<label class="label" for="reason">${words.reason}</label>
<textarea id="reason" name="reason" maxlength="${longestReason}"${isAbout('reason') && html` aria-invalid="true"`}>
${entered?.reason}</textarea>
<div class="actions"><button name="action" value="decline" class="second">${words.decline}</button></div>
</form>
</details>
<details class="extras"${(isAbout('colleague-name', 'colleague-email') || entered?.action === 'forward') && html` open`}>
<summary>${words.forwardSummary}</summary>
<form method="post" autocomplete="off">
<input type="hidden" name="formToken" value="${formToken}">
<p class="hint">${words.forwardHint}</p>
<label class="label" for="colleague-name">${words.colleagueName}</label>
<input type="text" id="colleague-name" name="colleagueName" maxlength="${longestName}" value="${entered?.colleagueName}"${isAbout('colleague-name') && html` aria-invalid="true"`}>
<label class="label" for="colleague-email">${words.colleagueEmail}</label>
<input type="text" inputmode="email" id="colleague-email" name="colleagueEmail" maxlength="254" value="${entered?.colleagueEmail}"${isAbout('colleague-email') && html` aria-invalid="true"`}>
<div class="actions"><button name="action" value="forward" class="second">${words.forward}</button></div>
</form>
</details>`;
}

/** What became of a request that takes no answer any more. */
function closedPage({ signature, partner, policy: { vendor } }: SignatureRecord, language: Language): string {
  const { closed, page: words } = signatureTexts[language];
  const outcome = signature.outcome === null || signature.outcome === 'signed' ? 'lapsed' : signature.outcome;
  const title = closed.title[outcome];
  const body = html`<h1>${title}</h1>
<p>${closed.text[outcome](partner.legalName)}</p>
<p>${words.questions(vendor.name, vendor.contactEmail)}</p>`;
  return page({ language, title, banner: vendor.name, body });
}

/** Says that the answer is stored but not executed yet. */
export function renderPendingPage({ policy: { vendor } }: SignatureRecord, language: Language): string {
  const { page: words } = signatureTexts[language];
  return page({
    language,
    title: words.title,
    banner: vendor.name,
    body: html`<h1>${words.title}</h1>\n<p role="status">${words.pending}</p>`,
  });
}

/** Says that the request was passed on; the link shows nothing any more. */
export function renderForwardedPage({ policy: { vendor } }: SignatureRecord, language: Language): string {
  const { title, text } = signatureTexts[language].closed.forwarded;
  return page({ language, title, banner: vendor.name, body: html`<h1>${title}</h1>\n<p role="status">${text}</p>` });
}
