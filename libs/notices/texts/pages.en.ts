import type { SealVerdict } from '#libs/receipts/index.js';
import type { AnswerPeriod, AnswerWindow } from '../notice-view.js';
import { counted } from './counted.js';
import { duration } from './notices.en.js';

type Consent = AnswerPeriod['consent'];

/** What the pages say beyond the words of the mails. */
export const pagesEn = {
  standing: {
    closing: {
      title: 'The period for your answer is over',
      text: {
        opt_out: (partner: string) =>
          `${partner} is about to be recorded as your partner for the products that nobody in your organisation has refused. If you do not want that, end it now with the form below.`,
        opt_in: () =>
          'The claim lapses for every product that nobody in your organisation has accepted. You may still refuse what was accepted.',
      } satisfies Record<Consent, (partner: string) => string>,
    },
    official: () =>
      'The period for refusing is over. You may end the association at any time and need not give a reason. The partner’s access then stops at once.',
    ended: {
      title: (partner: string) => `${partner} is no longer recorded as your partner`,
      text: 'The association has ended, and the partner’s access has stopped. You do not need to do anything.',
    },
    withdrawn: {
      title: (partner: string) => `${partner} has withdrawn its claim`,
      text: 'The partner is not recorded as your partner by this claim and sees nothing. You do not need to do anything.',
    },
    refused: {
      title: 'Your organisation has refused this claim',
      text: (email: string) =>
        `Somebody in your organisation has refused it. The partner is not recorded as your partner by this claim and sees nothing. If that was a mistake, write to ${email}.`,
    },
    settled: {
      text: 'This claim does not wait for an answer from you. Below you see what is now true for each product. You do not need to do anything.',
    },
    replaced:
      'We have sent a newer notice about this claim to other people in your organisation. This page shows the deadline of the newer notice, and your answer here counts as well.',
  },
  brief: {
    silence: {
      opt_out: (partner: string) =>
        `Silence means acceptance: ${partner} officially becomes your partner for these products when the period ends.`,
      opt_in: () => 'Nothing happens without your acceptance: the claim lapses when the period ends.',
    } satisfies Record<Consent, (partner: string) => string>,
    seen: 'What the partner will see',
    text: 'Monthly totals of how these products are used. No content, no names, no access to your systems.',
    more: 'Exactly what the partner will see',
    sees: 'What the partner sees',
  },
  details: 'Details',
  /** The question where the answer is about one product. */
  question: {
    opt_out: (partner: string) => `Do you want to refuse ${partner} as your partner for this product?`,
    opt_in: (partner: string) => `Do you accept ${partner} as your partner for this product?`,
    end: 'Do you want to end the association for this product?',
  },
  extras: {
    summary: (partner: string) => `Give a reason, or refuse every future claim by ${partner}`,
    reasonOnly: 'Give a reason',
  },
  calendar: {
    add: 'Add the deadline to your calendar',
    hint: 'The entry holds no link for answering, so you may share it.',
    summary: {
      opt_out: (partner: string) => `Last moment to refuse: ${partner} as partner of record`,
      opt_in: (partner: string) => `Last moment to answer: ${partner} as partner of record`,
    } satisfies Record<Consent, (partner: string) => string>,
    how: 'To answer, open the link in the message that you received about this claim.',
    reminder: (summary: string) => `Tomorrow or on the next business day: ${summary}`,
  },
  share: {
    heading: 'Show it to a colleague, or print it',
    text: 'There is a copy of this page for reading. Nobody can answer with it, so you may pass its address on. Opening it changes nothing.',
    mail: 'Write to a colleague',
    open: 'Open the copy for reading or printing',
    answer: 'If a colleague should answer instead of you, forward the message that you received: whoever has your own link can answer.',
    subject: (title: string) => `For your information: ${title}`,
    body: (title: string, url: string) =>
      `${title}.\n\nThis copy shows the details. It is for reading only: nobody can answer with it.\n\n${url}\n`,
  },
  copy: {
    heading: 'A copy for reading',
    text: 'Nobody can answer on this page. If your organisation should answer, tell the person who sent you this copy, or an administrator of your tenant.',
    asOf: 'As of',
    claim: 'Claim',
  },
  explanation: {
    title: 'What a partner of record is',
    lead: (vendor: string) =>
      `${vendor} records which partner works with a customer on a product. That partner is the customer’s partner of record for the product.`,
    programme: (name: string, version: number) => `Programme “${name}”, version ${version}.`,
    is: {
      heading: 'What it is, and what it is not',
      items: [
        'It is a record that a partner helps you with a product: it advised you before the purchase, or it helps your organisation use the product.',
        'A partner asks for it. You are told before it takes effect, and you may refuse.',
        'It gives the partner no access to your systems and no right to act for you.',
        'It does not change your contracts, your prices or your licences.',
      ],
    },
    ask: {
      heading: 'How you are asked',
      who: 'We write to the contact whom the partner named and always to the administrators of your tenant. Each of them may refuse.',
      window: (window: AnswerWindow, calendar: string, zone: string) =>
        `You may answer within ${duration(window)} after the message is delivered. Business days and the time of day follow the calendar “${calendar}” (${zone}). The message and its page show the exact end.`,
      silence: {
        opt_out: 'If you do nothing, the partner is recorded when the period ends.',
        opt_in: 'If you do nothing, the claim lapses: the partner is recorded only if somebody in your organisation accepts.',
      } satisfies Record<Consent, string>,
      publicSector: {
        opt_out: 'For organisations of the public sector: if you do nothing, the partner is recorded when the period ends.',
        opt_in: 'For organisations of the public sector: without your acceptance, the claim lapses.',
      } satisfies Record<Consent, string>,
      how: 'To refuse, open the link in the message. You need no account and no reason. You may refuse one product and leave another.',
      coolDown: (days: number) =>
        `After your refusal the same partner cannot claim the same product for ${duration({ days, unit: 'calendar_day' })}.`,
      evidence: {
        names: 'You see the names of the documents that the partner submitted, and when your organisation signed them.',
        full: 'You can open the documents that the partner submitted and that your organisation signed.',
      },
    },
    access: {
      heading: 'What the partner sees',
      text: 'From the month in which the association begins, and for the associated products only, the partner can read these monthly figures:',
      columns: 'Columns',
      executive: 'only for persons whom the partner has appointed for it',
      suppressed: (below: number) => `A count of people below ${below} is not shown.`,
      baseline: 'The month before the association is shown as well, for comparison.',
      after: {
        nothing: 'When the association ends, the partner can no longer read anything, including earlier months.',
        months_of_tenure: 'When the association ends, the partner can still read the months in which it was associated, and no later one.',
      },
      log: 'Every reading is recorded. An administrator of your tenant can see who read what and when.',
    },
    never: {
      heading: 'What the partner never sees',
      items: [
        'other products or subscriptions of your organisation',
        'content, such as mail, files or messages',
        'names of your people, or what a single person does',
        'anything before the association is official',
        'names or documents of other partners that claim the same product',
      ],
    },
    end: {
      heading: 'How to end it',
      text: 'At any time, without a reason: open the link in the message that you received, or sign in as an administrator of your tenant. The partner’s access stops at once. Both you and the partner get a message.',
      subscription: 'An association with a subscription ends when the subscription expires.',
      term: (months: number) => `An association with a product ends after ${counted('en', months, { one: 'month', other: 'months' })}.`,
    },
    rivals: {
      heading: 'If several partners claim the same product',
      text: (vendor: string) => `Only one partner can be recorded for a product. ${vendor} decides in this order:`,
      items: [
        'your choice, if you make one',
        'the newest valid document that your organisation has signed',
        'the partner that is recorded already',
        'the partner that claimed first',
      ],
      after: 'Whoever is chosen, you are asked before anything changes, and you may still refuse. Until then the present partner stays.',
    },
    products: {
      heading: 'Which products can be claimed',
      unit: { workload: 'for the whole tenant', subscription: 'for each subscription' },
    },
    help: {
      heading: 'Questions',
      write: (vendor: string) => `Write to ${vendor}`,
      page: (vendor: string) => `More about this from ${vendor}`,
    },
    index: { title: 'Programmes', text: 'Each programme has a page that explains to customers what a partner of record is.' },
    unknown: {
      title: 'There is no such page',
      text: 'The address may be incomplete. Here are the pages that exist:',
      list: 'All programmes',
    },
    sets: {
      workload_usage: 'Workload usage',
      seats: 'Seats of subscriptions',
      business_applications_usage: 'Usage of Business Applications',
      teams_detail: 'Teams meetings, calls and phone',
      ems_detail: 'Enterprise Mobility and Security by service',
      aggregates: 'Recognised revenue, seats and users',
    } as Record<string, string>,
  },
  fileCheck: {
    title: 'Check a receipt',
    lead: 'Choose the PDF that you received. We check its seal and do not keep the file.',
    file: 'Receipt (PDF, up to 1 MB)',
    check: 'Check',
    sealedBy: (subject: string) => `Sealed by: ${subject}`,
    fingerprint: 'SHA-256 fingerprint of the certificate',
    faults: { no_file: 'No file arrived. Choose a PDF.', too_large: 'The file is larger than 1 MB. A receipt is smaller.' },
    verdicts: {
      genuine: { title: 'The receipt is genuine', text: 'We sealed this file, and nothing in it has been changed or added since.' },
      other_seal: {
        title: 'This is not our seal',
        text: 'The file has not been changed since it was sealed, but somebody else sealed it. Do not take it for one of our receipts.',
      },
      added_to: {
        title: 'Something was added to this file',
        text: 'It was added after the file was sealed, so what you see may differ from what was sealed. Ask for a new copy.',
      },
      changed: {
        title: 'This file was changed',
        text: 'It is not the file that was sealed, or a part of it is missing. Ask for a new copy.',
      },
      unsealed: { title: 'This file has no seal', text: 'It is a PDF without a seal, so it proves nothing.' },
      not_a_pdf: { title: 'This file is not a PDF', text: 'Receipts are PDF files. A photo or a print cannot be checked here.' },
    } satisfies Record<SealVerdict, { title: string; text: string }>,
  },
  start: {
    title: 'cpor: claiming partner of record',
    lead: 'Partners claim that they work with a customer on a product. A reviewer checks the claim, and the customer is asked before anything takes effect.',
    places: 'Where to go',
    console: { name: 'Console', text: 'Sign in as a partner, a reviewer, the vendor or an administrator of a customer.' },
    explanation: { name: 'For customers', text: 'What a partner of record is, what the partner sees, how to refuse and how to end it.' },
    docs: { name: 'API reference', text: 'Every operation, for programmers.' },
    openapi: { name: 'OpenAPI document', text: 'The same for tools.' },
    health: { name: 'State of the service', text: 'Whether it is ready, and what it waits for.' },
    customer: 'Have you received a message about a claim? Open the link in that message: it leads to your own page, without signing in.',
    sandbox: {
      heading: 'This is a sandbox',
      text: 'Nothing here is real: the data is sample data, mail stays on this machine, and the clock can be moved. In the console choose “Sign in as …” and pick one of the sample people.',
      mailbox: { name: 'Mailbox', text: 'Every message that was sent, with the links of customers.' },
      temporal: { name: 'Temporal', text: 'The workflows of the claims.' },
    },
  },
};

export type PageTexts = typeof pagesEn;
