import { type Html, html } from '#libs/html/index.js';
import type { ChoiceView } from '../choice-view.js';
import { candidateItems } from '../choice.mail.js';
import { formatInstant } from '../instant.js';
import { plain } from '../notice-view.js';
import { pageTexts, texts } from '../texts/index.js';
import { maximumReasonLength } from './answer.form.js';
import { helpSection } from './help.section.js';
import { page } from './page.js';
import { copyBox, shareSection } from './share.section.js';

/** Why a choice was not recorded. */
export type ChoiceFault = 'nothing_chosen' | 'reason_too_long' | 'form_garbled' | 'form_expired';

export interface ChoiceFormOptions {
  /** Proves that the sender was shown the form. */
  formToken: string;
  fault?: ChoiceFault;
  /** What the customer entered, when the form is shown again. */
  entered?: { candidate: string | null; reason: string };
}

/** Renders the copy of a choice for reading and printing, from which nobody can choose. `asOf` is when it was read. */
export function renderChoiceCopy(unsafeView: ChoiceView, asOf: string): string {
  const view = plain(unsafeView);
  const { choice } = texts[view.language];
  const chosen = chosenOf(view);
  const title = choice.title(view.target);
  const body = html`${copyBox(view, asOf)}
<h1>${title}</h1>
<p>${choice.lead(view.vendor.name, view.tenant.name, view.target)}</p>
${chosen !== undefined && html`<p><strong>${choice.chosen(chosen.legalName)}</strong></p>`}
<p>${view.isOpen ? choice.silence(view.vendor.name) : choice.closed}</p>
${factsSection(view)}
${helpSection(view)}`;
  return page({ language: view.language, title, banner: view.vendor.name, body });
}

const chosenOf = ({ candidates, chosen }: ChoiceView) => candidates.find(({ claimId }) => claimId === chosen?.claimId);

/** Renders the competing partners, the recorded choice, and the form that makes or changes it. */
export function renderChoicePage(unsafeView: ChoiceView, options: ChoiceFormOptions): string {
  const view = plain(unsafeView);
  const { choice, fault } = texts[view.language];
  const chosen = chosenOf(view);
  const title = chosen === undefined ? choice.title(view.target) : choice.chosen(chosen.legalName);
  const body = html`${options.fault !== undefined && view.isOpen && faultSummary(view, options.fault)}
<h1>${title}</h1>
${receiptPanel(view)}
<p>${choice.lead(view.vendor.name, view.tenant.name, view.target)}</p>
${chosen === undefined && html`<p><strong>${view.isOpen ? choice.silence(view.vendor.name) : choice.closed}</strong></p>`}
${view.isOpen ? choiceForm(view, options) : chosen !== undefined && html`<p><strong>${choice.closed}</strong></p>`}
<h2>${pageTexts[view.language].details}</h2>
${factsSection(view)}
<p>${choice.afterwards}</p>
${shareSection(view, title)}
${helpSection(view)}`;
  return page({
    language: view.language,
    title,
    banner: view.vendor.name,
    ...(options.fault !== undefined && { fault: fault.heading }),
    body,
  });
}

function receiptPanel({ chosen, language, zone }: ChoiceView): Html | false {
  const { choice } = texts[language];
  return (
    chosen !== null &&
    html`<dl class="panel">
<dt>${choice.receivedAt}</dt>
<dd class="instant"><time datetime="${chosen.receivedAt}">${formatInstant(chosen.receivedAt, zone, language, 'second')}</time></dd>
<dt>${choice.reference}</dt><dd>${chosen.reference}</dd>
</dl>`
  );
}

function factsSection(view: ChoiceView): Html {
  const { choice, claim } = texts[view.language];
  return html`<dl class="facts">
<dt>${choice.product}</dt><dd>${view.target}</dd>
<dt>${claim.customer}</dt><dd>${view.tenant.name}</dd>
<dt>${choice.tenant}</dt><dd>${claim.tenantWithId(view.tenant.domain, view.tenant.tenantId)}</dd>
<dt>${choice.partners}</dt><dd><ul>${candidateItems(view).map((item) => html`<li>${item}</li>`)}</ul></dd>
</dl>`;
}

/** Renders the choice form, which posts `formToken`, `candidate` and `reason` to the page's own address. */
function choiceForm(view: ChoiceView, { formToken, fault, entered }: ChoiceFormOptions): Html {
  const { choice, form, fault: faults } = texts[view.language];
  const selected = entered === undefined ? view.chosen?.claimId : entered.candidate;
  const isUnchosen = fault === 'nothing_chosen';
  const isTooLong = fault === 'reason_too_long';
  return html`<section aria-labelledby="answer">
<h2 id="answer">${view.chosen === null ? choice.heading : choice.chosenAgain}</h2>
<form method="post">
<input type="hidden" name="formToken" value="${formToken}">
<fieldset${isUnchosen && html` aria-describedby="candidate-fault"`}>
<legend>${choice.legend}</legend>
${isUnchosen && html`<p class="fault-text" id="candidate-fault">${choice.fault}</p>`}
${view.candidates.map(
  ({ claimId, legalName, partnerId, isHolder }, index) => html`<label class="choice"><input type="radio" name="candidate" id="candidate-${
    index + 1
  }" value="${claimId}"${selected === claimId && html` checked`}><span>${choice.partner(legalName, partnerId)}${
    isHolder && html`<span class="state">${choice.isHolder}</span>`
  }</span></label>
`,
)}</fieldset>
<details class="extras"${(isTooLong || Boolean(entered?.reason)) && html` open`}>
<summary>${pageTexts[view.language].extras.reasonOnly}</summary>
<label class="label" for="reason">${choice.reason}</label>
<span class="hint" id="reason-hint">${form.reasonHint}</span>
${isTooLong && html`<p class="fault-text" id="reason-fault">${faults.reason_too_long}</p>`}
<textarea id="reason" name="reason" maxlength="${maximumReasonLength}" aria-describedby="reason-hint${isTooLong && ' reason-fault'}"${
    isTooLong && html` aria-invalid="true"`
  }>
${entered?.reason}</textarea>
</details>
<p class="hint" id="finality">${choice.finality}</p>
<div class="actions">
<button aria-describedby="finality">${choice.button}</button>
</div>
</form>
</section>`;
}

function faultSummary({ language }: ChoiceView, fault: ChoiceFault): Html {
  const { choice, fault: words } = texts[language];
  const target = { nothing_chosen: 'candidate-1', reason_too_long: 'reason', form_garbled: 'answer', form_expired: 'answer' }[fault];
  const text = fault === 'nothing_chosen' ? choice.fault : words[fault];
  return html`<div class="fault" role="alert" aria-labelledby="fault" tabindex="-1" autofocus>
<h2 id="fault">${words.heading}</h2>
<p><a href="#${target}">${text}</a></p>
</div>`;
}
