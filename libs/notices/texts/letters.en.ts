import type { LetterFacts, LetterWords } from '../letter-view.js';

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

export const lettersEn = {
  number: 'Claim number',
  partner: 'Partner',
  customer: 'Customer',
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
    end_receipt: ({ partner, at, reason }: LetterFacts): LetterWords => ({
      title: `Your organisation’s association with ${partner} has ended`,
      says: [
        `The association with ${partner} for the products below ended on ${at}. ${ending(reason)}`,
        'The partner’s access stopped at that instant. You do not need to do anything.',
      ],
    }),
    transfer_receipt: ({ partner, at }: LetterFacts): LetterWords => ({
      title: `Another office of ${partner} now works with you`,
      says: [
        `On ${at} the association for the products below was moved to another office of the same company, ${partner}.`,
        'What the partner may see has not changed. You may end the association at any time. You do not need to do anything.',
      ],
    }),
    expiry_notice: ({ customer, endsOn, daysLeft }: LetterFacts): LetterWords => ({
      title: `Your association with ${customer} ends on ${endsOn}`,
      says: [
        `The association for the products below ends on ${endsOn}; days left: ${daysLeft}. Your access stops at that moment.`,
        'If the customer renews its subscription, see to it that the renewal is recorded. Otherwise you may make a new claim.',
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
    partner_ended: ({ customer, at, reason }: LetterFacts): LetterWords => ({
      title: `Your association with ${customer} has ended`,
      says: [
        `The association for the products below ended on ${at}. ${ending(reason)}`,
        'Your access to its figures stopped at that instant.',
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
