import type { AnswerWindow } from '../notice-view.js';
import { counted, type Forms } from './counted.js';

const activities: Record<string, string> = {
  presales: 'advised you before you bought this product',
  usage: 'helps your organisation adopt and use this product',
  revenue_association: 'influenced your choice of this product',
};

const list = new Intl.ListFormat('en', { type: 'conjunction' });

const units: Record<AnswerWindow['unit'], Forms> = {
  business_day: { one: 'business day', other: 'business days' },
  calendar_day: { one: 'calendar day', other: 'calendar days' },
  second: { one: 'second', other: 'seconds' },
};
export const duration = ({ days, unit }: AnswerWindow): string => counted('en', days, units[unit]);

export const en = {
  languageName: 'English',
  claim: {
    subject: (claimNumber: string, title: string) => `Claim ${claimNumber}: ${title}`,
    title: {
      asked: (partner: string) => `${partner} asks to be recorded as your partner`,
      renewed: (partner: string) => `${partner} asks to remain your partner for a renewed subscription`,
      official: (partner: string) => `${partner} is recorded as your partner`,
      over: (partner: string) => `The claim by ${partner} is closed`,
    },
    lead: (partner: string, partnerId: string, vendor: string) =>
      `${partner} (PartnerID ${partnerId}) has told ${vendor} that it works with your organisation, and asks to be recorded as your partner for the products listed below.`,
    leadRenewed: (partner: string, partnerId: string, vendor: string) =>
      `Your organisation has renewed a subscription for which ${partner} (PartnerID ${partnerId}) is recorded with ${vendor} as your partner. The renewed subscription has a new ID, so we ask you again whether ${partner} remains your partner for it.`,
    renews: (target: string) => `this renews ${target}`,
    silence: (partner: string) =>
      `You do not need to do anything. Silence means acceptance: if you do not refuse, ${partner} officially becomes your partner for these products when the refusal period ends.`,
    onlyWord: (partner: string) =>
      `Nothing happens without your acceptance: ${partner} officially becomes your partner for these products only if somebody in your organisation accepts before the period ends. If you do nothing, the claim lapses.`,
    heading: 'The claim',
    partner: 'Partner',
    partnerWithId: (partner: string, partnerId: string) => `${partner}, PartnerID ${partnerId}`,
    customer: 'Customer',
    tenant: 'Tenant',
    tenantWithId: (domain: string, tenantId: string) => `${domain}, ID ${tenantId}`,
    number: 'Claim number',
    products: 'Products',
    work: (codes: string[]) =>
      `the partner says that it ${list.format(codes.map((code) => activities[code] ?? `carries out the activity “${code}”`))}`,
  },
  period: {
    heading: { opt_out: 'Your deadline for refusing', opt_in: 'Your deadline for answering' },
    afterDelivery: {
      opt_out: (window: AnswerWindow) => `You may refuse within ${duration(window)} after delivery of this message.`,
      opt_in: (window: AnswerWindow) => `You may accept or refuse within ${duration(window)} after delivery of this message.`,
    },
    expected: (today: string, instant: string) => `If it is delivered today, ${today}, the period ends on ${instant}.`,
    beyondCoverage:
      'The public holidays of that period are not known yet. The end of your period is set once, when it begins, and does not change afterwards.',
    firstDelivery:
      'If several people in your organisation receive this message, the period begins with the first delivery. Your link shows exactly when it ends.',
    openUntil: { opt_out: 'You may refuse until', opt_in: 'You may accept or refuse until' },
    until: { opt_out: 'End of the refusal period', opt_in: 'End of the period for your answer' },
    notBegun: {
      opt_out: (window: AnswerWindow) =>
        `The period has not begun. It begins when this notice is delivered and lasts ${duration(window)}. You may already refuse now.`,
      opt_in: (window: AnswerWindow) =>
        `The period has not begun. It begins when this notice is delivered and lasts ${duration(window)}. You may already accept or refuse now.`,
    },
    ifSilent: 'If you do nothing',
  },
  refuse: {
    heading: 'How to refuse now',
    how: 'Open your link and confirm on the page. You do not need to sign in or give a reason. You may refuse all products or only some of them.',
    headingAnswer: 'How to answer now',
    howAnswer:
      'Open your link and confirm on the page. You do not need to sign in or give a reason. You may accept or refuse each product separately.',
    opening: 'Opening the link changes nothing; only your confirmation on the page counts.',
    link: 'Your link',
    personal: 'The link is meant for you: anyone who has it can answer for your organisation.',
  },
  later: {
    heading: 'How to end it later',
    how: (email: string) =>
      `Once the partner is recorded, you may end this association at any time: open the same link, or write to ${email} if the link no longer works. The partner’s access stops as soon as the association ends.`,
  },
  access: {
    heading: 'What the partner will see',
    seen: [
      'Monthly totals of how much each product listed above is used: active users, paid units, and seats available, assigned and active.',
      'For a subscription listed above: its ID, its state, its start and its end.',
      'The name and ID of your tenant, and the date of the association.',
    ],
    nothingElse:
      'The partner sees nothing else: no other product or subscription, no content such as mail, files or messages, no names and no activity of individual people. It sees nothing before the association is official and nothing after it ends. It gets no access to your systems.',
  },
  reason: {
    heading: 'Why we do this',
    text: (vendor: string) =>
      `${vendor} records which partners work with its customers in order to recognise their work, to know its partner ecosystem and to improve its programmes.`,
  },
  evidence: {
    heading: 'The partner’s evidence',
    intro: 'The partner submitted these documents and says that your organisation signed them. Please check whether you recognise them.',
    signed: (fileName: string, date: string) => `${fileName}, signed on ${date}`,
    unsigned: (fileName: string) => `${fileName}, signature date not given`,
  },
  help: {
    heading: 'Questions',
    explanation: 'What a partner of record is, and what it is not',
    more: (vendor: string) => `More about this from ${vendor}`,
    contact: (vendor: string) => `Write to ${vendor}`,
    recipient:
      'You are receiving this message because the partner named you as the contact at your organisation, or because you are an administrator of the tenant.',
  },
  form: {
    heading: { refuse: 'Your answer', end: 'End the association', mixed: 'Refuse or end' },
    legend: {
      refuse: 'Which products is your answer about?',
      end: 'For which products do you want to end the association?',
      mixed: 'Which products is your answer about?',
    },
    acceptOne: 'Accept',
    acceptSelected: 'Accept selected products',
    acceptEffect: {
      opt_out:
        'You do not need to accept: silence has the same effect. Your acceptance is recorded. It does not end the period early, and you may still refuse later; only an administrator of your tenant who signs in can end the period early by accepting.',
      opt_in:
        'Your acceptance is recorded and takes effect when the period ends. You may still refuse later; only an administrator of your tenant who signs in can end the period early by accepting.',
    },
    block: (partner: string) => `Also refuse all future claims by ${partner}`,
    blockHint: 'An administrator of your tenant can lift this later.',
    blockForRefusal: 'Only together with a refusal.',
    isBlocked: (partner: string) => `Your organisation has blocked further claims by ${partner}.`,
    one: { refuse: 'Refuse', end: 'End the association', mixed: 'Refuse or end' },
    selected: { refuse: 'Refuse selected products', end: 'End for selected products', mixed: 'Refuse or end for selected products' },
    all: {
      refuse: (count: number) => `Refuse all (${count})`,
      end: (count: number) => `End for all (${count})`,
      mixed: (count: number) => `Refuse or end for all (${count})`,
    },
    reason: { refuse: 'Reason for refusing (optional)', end: 'Reason for ending it (optional)', mixed: 'Reason (optional)' },
    reasonHint: 'Up to 1,000 characters. Please do not name anyone.',
    reasonForRefusal: 'Leave it empty if you accept.',
    finality: 'Your answer counts from the moment we receive it. The next page shows your receipt.',
  },
  state: {
    open: 'open: you may answer',
    accepted: 'accepted by your organisation: you may still refuse',
    declined: 'refused by your organisation',
    official: 'official: you may end it at any time',
    ended: 'ended',
    canceled: 'withdrawn by the partner',
    other: 'not open for an answer',
  },
  fault: {
    heading: 'Your answer was not recorded',
    no_action: 'Your answer does not say what to do. Press one of the buttons to refuse, end or accept.',
    no_line_selected: 'Select at least one product.',
    line_unknown: 'Your answer names a product that is not on this page. Select the product you mean from the list.',
    nothing_to_accept: 'What you selected is already official. To accept, select a product that is still open.',
    block_with_acceptance: 'You ticked the box that blocks the partner, which is only possible with a refusal. To accept, clear the box.',
    reason_with_acceptance: 'You gave a reason, which is not possible with an acceptance. To accept, clear the reason.',
    reason_too_long: 'Shorten the reason to 1,000 characters.',
    form_garbled: 'Part of your answer did not arrive correctly. Check it and send it again.',
    form_expired: 'The page was open for too long. Check your answer and send it again.',
  },
  receipt: {
    title: {
      declined: 'Your refusal is recorded',
      ended: 'The association has ended',
      accepted: 'Your acceptance is recorded',
      recorded: 'Your answer is recorded',
    },
    earlier: 'Your earlier answer',
    lead: (partner: string, partnerId: string, customer: string) =>
      `This is the receipt for the answer that ${customer} gave to the claim by ${partner} (PartnerID ${partnerId}).`,
    receivedAt: 'Received on',
    reference: 'Reference',
    outcomes: 'What your answer did',
    outcome: {
      declined: 'refused in time. The partner is not recorded and sees nothing.',
      ended: 'ended. Your answer came after the refusal period; it ended the association, and the partner’s access has stopped.',
      accepted: 'accepted. This does not end the period early; you may still refuse, or end the association later.',
      recorded: 'recorded. Your answer counts from the time shown above.',
    },
    next: 'You do not need to do anything more. To see this receipt again, open the same link.',
    notYou: (email: string) => `If nobody in your organisation gave this answer, write to ${email} and quote the reference.`,
    remaining: 'You can still answer for these products.',
  },
  choice: {
    subject: (product: string) => `Which partner do you want for ${product}?`,
    title: (product: string) => `Which partner do you want for ${product}?`,
    lead: (vendor: string, customer: string, product: string) =>
      `More than one partner has told ${vendor} that it works with ${customer} on ${product}. Only one of them can be recorded as your partner. Your choice takes precedence over everything else.`,
    silence: (vendor: string) =>
      `You do not need to do anything. If you do not choose, ${vendor} decides by the newest document that your organisation has signed.`,
    partners: 'The partners',
    partner: (partner: string, partnerId: string) => `${partner}, PartnerID ${partnerId}`,
    isHolder: 'currently recorded as your partner',
    how: 'Open your link and choose on the page. You do not need to sign in or give a reason.',
    afterwards: 'If you choose a partner other than the current one, we notify you before anything changes, and you may still refuse then.',
    tenant: 'Tenant',
    product: 'Product',
    heading: 'Your choice',
    legend: 'Which of these partners works with you?',
    button: 'Choose this partner',
    finality: 'You may change your mind until the decision is made; your latest choice counts.',
    chosen: (partner: string) => `Your choice is recorded: ${partner}`,
    chosenAgain: 'Change your choice',
    closed: 'The decision has been made, so a choice no longer has any effect. You may end an association at any time.',
    reason: 'Reason (optional)',
    fault: 'Select one of the partners.',
    receivedAt: 'Received on',
    reference: 'Reference',
  },
  unknownLink: {
    title: 'This link is not valid',
    text: 'It may have expired, or part of it may be missing. Open the link from the latest message you received, or write to the address given in that message.',
  },
  unavailable: {
    title: 'We cannot answer right now',
    text: 'If you sent an answer, it was not recorded. Please try again in a few minutes with the same link.',
  },
};

/** Every text of notices and of the customer's pages. Another language compiles only with exactly these texts. */
export type NoticeTexts = typeof en;
