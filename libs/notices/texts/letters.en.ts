import type { LetterFacts, LetterWords, Renewal } from '../letter-view.js';
import { counted } from './counted.js';

/** Why an association ended, for either side. Who took a partner's place is told to nobody. */
const endings: Record<string, string> = {
  customer_revoked: 'The customer ended it.',
  partner_disassociated: 'The partner ended it.',
  subscription_ended: 'The subscription has ended.',
  superseded: 'After a decision between several partners, another partner is recorded in its place.',
  transferred: 'It was moved to another office of the same partner.',
  vendor_revoked: 'The vendor ended it.',
  enrolment_lost: 'The partner’s office no longer takes part in the programme.',
  term_expired: 'Its term is over.',
};

const late: Record<string, string> = {
  K1: 'The review of this claim has not begun in time.',
  K2: 'The review of this claim was not decided in time.',
  K3: 'This claim was not decided in time.',
  K8: 'The dispute about this claim was not answered in time.',
};

const ending = (reason: string | null): string => endings[reason ?? ''] ?? '';

const inDays = (days: number): string => (days === 0 ? 'today' : `in ${counted('en', days, { one: 'day', other: 'days' })}`);

/** What the partner is told of a renewal. */
const carriedOver: Record<Renewal['isCarriedOver'], (target: string) => string> = {
  yes: (target) => `The customer has renewed the subscription as ${target}. Your association goes on with it and is official already.`,
  no: (target) =>
    `The customer has renewed the subscription as ${target}, but your association does not go on with it; the claim says why.`,
  unless_refused: (target) =>
    `The customer has renewed the subscription as ${target}, and was asked about it: your association goes on with it unless the customer refuses.`,
  if_accepted: (target) =>
    `The customer has renewed the subscription as ${target}, and was asked about it: your association goes on with it only if the customer accepts.`,
};

/** What the customer is told of its renewal. */
const stillYours: Record<Renewal['isCarriedOver'], (target: string) => string | null> = {
  yes: (target) => `For your renewed subscription, ${target}, the same partner is recorded; you may end that at any time.`,
  no: () => null,
  unless_refused: (target) =>
    `About your renewed subscription, ${target}, you are asked separately: your link shows until when you may refuse.`,
  if_accepted: (target) =>
    `About your renewed subscription, ${target}, you are asked separately: your link shows until when you may accept.`,
};

const isGoingOn = (renewal: Renewal | null): boolean => renewal !== null && renewal.isCarriedOver !== 'no';
const told = (sentence: string | null): string[] => (sentence === null ? [] : [sentence]);

export const lettersEn = {
  number: 'Claim number',
  partner: 'Partner',
  customer: 'Customer',
  beyondCoverage: 'The public holidays of that time were not known when this deadline was set; it stays as it is.',
  products: 'Products',
  reference: 'Reference',
  link: 'Your link',
  subject: (claimNumber: string, title: string) => `Claim ${claimNumber}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
  questions: (vendor: string, email: string) => `Questions? Write to ${vendor} at ${email} and quote the reference.`,
  letters: {
    acceptance_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: 'Your organisation’s acceptance is recorded',
      says: [
        `On ${at} your organisation accepted the claim of ${partner} for the products below.`,
        'You may still refuse, and you may end the association at any time later. You do not need to do anything more.',
      ],
    }),
    refusal_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: 'Your organisation’s refusal is recorded',
      says: [
        `On ${at} your organisation refused the claim of ${partner} for the products below.`,
        `No association is made, and ${partner} sees nothing. You do not need to do anything more.`,
      ],
    }),
    end_receipt: ({ partner, at, reason, renewal }: LetterFacts): LetterWords => ({
      title: `Your organisation’s association with ${partner} has ended`,
      says: [
        `The association with ${partner} for the products below ended on ${at}. ${ending(reason)}`,
        'The partner’s access to their figures stopped at that instant. You do not need to do anything.',
        ...(renewal === null ? [] : told(stillYours[renewal.isCarriedOver](renewal.target))),
      ],
    }),
    transfer_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: `Another office of ${partner} now works with you`,
      says: [
        `On ${at} the association for the products below was moved to another office of the same company, ${partner}.`,
        'What the partner may see has not changed. You may end the association at any time. You do not need to do anything.',
      ],
    }),
    withdrawal_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: `The claim of ${partner} is withdrawn`,
      says: [
        `On ${at} ${partner} withdrew its claim for the products below, of which your organisation was told.`,
        `No association is made, and ${partner} sees nothing. You do not need to do anything.`,
      ],
    }),
    expiry_notice: ({ customer, endsOn, daysLeft, isSubscription, renewal }: LetterFacts): LetterWords => ({
      title: isGoingOn(renewal)
        ? `Your association with ${customer} for the old subscription ends on ${endsOn}`
        : `Your association with ${customer} ends on ${endsOn}`,
      says: [
        `The association for the products below ends on ${endsOn}, ${inDays(daysLeft)}. At the end of that day your access to their figures stops.`,
        renewal !== null
          ? carriedOver[renewal.isCarriedOver](renewal.target)
          : isSubscription
            ? 'If the customer renews the subscription before that day and the vendor’s directory links the two, the association is carried over by itself, and the customer is asked again. Otherwise you may make a new claim.'
            : 'Its term is over then. To go on, make a new claim.',
      ],
    }),
    holder_warning: ({ customer, dueAt }: LetterFacts): LetterWords => ({
      title: `A claim competes with your association with ${customer}`,
      says: [
        'Another claim has been made for the products below, on which you are recorded as the partner. We do not say by whom. Your association stays as it is until a decision.',
        ...(dueAt === null ? [] : [`You may add evidence until ${dueAt}: the newest evidence signed by the customer counts.`]),
        'You are not obliged to do anything. After that time the decision is made on what is on file.',
      ],
    }),
    partner_ended: ({ customer, at, reason, renewal }: LetterFacts): LetterWords => ({
      title: `Your association with ${customer} has ended`,
      says: [
        `The association for the products below ended on ${at}. ${ending(reason)}`,
        'Your access to their figures stopped at that instant.',
        ...(renewal === null ? [] : [carriedOver[renewal.isCarriedOver](renewal.target)]),
      ],
    }),
    information_request: ({ customer, reasons, dueAt }: LetterFacts): LetterWords => ({
      title: `Your claim for ${customer} needs more information`,
      says: [
        `A reviewer has looked at the claim for the products below and asks for more: ${reasons.join('; ')}.`,
        'Add what is missing and submit the claim again. A comment alone is not an answer. The history of the claim has what the reviewer wrote.',
        ...(dueAt === null ? [] : [`You have until ${dueAt}. Without an answer by then the claim is rejected.`]),
      ],
    }),
    rejection: ({ customer, at, reason, dueAt }: LetterFacts): LetterWords => ({
      title: `Your claim for ${customer} was rejected`,
      says: [
        `On ${at} the claim for the products below was rejected. Reason: ${reason}.`,
        dueAt === null
          ? 'This cannot be disputed. You may make a new claim with updated evidence.'
          : `You may dispute it once, until ${dueAt}, with a statement, new evidence, or both. After that you may make a new claim.`,
        'The history of the claim has what the reviewer wrote.',
      ],
    }),
    refused_target: ({ customer, at }: LetterFacts): LetterWords => ({
      title: `Your claim for ${customer} is closed: the customer has refused your company`,
      says: [
        `On ${at} ${customer} refused your company the products below, by another of your claims. That closes this claim for them too.`,
        'A customer’s refusal cannot be disputed. You may make a new claim once the waiting period is over, unless the customer has blocked your company; the customer is asked again then.',
      ],
    }),
    notice_failure: ({ customer, at }: LetterFacts): LetterWords => ({
      title: `The notice to ${customer} has reached nobody`,
      says: [
        `By ${at} no mail about the products below had reached ${customer}.`,
        'No period runs and nothing becomes official until the partner has corrected the contact’s address, or the notice is sent again.',
      ],
    }),
    escalation: ({ clock, dueAt }: LetterFacts): LetterWords => ({
      title: 'A deadline of the vendor has passed',
      says: [
        `${late[clock ?? ''] ?? ''} It was due by ${dueAt}.`,
        'Nothing was approved or rejected because of it: the claim waits for a reviewer. The report of breaches lists everything that is late.',
      ],
    }),
  },
};

export type LetterTexts = typeof lettersEn;
