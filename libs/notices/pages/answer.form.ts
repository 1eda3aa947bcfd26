import { type Html, html } from '#libs/html/index.js';
import type { AnswerPeriod, LineState, NoticeLine, NoticeView } from '../notice-view.js';
import { lineWork } from '../notice.mail.js';
import { pageTexts, texts } from '../texts/index.js';

/** Why an answer was not recorded. Shown above the form, which keeps what was entered. */
export type FormFault =
  | 'no_action'
  | 'no_line_selected'
  | 'line_unknown'
  | 'nothing_to_accept'
  | 'reason_too_long'
  | 'reason_with_acceptance'
  | 'block_with_acceptance'
  | 'form_garbled'
  | 'form_expired';

export interface FormOptions {
  /** Proves that the sender was shown the form. */
  formToken: string;
  fault?: FormFault;
  /** What the customer entered, when the form is shown again. */
  entered?: { lines: number[]; reason: string; isBlocking?: boolean };
}

/** The longest reason a customer may give, in characters. */
export const maximumReasonLength = 1000;

type Mode = 'refuse' | 'end' | 'mixed';

/** Returns the lines that the customer can still refuse (open) or end (official). */
export function answerableLines(view: NoticeView): NoticeLine[] {
  return view.lines.filter(({ state }) => state === 'open' || state === 'official');
}

/**
 * Renders the answer form, which posts to the page's own address. Its fields: `formToken`; `line`, once for each selected line; `reason`;
 * `block`, to block the partner; and `scope`: `selected` or `all` to refuse or end, `accept` to accept the selected lines. Enter presses the
 * first button: it refuses where silence accepts, and accepts where only an answer does.
 */
export function answerForm(view: NoticeView, lines: NoticeLine[], options: FormOptions): Html {
  const words = texts[view.language].form;
  const mode = modeOf(lines);
  const consent = consentOf(view);
  return html`<section aria-labelledby="answer">
<h2 id="answer">${words.heading[mode]}</h2>
<form method="post">
<input type="hidden" name="formToken" value="${options.formToken}">
${choices(view, lines, options)}
${extras(view, lines, options)}
<p class="hint" id="finality">${words.finality}</p>
${consent === 'opt_in' && acceptance(view, lines)}
<div class="actions">
${
  lines.length === 1
    ? html`<button name="scope" value="selected" aria-describedby="finality">${words.one[mode]}</button>`
    : html`<button name="scope" value="selected" aria-describedby="finality">${words.selected[mode]}</button>
<button name="scope" value="all" class="second" aria-describedby="finality">${words.all[mode](lines.length)}</button>`
}
</div>
${consent === 'opt_out' && acceptance(view, lines)}
</form>
</section>`;
}

/** What most answers leave out, folded away; open when the customer has entered something there. */
function extras(view: NoticeView, lines: NoticeLine[], options: FormOptions): Html {
  const { extras: words } = pageTexts[view.language];
  const { fault, entered } = options;
  const isUsed = Boolean(entered?.reason) || entered?.isBlocking || fault === 'reason_too_long';
  return html`<details class="extras"${isUsed && html` open`}>
<summary>${view.isPartnerBlocked ? words.reasonOnly : words.summary(view.partner.legalName)}</summary>
${reasonField(view, lines, options)}
${blockField(view, lines, options)}
</details>`;
}

/** Where silence accepts only some of the open lines, the opt-in words apply, since they hold for all. */
const consentOf = ({ periods }: NoticeView): AnswerPeriod['consent'] =>
  periods.some(({ consent }) => consent === 'opt_in') ? 'opt_in' : 'opt_out';

/** Returns whether a line is open that the customer has not accepted yet. */
const isAcceptable = (lines: NoticeLine[]): boolean => lines.some(({ state, isAccepted }) => state === 'open' && !isAccepted);

function acceptance(view: NoticeView, lines: NoticeLine[]): Html | false {
  const words = texts[view.language].form;
  const consent = consentOf(view);
  const look = consent === 'opt_out' && html` class="second"`;
  return (
    isAcceptable(lines) &&
    html`<p class="hint" id="accept-effect">${words.acceptEffect[consent]}</p>
<div class="actions">
<button name="scope" value="accept"${look} aria-describedby="accept-effect">${lines.length === 1 ? words.acceptOne : words.acceptSelected}</button>
</div>`
  );
}

/** Lets the customer block further claims by the partner, together with a refusal. */
function blockField(view: NoticeView, lines: NoticeLine[], { fault, entered }: FormOptions): Html {
  const { form, fault: faults } = texts[view.language];
  const partner = view.partner.legalName;
  if (view.isPartnerBlocked) return html`<p class="hint">${form.isBlocked(partner)}</p>`;
  const isFaulty = fault === 'block_with_acceptance';
  return html`${isFaulty && html`<p class="fault-text" id="block-fault">${faults.block_with_acceptance}</p>`}
<label class="choice"><input type="checkbox" name="block" id="block" value="yes"${entered?.isBlocking && html` checked`}${
    isFaulty && html` aria-invalid="true"`
  } aria-describedby="block-hint${isFaulty && ' block-fault'}"><span>${form.block(partner)}<span class="state" id="block-hint">${isAcceptable(lines) && `${form.blockForRefusal} `}${form.blockHint}</span></span></label>`;
}

/** The state of a line in the customer's words. */
export const shownState = ({ state, isAccepted }: NoticeLine): LineState | 'accepted' =>
  state === 'open' && isAccepted ? 'accepted' : state;

/** Says what went wrong, at the top of the page, with a link to the field that fixes it. */
export function faultSummary(view: NoticeView, lines: NoticeLine[], fault: FormFault): Html {
  const words = texts[view.language].fault;
  const target = {
    no_action: 'answer',
    no_line_selected: `line-${lines[0]?.line}`,
    line_unknown: `line-${lines[0]?.line}`,
    nothing_to_accept: `line-${lines[0]?.line}`,
    reason_too_long: 'reason',
    reason_with_acceptance: 'reason',
    block_with_acceptance: 'block',
    form_garbled: 'answer',
    form_expired: 'answer',
  }[fault];
  return html`<div class="fault" role="alert" aria-labelledby="fault" tabindex="-1" autofocus>
<h2 id="fault">${words.heading}</h2>
<p><a href="#${target}">${words[fault]}</a></p>
</div>`;
}

function choices(view: NoticeView, lines: NoticeLine[], { fault, entered }: FormOptions): Html {
  const { form, state, fault: faults } = texts[view.language];
  const selected = entered?.lines ?? (lines.length === 1 ? lines.map(({ line }) => line) : []);
  const faulty = fault === 'no_line_selected' || fault === 'line_unknown' || fault === 'nothing_to_accept' ? fault : null;
  const mode = modeOf(lines);
  return html`<fieldset${faulty !== null && html` aria-describedby="line-fault"`}>
<legend>${lines.length === 1 ? questionAbout(view, mode) : form.legend[mode]}</legend>
${faulty !== null && html`<p class="fault-text" id="line-fault">${faults[faulty]}</p>`}
${lines.map(
  (line) => html`<label class="choice"><input type="checkbox" name="line" id="line-${line.line}" value="${line.line}"${
    selected.includes(line.line) && html` checked`
  }${faulty !== null && html` aria-invalid="true"`}><span>${line.target}<span class="state">${lineWork(line, view)}</span>${(mode === 'mixed' || line.isAccepted) && html`<span class="state">${state[shownState(line)]}</span>`}</span></label>
`,
)}</fieldset>`;
}

/** The question about a single product. */
function questionAbout(view: NoticeView, mode: Mode): string {
  const { question } = pageTexts[view.language];
  return mode === 'end' ? question.end : question[consentOf(view)](view.partner.legalName);
}

function reasonField(view: NoticeView, lines: NoticeLine[], { fault, entered }: FormOptions): Html {
  const { form, fault: faults } = texts[view.language];
  const faulty = fault === 'reason_too_long' || fault === 'reason_with_acceptance' ? fault : null;
  return html`<label class="label" for="reason">${form.reason[modeOf(lines)]}</label>
<span class="hint" id="reason-hint">${form.reasonHint}${isAcceptable(lines) && ` ${form.reasonForRefusal}`}</span>
${faulty !== null && html`<p class="fault-text" id="reason-fault">${faults[faulty]}</p>`}
<textarea id="reason" name="reason" maxlength="${maximumReasonLength}" aria-describedby="reason-hint${faulty !== null && ' reason-fault'}"${
    faulty !== null && html` aria-invalid="true"`
  }>
${entered?.reason}</textarea>`;
}

function modeOf(lines: NoticeLine[]): Mode {
  if (lines.every(({ state }) => state === 'open')) return 'refuse';
  return lines.every(({ state }) => state === 'official') ? 'end' : 'mixed';
}
