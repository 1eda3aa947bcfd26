import type { LetterFacts, LetterWords, Renewal } from '../letter-view.js';
import { counted } from './counted.js';

/** Why an association ended, for either side. Which partner took its place is never disclosed. */
const endings: Record<string, string> = {
  customer_revoked: 'The customer ended the association.',
  partner_disassociated: 'The partner ended the association.',
  subscription_ended: 'The subscription has ended.',
  superseded: 'After a decision between several partners, another partner is now recorded.',
  transferred: 'The association was moved to another office of the same partner.',
  vendor_revoked: 'The vendor ended the association.',
  enrolment_lost: 'The partner’s office no longer takes part in the programme.',
  term_expired: 'Its term has ended.',
};

const late: Record<string, string> = {
  K1: 'The review of this claim did not start in time.',
  K2: 'The review of this claim did not reach a decision in time.',
  K3: 'This claim was not decided in time.',
  K8: 'The dispute about this claim was not answered in time.',
};

const ending = (reason: string | null): string => endings[reason ?? ''] ?? '';

const inDays = (days: number): string => (days === 0 ? 'today' : `in ${counted('en', days, { one: 'day', other: 'days' })}`);

/** What a partner reads about a renewal. */
const carriedOver: Record<Renewal['isCarriedOver'], (target: string) => string> = {
  yes: (target) => `The customer has renewed the subscription as ${target}. Your association continues for it and is already official.`,
  no: (target) =>
    `The customer has renewed the subscription as ${target}, but your association does not continue for it; the claim shows why.`,
  unless_refused: (target) =>
    `The customer has renewed the subscription as ${target} and was asked about it: your association continues for it unless the customer refuses.`,
  if_accepted: (target) =>
    `The customer has renewed the subscription as ${target} and was asked about it: your association continues for it only if the customer accepts.`,
};

/** What a customer reads about its renewal. */
const stillYours: Record<Renewal['isCarriedOver'], (target: string) => string | null> = {
  yes: (target) => `The same partner is recorded for your renewed subscription, ${target}; you may end that at any time.`,
  no: () => null,
  unless_refused: (target) => `We ask you separately about your renewed subscription, ${target}: your link shows how long you may refuse.`,
  if_accepted: (target) => `We ask you separately about your renewed subscription, ${target}: your link shows how long you may accept.`,
};

const isContinued = (renewal: Renewal | null): boolean => renewal !== null && renewal.isCarriedOver !== 'no';
const optional = (sentence: string | null): string[] => (sentence === null ? [] : [sentence]);

export const lettersEn = {
  number: 'Claim number',
  partner: 'Partner',
  customer: 'Customer',
  beyondCoverage: 'The public holidays of that period were not known when this deadline was set; it does not change.',
  products: 'Products',
  reference: 'Reference',
  link: 'Your link',
  subject: (claimNumber: string, title: string) => `Claim ${claimNumber}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
  questions: (vendor: string, email: string) => `Questions? Write to ${vendor} at ${email} and quote the reference.`,
  letters: {
    acceptance_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: 'Your organisation’s acceptance is recorded',
      paragraphs: [
        `On ${at} your organisation accepted the claim by ${partner} for the products below.`,
        'You may still refuse, and you may end the association at any time later. You do not need to do anything more.',
      ],
    }),
    refusal_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: 'Your organisation’s refusal is recorded',
      paragraphs: [
        `On ${at} your organisation refused the claim by ${partner} for the products below.`,
        `${partner} is not recorded as your partner and sees nothing. You do not need to do anything more.`,
      ],
    }),
    end_receipt: ({ partner, at, reason, renewal }: LetterFacts): LetterWords => ({
      title: `Your organisation’s association with ${partner} has ended`,
      paragraphs: [
        `The association with ${partner} for the products below ended on ${at}. ${ending(reason)}`,
        'The partner’s access to the usage data of these products stopped at that moment. You do not need to do anything.',
        ...(renewal === null ? [] : optional(stillYours[renewal.isCarriedOver](renewal.target))),
      ],
    }),
    transfer_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: `Another office of ${partner} now works with you`,
      paragraphs: [
        `On ${at} the association for the products below was moved to another office of the same company, ${partner}.`,
        'What the partner may see has not changed. You may end the association at any time. You do not need to do anything.',
      ],
    }),
    withdrawal_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: `The claim by ${partner} was withdrawn`,
      paragraphs: [
        `On ${at} ${partner} withdrew its claim for the products below, about which we had notified your organisation.`,
        `${partner} is not recorded as your partner and sees nothing. You do not need to do anything.`,
      ],
    }),
    expiry_notice: ({ customer, endsOn, daysLeft, isSubscription, renewal }: LetterFacts): LetterWords => ({
      title: isContinued(renewal)
        ? `Your association with ${customer} for the old subscription ends on ${endsOn}`
        : `Your association with ${customer} ends on ${endsOn}`,
      paragraphs: [
        `The association for the products below ends on ${endsOn}, ${inDays(daysLeft)}. Your access to the usage data of these products stops at the end of that day.`,
        renewal !== null
          ? carriedOver[renewal.isCarriedOver](renewal.target)
          : isSubscription
            ? 'If the customer renews the subscription before that day and the vendor’s directory links the two, the association is carried over automatically and the customer is asked again. Otherwise you may make a new claim.'
            : 'Its term ends then. To continue, make a new claim.',
      ],
    }),
    holder_warning: ({ customer, dueAt }: LetterFacts): LetterWords => ({
      title: `Another claim competes with your association with ${customer}`,
      paragraphs: [
        'Another claim has been made for the products below, for which you are recorded as the partner. We do not say by whom. Your association stays in force until a decision is made.',
        ...(dueAt === null ? [] : [`You may add evidence until ${dueAt}: the newest evidence signed by the customer counts.`]),
        'You do not have to do anything. After that time the decision is made on the evidence on file.',
      ],
    }),
    partner_ended: ({ customer, at, reason, renewal }: LetterFacts): LetterWords => ({
      title: `Your association with ${customer} has ended`,
      paragraphs: [
        `The association for the products below ended on ${at}. ${ending(reason)}`,
        'Your access to the usage data of these products stopped at that moment.',
        ...(renewal === null ? [] : [carriedOver[renewal.isCarriedOver](renewal.target)]),
      ],
    }),
    information_request: ({ customer, reasons, dueAt }: LetterFacts): LetterWords => ({
      title: `Your claim for ${customer} needs more information`,
      paragraphs: [
        `A reviewer has looked at the claim for the products below and asks for more: ${reasons.join('; ')}.`,
        'Add what is missing and submit the claim again. A comment alone does not count as an answer. You can read what the reviewer wrote in the claim’s history.',
        ...(dueAt === null ? [] : [`You have until ${dueAt}. Without an answer by then the claim is rejected.`]),
      ],
    }),
    rejection: ({ customer, at, reason, dueAt }: LetterFacts): LetterWords => ({
      title: `Your claim for ${customer} was rejected`,
      paragraphs: [
        `On ${at} the claim for the products below was rejected. Reason: ${reason}.`,
        dueAt === null
          ? 'This cannot be disputed. You may make a new claim with updated evidence.'
          : `You may dispute it once, until ${dueAt}, with a statement, new evidence, or both. After that you may make a new claim.`,
        'You can read what the reviewer wrote in the claim’s history.',
      ],
    }),
    refused_target: ({ customer, at }: LetterFacts): LetterWords => ({
      title: `Your claim for ${customer} is closed: the customer has refused your company`,
      paragraphs: [
        `On ${at} ${customer} refused your company for the products below, in answer to another of your claims. This claim is therefore closed for those products too.`,
        'A customer’s refusal cannot be disputed. You may make a new claim once the waiting period is over, unless the customer has blocked your company; the customer is then asked again.',
      ],
    }),
    notice_failure: ({ customer, at }: LetterFacts): LetterWords => ({
      title: `The notice to ${customer} has reached nobody`,
      paragraphs: [
        `By ${at} none of our emails about the products below had reached ${customer}.`,
        'The customer’s period does not run, and nothing becomes official, until the partner corrects the contact’s address or the notice is sent again.',
      ],
    }),
    escalation: ({ clock, dueAt }: LetterFacts): LetterWords => ({
      title: 'A deadline of the vendor was missed',
      paragraphs: [
        `${late[clock ?? ''] ?? ''} It was due by ${dueAt}.`,
        'Nothing was approved or rejected because of it: the claim is still waiting for a reviewer. The breach report lists everything that is overdue.',
      ],
    }),
    signature_request: ({ partner, dueAt }: LetterFacts): LetterWords => ({
      title: `A statement of work with ${partner} awaits your signature`,
      paragraphs: [
        `${partner} asks you to sign a statement of work for the products below on behalf of your organisation. Open your link to read it; nothing is signed by opening it.`,
        'To sign, type your name and title and confirm with a code that we send to this address. You may also decline, or pass the request to a colleague.',
        ...(dueAt === null ? [] : [`The request ends on ${dueAt}. If you do nothing, nothing is signed.`]),
        'The link is meant for you alone. Do not pass this email on.',
      ],
    }),
    signature_code: ({ partner, dueAt }: LetterFacts): LetterWords => ({
      title: 'Your code for signing',
      paragraphs: [
        `Enter this code on the page of the statement of work with ${partner} only if you want to sign it. Nobody will ask you for it by phone or email.`,
        ...(dueAt === null ? [] : [`It can be used until ${dueAt}.`]),
      ],
    }),
    signature_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: 'You signed the statement of work',
      paragraphs: [
        `On ${at} you signed the statement of work with ${partner}. Your link shows the receipt: the text, who signed it, and how you were identified. Print it or save it.`,
        'If you did not sign it, write to us at once.',
      ],
    }),
    signature_canceled: ({ partner }: LetterFacts): LetterWords => ({
      title: `You are no longer asked to sign the statement of work with ${partner}`,
      paragraphs: [
        `${partner} has canceled the request to sign a statement of work for the products below. You do not need to do anything.`,
      ],
    }),
    evidence_infected: ({ customer }: LetterFacts): LetterWords => ({
      title: `Malware was found in a file of your claim for ${customer}`,
      paragraphs: [
        'The malware scanner found malware in a file that you uploaded as evidence for the products below. The file stays in quarantine: nobody can open it, and it proves nothing.',
        'Upload a clean copy in its place, and check the computer that the file came from.',
      ],
    }),
    statement_signed: ({ customer, at }: LetterFacts): LetterWords => ({
      title: `The statement of work was signed by ${customer}`,
      paragraphs: [
        `On ${at} the signatory of ${customer} signed the statement of work for the products below. It counts as evidence of the claim with this date; no upload is needed.`,
        'The receipt is with the claim.',
      ],
    }),
    signature_declined: ({ customer, at }: LetterFacts): LetterWords => ({
      title: `The statement of work was declined by ${customer}`,
      paragraphs: [
        `On ${at} the signatory of ${customer} declined to sign the statement of work for the products below.`,
        'The claim goes on without it. Talk to the customer before you ask again; you may also upload other evidence.',
      ],
    }),
    signature_expired: ({ customer, at }: LetterFacts): LetterWords => ({
      title: `The request to sign has expired: ${customer} has not answered`,
      paragraphs: [
        `The request to ${customer} to sign the statement of work for the products below ended on ${at} without an answer.`,
        'You may ask again, or upload other evidence.',
      ],
    }),
    signature_forwarded: ({ customer, at }: LetterFacts): LetterWords => ({
      title: `Another person at ${customer} is now asked to sign`,
      paragraphs: [
        `On ${at} the person whom you asked to sign the statement of work passed the request to a colleague at ${customer}. The end of the request stays the same.`,
      ],
    }),
  },
};

export type LetterTexts = typeof lettersEn;
