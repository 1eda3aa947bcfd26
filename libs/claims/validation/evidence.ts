import { addMonths, earliestDateAt, isBefore, latestDateAt } from '../instants.js';
import { faultIf, type Rule, rule, type Subject } from './rule.js';

/** A document with malware proves nothing. */
const readable = (evidence: Subject['evidence']) => evidence.filter(({ quarantine }) => quarantine !== 'infected');

/** Sorts the signature dates. The customer's local day counts, which may be ahead of the programme's or behind it. */
function signatures({ evidence, now, policy }: Subject) {
  // Counted forward, like every period of months (R34).
  const lastDayOf = (date: string) => addMonths(date, policy.evidence.signatureMaximumAgeMonths);
  const dates = readable(evidence).flatMap(({ signedOn }) => (signedOn === null ? [] : [signedOn]));
  const future = dates.filter((date) => isBefore(latestDateAt(now), date));
  const stale = dates.filter((date) => isBefore(lastDayOf(date), earliestDateAt(now)));
  return { lastDayOf, future, stale, usable: dates.filter((date) => !future.includes(date) && !stale.includes(date)) };
}

export const evidenceRules: Rule[] = [
  rule('evidence_missing', 'error', ['submit'], ({ evidence }) =>
    faultIf(evidence.length === 0, 'evidence', 'Upload at least one proof of execution, such as the signed statement of work.'),
  ),
  // The reviewer decides on what it can open: neither on a file that was not scanned yet, nor on malware alone.
  rule('evidence_not_scanned', 'error', ['approve'], ({ evidence }) =>
    faultIf(
      evidence.some(({ quarantine }) => quarantine === 'waiting'),
      'evidence',
      'A file waits for the malware scanner, so nobody can open it yet. Try again when it has been scanned.',
    ),
  ),
  rule('evidence_infected', 'error', ['submit', 'approve'], ({ evidence }) =>
    faultIf(
      evidence.length > 0 && evidence.every(({ quarantine }) => quarantine === 'infected'),
      'evidence',
      'The malware scanner found malware in the evidence, so nobody can open it. The partner has to upload a clean copy.',
    ),
  ),
  rule('signature_date_required', 'error', ['submit'], ({ evidence }) =>
    faultIf(
      readable(evidence).length > 0 && readable(evidence).every((document) => document.signedOn === null),
      'evidence.signedOn',
      'State the date on which the customer signed the evidence.',
    ),
  ),
  rule('evidence_signed_in_future', 'error', ['submit'], (subject) => {
    const { future, usable } = signatures(subject);
    const message = `The signature is dated ${future[0]}, but no time zone is past ${latestDateAt(subject.now)} yet. Correct the date; if the document itself shows it, have the customer sign again.`;
    return faultIf(future.length > 0 && usable.length === 0, 'evidence.signedOn', message);
  }),
  rule('evidence_stale', 'error', ['submit'], (subject) => {
    const months = subject.policy.evidence.signatureMaximumAgeMonths;
    const { stale, usable, lastDayOf } = signatures(subject);
    const age = `${months} ${months === 1 ? 'month' : 'months'}`;
    const message = `The customer's signature must be at most ${age} old; the one dated ${stale[0]} was valid until ${stale[0] && lastDayOf(stale[0])}. Have the customer sign again.`;
    return faultIf(stale.length > 0 && usable.length === 0, 'evidence.signedOn', message);
  }),
  rule('evidence_template_required', 'error', ['submit'], ({ evidence, policy }) => {
    const templates = policy.statementTemplates.filter(({ state }) => state === 'active');
    // What was signed here was made from the programme's own template.
    const isOnTemplate = readable(evidence).some(
      ({ cover, isSignedHere }) => isSignedHere || templates.some(({ sha256 }) => cover?.templateSha256 === sha256),
    );
    const codes = templates.map(({ code }) => code).join(', ');
    const message = `This programme accepts only its own statements of work: ${codes}. Name the signed one in the cover form.`;
    return faultIf(
      policy.evidence.isTemplateRequired && readable(evidence).length > 0 && !isOnTemplate,
      'evidence.cover.templateSha256',
      message,
    );
  }),
  rule('evidence_mismatch', 'hold', ['submit'], ({ evidence, details }) => {
    const differs = evidence.some(({ cover }) => {
      if (cover === null) return false;
      const isOtherTenant = cover.tenantId !== null && cover.tenantId !== details.tenantId;
      return isOtherTenant || (cover.domain !== null && details.domain !== null && cover.domain !== details.domain);
    });
    return faultIf(differs, 'evidence', 'The customer named on the evidence differs from the customer of the claim.');
  }),
];
