import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { endReasons } from '#libs/claims/index.js';
import {
  type AnswerWindow,
  type Language,
  type Mail,
  type LetterKind,
  letterKinds,
  type NoticeView,
  renderChoice,
  renderNotice,
  renderLetter,
  textVersion,
} from '#libs/notices/index.js';
import { choiceView, inLanguage, letterView, noticeLine, noticeView, period, renewedLines } from './notices.fixture.js';

const entities: Record<string, string> = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };

/** Returns the text that a reader of the HTML form sees. */
function visible(html: string): string {
  return html
    .replace(/<style>.*<\/style>|<head>.*<\/head>/gs, '')
    .replace(/<[^>]*>/g, '')
    .replace(/&(amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}

function expectInBothForms(letter: Mail, sentences: string[]): void {
  for (const sentence of sentences) {
    expect(letter.text).to.include(sentence);
    expect(visible(letter.html)).to.include(sentence);
  }
}

const facts = [
  'Fabrikam Consulting LLC',
  'PartnerID 0123456',
  'CLM-000123',
  'Contoso Retail',
  'contoso.example, ID 8e0b4f5c-2f6a-4d6b-9c1e-3a4b5c6d7e8f',
  'Dynamics 365 Sales, subscription 51a4b0de-0c7f-4c57-9f64-0a4c4ce0f001',
  'https://claims.northwind.example/n/Zk3vT0kEn_8c',
  'https://northwind.example/partner-of-record',
  'partners@northwind.example',
];

describe('the notice', () => {
  it('says in English who asks for what, the deadline, and what silence means', () => {
    const letter = renderNotice(noticeView());
    expect(letter.subject).to.equal('Claim CLM-000123: Fabrikam Consulting LLC asks to be recorded as your partner');
    expectInBothForms(letter, [
      ...facts,
      'Fabrikam Consulting LLC (PartnerID 0123456) has told Northwind Cloud that it works with your organisation, and asks to be recorded as your partner for the products listed below.',
      'You do not need to do anything. Silence means acceptance: if you do not refuse, Fabrikam Consulting LLC officially becomes your partner for these products when the refusal period ends.',
      'Teams: the partner says that it helps your organisation adopt and use this product',
      'the partner says that it advised you before you bought this product and helps your organisation adopt and use this product',
      'You may refuse within 5 business days after delivery of this message. If it is delivered today, 25 December 2025, the period ends on Friday, 9 January 2026, 23:59 (Europe/Moscow, UTC+03:00).',
      'Open your link and confirm on the page. You do not need to sign in or give a reason.',
      'Once the partner is recorded, you may end this association at any time: open the same link, or write to partners@northwind.example if the link no longer works.',
      'Monthly totals of how much each product listed above is used: active users, paid units, and seats available, assigned and active.',
      'The partner sees nothing else: no other product or subscription, no content such as mail, files or messages, no names and no activity of individual people.',
      'statement-of-work.pdf, signed on 3 December 2025',
      'acceptance.docx, signature date not given',
      'Northwind Cloud records which partners work with its customers in order to recognise their work, to know its partner ecosystem and to improve its programmes.',
    ]);
  });

  it('says the same in Russian, with the words клиент, тенант, заявка, сопоставление and подтверждение выполнения', () => {
    const letter = renderNotice(inLanguage('ru'));
    expect(letter.subject).to.equal('Заявка CLM-000123: Fabrikam Consulting LLC просит о сопоставлении с вашей организацией');
    expectInBothForms(letter, [
      ...facts,
      'Клиент: Contoso Retail',
      'Тенант: contoso.example, ID 8e0b4f5c-2f6a-4d6b-9c1e-3a4b5c6d7e8f',
      'Номер заявки: CLM-000123',
      'Подтверждение выполнения от партнёра',
      'От вас ничего не требуется. Молчание означает согласие: если вы не откажетесь, по окончании срока для отказа партнёр Fabrikam Consulting LLC официально станет вашим партнёром по этим продуктам.',
      'Teams: по словам партнёра, он помогает вашей организации внедрять и использовать этот продукт',
      'Вы можете отказаться в течение 5 рабочих дней после доставки этого сообщения. Если оно будет доставлено сегодня, 25 декабря 2025 г., срок закончится в следующий момент: пятница, 9 января 2026 г., 23:59 (Europe/Moscow, UTC+03:00).',
      'Позже вы можете прекратить сопоставление в любое время',
      'Больше партнёр не увидит ничего: ни других продуктов и подписок, ни содержимого (писем, файлов, сообщений), ни имён и действий отдельных людей.',
      'statement-of-work.pdf, дата подписи: 3 декабря 2025 г.',
      'acceptance.docx, дата подписи не указана',
    ]);
  });

  it('counts in the unit of the programme, in either language', () => {
    const of = (language: 'en' | 'ru', days: number, unit: AnswerWindow['unit'] = 'business_day') =>
      renderNotice(inLanguage(language, { window: { days, unit } })).text;
    expect(of('en', 1)).to.include('within 1 business day after');
    expect(of('en', 7, 'calendar_day'))
      .to.include('within 7 calendar days after')
      .and.not.include('business');
    expect(of('en', 1, 'calendar_day')).to.include('within 1 calendar day after');
    expect(of('en', 30, 'second')).to.include('within 30 seconds after');
    expect(of('ru', 1)).to.include('в течение 1 рабочего дня после');
    expect(of('ru', 2)).to.include('в течение 2 рабочих дней после');
    expect(of('ru', 21)).to.include('в течение 21 рабочего дня после');
    expect(of('ru', 7, 'calendar_day'))
      .to.include('в течение 7 календарных дней после')
      .and.not.include('рабоч');
    expect(of('ru', 11, 'calendar_day')).to.include('в течение 11 календарных дней после');
    expect(of('ru', 31, 'second')).to.include('в течение 31 секунды после');
  });

  it('asks for an answer, not for a refusal, when the claim needs the customer’s acceptance', () => {
    const periods = [period({ consent: 'opt_in' })];
    const english = renderNotice(inLanguage('en', { periods })).text;
    expect(english).to.include('Your deadline for answering\n').and.include('You may accept or refuse within 5 business days');
    expect(english).to.not.match(/you may refuse within/i);
    expect(renderNotice(inLanguage('ru', { periods })).text)
      .to.include('До какого момента можно ответить\n')
      .and.include('Вы можете согласиться или отказаться в течение 5 рабочих дней');
  });

  it('says when the public holidays of the period are not known', () => {
    const periods = [period({ isBeyondCoverage: true })];
    expectInBothForms(renderNotice(noticeView({ periods })), ['The public holidays of that period are not known yet.']);
    expect(renderNotice(inLanguage('ru', { periods })).text).to.include('Праздничные дни на это время ещё не известны.');
    expect(renderNotice(noticeView()).text).not.to.include('public holidays');
    const warning = { kind: 'holder_warning', dueAt: letterView().at, isBeyondCoverage: true } as const;
    expect(renderLetter(letterView(warning)).text).to.include('were not known when this deadline was set; it does not change.');
    expect(renderLetter(letterView({ ...warning, language: 'ru' })).text).to.include('срок не изменится');
  });

  it('names the subscription that a renewal follows', () => {
    const lines = renewedLines().slice(1);
    const letter = renderNotice(noticeView({ lines }));
    expect(letter.subject).to.equal('Claim CLM-000123: Fabrikam Consulting LLC asks to remain your partner for a renewed subscription');
    expectInBothForms(letter, [
      'Your organisation has renewed a subscription for which Fabrikam Consulting LLC (PartnerID 0123456) is recorded with Northwind Cloud as your partner.',
      'this renews Sales (51a4b0de-0c7f-4c57-9f64-0a4c4ce0f001)',
    ]);
    const russian = renderNotice(inLanguage('ru', { lines }));
    expect(russian.subject).to.equal('Заявка CLM-000123: Fabrikam Consulting LLC просит сохранить сопоставление для продлённой подписки');
    expect(russian.text).to.include('это продление подписки Sales (51a4b0de-0c7f-4c57-9f64-0a4c4ce0f001)');
  });

  it('leaves out an unknown deadline and missing evidence', () => {
    const { text } = renderNotice(noticeView({ periods: [period({ closesAt: null })], evidence: [] }));
    expect(text).to.include('You may refuse within 5 business days after delivery of this message.\n');
    expect(text).to.not.match(/delivered today|evidence/);
  });

  it('shows the code of an activity that has no text', () => {
    const { text } = renderNotice(noticeView({ lines: [noticeLine(1, { activities: ['deployment'] })] }));
    expect(text).to.include('Product 1: the partner says that it carries out the activity “deployment”');
  });

  it('fetches nothing and declares its language', () => {
    const { html } = renderNotice(inLanguage('ru'));
    expect(html).to.include('<html lang="ru">');
    expect(html).to.not.match(/<(img|link|script|table|iframe|object)|src=|url\(/i);
    expect([...html.matchAll(/href="([^"]*)"/g)].map(([, address]) => address)).to.deep.equal([
      'https://claims.northwind.example/n/Zk3vT0kEn_8c',
      'https://northwind.example/partner-of-record',
      'mailto:partners@northwind.example',
    ]);
  });

  it('marks an erased document in either language', () => {
    const evidence = [{ fileName: null, signedOn: '2025-12-03' }];
    expect(renderNotice(noticeView({ evidence })).text).to.include('* (erased), signed on 3 December 2025\n');
    expect(renderNotice(noticeView({ ...inLanguage('ru'), evidence })).text).to.include('* (удалено), дата подписи: 3 декабря 2025');
  });

  it('neutralises hostile names', () => {
    const hostile = noticeView({
      partner: { legalName: '<img src=x onerror=1>\r\nBcc: all@victims.example', partnerId: '0123456' },
      evidence: [{ fileName: 'sow\u202Efdp.exe\n\nHow to refuse now', signedOn: null }],
    });
    const letter = renderNotice(hostile);
    expect(letter.subject).to.equal('Claim CLM-000123: <img src=x onerror=1> Bcc: all@victims.example asks to be recorded as your partner');
    expect(letter.text).to.include('* sow fdp.exe How to refuse now, signature date not given\n');
    expect(letter.html).to.include('&lt;img src=x onerror=1&gt; Bcc: all@victims.example');
    expect(letter.html).to.not.include('<img');
  });

  it('does not change its words without a higher text version', () => {
    const views: NoticeView[] = [noticeView(), inLanguage('ru')];
    const letters = (['en', 'ru'] as const).flatMap((language) => [
      renderNotice(inLanguage(language, { periods: [period({ consent: 'opt_in' })], window: { days: 7, unit: 'calendar_day' } })).text,
      renderNotice(inLanguage(language, { lines: renewedLines().slice(1) })).text,
      renderNotice(inLanguage(language, { periods: [period({ isBeyondCoverage: true })] })).text,
      renderLetter(letterView({ kind: 'holder_warning', language, dueAt: letterView().at, isBeyondCoverage: true })).text,
      renderChoice(choiceView({ language })).text,
      ...letterKinds.map(
        (kind) => renderLetter(letterView({ kind, language, dueAt: letterView().at, endsOn: '2026-01-31', daysLeft: 7 })).text,
      ),
      ...renewals.flatMap((isCarriedOver) =>
        (['expiry_notice', 'partner_ended', 'end_receipt'] as const).map(
          (kind) => renderLetter(renewedLetter(kind, isCarriedOver, language)).text,
        ),
      ),
    ]);
    const words = [...views.map((view) => renderNotice(view).text), ...letters].join('\n');
    const digest = createHash('sha256').update(words).digest('hex').slice(0, 16);
    expect({ textVersion, digest }, 'changed words need a higher textVersion').to.deep.equal({
      textVersion: 7,
      digest: '72a88afced09243a',
    });
  });
});

const renewals = ['yes', 'no', 'unless_refused', 'if_accepted'] as const;
const renewedLetter = (kind: LetterKind, isCarriedOver: (typeof renewals)[number], language: Language) =>
  letterView({
    kind,
    language,
    reason: 'subscription_ended',
    isSubscription: true,
    endsOn: '2026-01-31',
    renewal: { target: 'Sales (renewed)', isCarriedOver },
  });

describe('a letter', () => {
  it('counts the days to an end in either language', () => {
    const of = (language: Language, endsOn: string) => renderLetter(letterView({ kind: 'expiry_notice', language, endsOn })).text;
    // The letter is written in the last millisecond of 9 January in Moscow.
    expect(of('en', '2026-01-09')).to.include('ends on 9 January 2026, today.');
    expect(of('en', '2026-01-10')).to.include('ends on 10 January 2026, in 1 day.');
    expect(of('en', '2026-02-08')).to.include('in 30 days.');
    expect(of('ru', '2026-01-09')).to.include('9 января 2026 г., сегодня.');
    expect(of('ru', '2026-01-10')).to.include('через 1 день.');
    expect(of('ru', '2026-01-11')).to.include('через 2 дня.');
    expect(of('ru', '2026-01-16')).to.include('через 7 дней.');
    expect(of('ru', '2026-01-30')).to.include('через 21 день.');
  });

  it('informs either side about the renewal and its outcome, in both languages', () => {
    for (const language of ['en', 'ru'] as const) {
      for (const kind of ['expiry_notice', 'partner_ended'] as const) {
        const letters = renewals.map((isCarriedOver) => renderLetter(renewedLetter(kind, isCarriedOver, language)).text);
        expect(
          letters.every((text) => text.includes('Sales (renewed)')),
          `${kind} ${language}`,
        ).to.equal(true);
        expect(new Set(letters).size, `${kind} ${language}`).to.equal(4);
      }
      const toCustomer = renewals.map((isCarriedOver) => renderLetter(renewedLetter('end_receipt', isCarriedOver, language)).text);
      expect(toCustomer.map((text) => text.includes('Sales (renewed)'))).to.deep.equal([true, false, true, true]);
    }
    expect(renderLetter(renewedLetter('expiry_notice', 'yes', 'en')).subject).to.equal(
      'Claim CLM-000123: your association with Contoso Retail for the old subscription ends on 31 January 2026',
    );
  });

  it('explains how to continue after an end: by renewing the subscription, or by a new claim after a term', () => {
    const of = (isSubscription: boolean) => renderLetter(letterView({ kind: 'expiry_notice', endsOn: '2026-01-31', isSubscription })).text;
    expect(of(true)).to.include('If the customer renews the subscription before that day');
    expect(of(false)).to.include('Its term ends then. To continue, make a new claim.').and.not.include('renew');
  });

  it('warns the holder of a competing claim and gives the deadline, but not the competitor', () => {
    const letter = renderLetter(letterView({ kind: 'holder_warning', dueAt: '2026-01-16T20:59:59.999Z' }));
    expect(letter.subject).to.equal('Claim CLM-000123: another claim competes with your association with Contoso Retail');
    expect(letter.text).to.include('We do not say by whom').and.include('until Friday, 16 January 2026, 23:59 (Europe/Moscow, UTC+03:00)');
  });

  it('never changes the case of a company name, not even in the subject', () => {
    for (const kind of letterKinds) {
      const view = letterView({ kind, dueAt: letterView().at, endsOn: '2026-01-31', daysLeft: 7 });
      const { subject } = renderLetter({ ...view, partner: { ...view.partner, legalName: 'Évora ÉVORA' } });
      expect(subject, kind).to.not.include('évora');
    }
  });

  it('gives either side the reason for every kind of end, in both languages', () => {
    for (const kind of ['end_receipt', 'partner_ended'] as const) {
      for (const language of ['en', 'ru'] as const) {
        const texts = endReasons.map((reason) => renderLetter(letterView({ kind, language, reason })).text);
        const withoutReason = renderLetter(letterView({ kind, language })).text;
        expect(new Set(texts).size, `${kind} ${language}`).to.equal(endReasons.length);
        expect(texts).to.not.include(withoutReason);
      }
    }
  });

  it('names each deadline that the vendor can miss', () => {
    const texts = (['K1', 'K2', 'K3', 'K8'] as const).map(
      (clock) => renderLetter(letterView({ kind: 'escalation', clock, dueAt: letterView().at })).text,
    );
    expect(new Set(texts).size).to.equal(4);
    expect(texts[3]).to.include('The dispute about this claim was not answered in time. It was due by Friday, 9 January 2026, 23:59');
  });

  it('says the same in HTML as in plain text, and escapes foreign markup', () => {
    const letter = renderLetter(
      letterView({ kind: 'expiry_notice', endsOn: '2026-01-31', daysLeft: 7, targets: ['<b>Teams</b>'], url: 'https://x.example/n/1' }),
    );
    expect(letter.html).to.include('&lt;b&gt;Teams&lt;/b&gt;').and.not.include('<b>Teams');
    for (const fact of ['31 January 2026', 'in 22 days', 'CLM-000123', 'letter-1', 'https://x.example/n/1']) {
      expect(letter.text).to.include(fact);
      expect(visible(letter.html)).to.include(fact);
    }
  });
});
