const activities: Record<string, string> = {
  presales: 'advised you before you bought this product',
  usage: 'helps your organisation adopt and use this product',
  revenue_association: 'influenced your choice of this product',
};

const list = new Intl.ListFormat('en', { type: 'conjunction' });

export const en = {
  languageName: 'English',
  claim: {
    subject: (claimNumber: string, partner: string) => `Claim ${claimNumber}: ${partner} asks to be recorded as your partner`,
    title: (partner: string) => `${partner} asks to be recorded as your partner`,
    lead: (partner: string, partnerId: string, vendor: string) =>
      `${partner} (PartnerID ${partnerId}) has told ${vendor} that it works with your organisation, and asks to be recorded as your partner for the products listed below.`,
    silence: (partner: string) =>
      `You do not need to do anything. Silence means acceptance: if you do not refuse, ${partner} officially becomes your partner for these products when the refusal period ends.`,
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
    heading: 'Until when you may refuse',
    afterDelivery: (days: number) =>
      `You may refuse within ${days} business ${days === 1 ? 'day' : 'days'} after delivery of this message.`,
    expected: (today: string, instant: string) => `If it is delivered today, ${today}, the period ends on ${instant}.`,
    firstDelivery:
      'If several people in your organisation receive this message, the first delivery counts. The page behind your link shows the exact end of the period.',
    openUntil: 'You may refuse until',
    until: 'End of the refusal period',
    notBegun: (days: number) =>
      `The period has not begun. It begins when this notice is delivered, and lasts ${days} business ${days === 1 ? 'day' : 'days'}. You may refuse already now.`,
    ifSilent: 'If you do nothing',
  },
  refuse: {
    heading: 'How to refuse now',
    how: 'Open your link and confirm on the page. No sign-in is needed. You may refuse all products or only some of them, and you need not give a reason.',
    opening: 'Opening the link changes nothing; only your confirmation on the page counts.',
    link: 'Your link',
    personal: 'The link is meant for you: whoever has it can answer for your organisation.',
  },
  later: {
    heading: 'How to end it later',
    how: (email: string) =>
      `Later you may end the association at any time: open the same link, or write to ${email} if the link no longer works. When it ends, the partner’s access stops at once.`,
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
    intro: 'The partner submitted these documents as signed by your organisation. You can check whether you know them.',
    signed: (fileName: string, date: string) => `${fileName}, signed on ${date}`,
    unsigned: (fileName: string) => `${fileName}, date of signature not given`,
  },
  help: {
    heading: 'Questions',
    explanation: 'What a partner of record is, and what it is not',
    contact: (vendor: string) => `Write to ${vendor}`,
    recipient: 'You receive this message because the partner named you as its contact, or because you administer the tenant.',
  },
  form: {
    jump: 'Go to your answer',
    heading: { refuse: 'Your answer', end: 'End the association', mixed: 'Refuse or end' },
    legend: { refuse: 'What do you refuse?', end: 'What do you end?', mixed: 'What do you refuse or end?' },
    one: { refuse: 'Refuse', end: 'End the association', mixed: 'Refuse or end' },
    selected: { refuse: 'Refuse what is selected', end: 'End what is selected', mixed: 'Refuse or end what is selected' },
    all: {
      refuse: (count: number) => `Refuse everything (${count})`,
      end: (count: number) => `End everything (${count})`,
      mixed: (count: number) => `Refuse or end everything (${count})`,
    },
    reason: 'Reason (optional)',
    reasonHint: 'Up to 1,000 characters. Please name no persons.',
    finality: 'Your answer counts from the moment we receive it. You see a receipt on the next page.',
    nothingOpen: 'Nothing is left to answer.',
  },
  state: {
    open: 'open: you may refuse',
    declined: 'refused by your organisation',
    official: 'official: you may end it at any time',
    ended: 'ended',
    canceled: 'withdrawn by the partner',
    other: 'not open for an answer',
  },
  fault: {
    heading: 'Your answer was not sent',
    no_line_selected: 'Select at least one product.',
    reason_too_long: 'Shorten the reason to 1,000 characters.',
    form_expired: 'The page was open for too long. Check your answer and send it again.',
  },
  receipt: {
    title: { declined: 'Your refusal is recorded', ended: 'The association has ended', recorded: 'Your answer is recorded' },
    subject: (claimNumber: string, title: string) => `Claim ${claimNumber}: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
    lead: (partner: string, partnerId: string, customer: string) =>
      `This is the receipt for the answer of ${customer} to the claim of ${partner} (PartnerID ${partnerId}).`,
    receivedAt: 'Received on',
    reference: 'Reference',
    outcomes: 'What your answer did',
    outcome: {
      declined: 'refused in time. No association is made, and the partner sees nothing.',
      ended: 'ended. Your answer came after the refusal period; it ended the association, and the partner’s access has stopped.',
      recorded: 'recorded. Your answer counts from the instant shown above.',
    },
    next: 'You do not need to do anything more. The same link shows this receipt again.',
    notYou: (email: string) => `If nobody in your organisation gave this answer, write to ${email} and quote the reference.`,
    remaining: 'Other products of this claim are still open for your answer.',
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

/** Every text a customer reads. The English catalogue is the measure: one that lacks a text or has another one does not compile. */
export type NoticeTexts = typeof en;
