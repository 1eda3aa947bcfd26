import { createHash } from 'node:crypto';
import { expect } from 'chai';
import {
  languageOf,
  type NoticeLine,
  type NoticeView,
  pageHeaders,
  renderChoiceCopy,
  renderChoicePage,
  renderNoticeCopy,
  renderNoticePage,
  renderReceiptPage,
  renderUnavailablePage,
  renderUnknownLinkPage,
} from '#libs/notices/index.js';
import { choiceView, inLanguage, noticeLine, noticeView, period, receipt, renewedLines } from './notices.fixture.js';

const form = { formToken: 'form-token' };
const render = (changes: Partial<NoticeView> = {}) => renderNoticePage(noticeView(changes), form);
const count = (markup: string, pattern: RegExp) => markup.match(pattern)?.length ?? 0;

describe('the notice page', () => {
  it('shows who claims what, the recorded deadline, and what silence means', () => {
    const markup = render();
    for (const fact of [
      '<html lang="en">',
      '<h1>Fabrikam Consulting LLC asks to be recorded as your partner</h1>',
      '<dd>Fabrikam Consulting LLC, PartnerID 0123456</dd>',
      '<dd>contoso.example, ID 8e0b4f5c-2f6a-4d6b-9c1e-3a4b5c6d7e8f</dd>',
      '<dt>You may refuse until</dt>',
      '<time datetime="2026-01-09T20:59:59.999Z">Friday, 9 January 2026, 23:59 (Europe/Moscow, UTC+03:00)</time>',
      'Silence means acceptance: Fabrikam Consulting LLC officially becomes your partner',
      'The partner sees nothing else: no other product or subscription',
      '<li>statement-of-work.pdf, signed on 3 December 2025</li>',
      '<a href="?lang=ru" hreflang="ru" lang="ru">Русский</a>',
    ]) {
      expect(markup).to.include(fact);
    }
  });

  it('says the same in Russian', () => {
    const markup = renderNoticePage(inLanguage('ru'), form);
    for (const fact of [
      '<html lang="ru">',
      '<h1>Fabrikam Consulting LLC просит о сопоставлении с вашей организацией</h1>',
      '<dt>Клиент</dt><dd>Contoso Retail</dd>',
      '<dt>Тенант</dt><dd>contoso.example, ID 8e0b4f5c-2f6a-4d6b-9c1e-3a4b5c6d7e8f</dd>',
      '<dt>Последний момент для отказа</dt>',
      '<time datetime="2026-01-09T20:59:59.999Z">пятница, 9 января 2026 г., 23:59 (Europe/Moscow, UTC+03:00)</time>',
      'Молчание означает согласие',
      '<a href="?lang=en" hreflang="en" lang="en">English</a>',
    ]) {
      expect(markup).to.include(fact);
    }
  });

  it('preselects a single line, but none of several', () => {
    expect(count(render({ lines: [noticeLine(1)] }), / checked>/g)).to.equal(1);
    expect(count(render(), / checked>/g)).to.equal(0);
    expect(count(render(), /type="checkbox" name="line"/g)).to.equal(2);
  });

  it('offers to refuse all lines at once, after the button that Enter presses', () => {
    const buttons = (markup: string) =>
      [...markup.matchAll(/<button name="scope" value="(\w+)"[^>]*>([^<]*)</g)].map(([, scope, label]) => [scope, label]);
    expect(buttons(render())).to.deep.equal([
      ['selected', 'Refuse selected products'],
      ['all', 'Refuse all (2)'],
      ['accept', 'Accept selected products'],
    ]);
    expect(buttons(render({ lines: [noticeLine(1)] }))).to.deep.equal([
      ['selected', 'Refuse'],
      ['accept', 'Accept'],
    ]);
    expect(buttons(render({ lines: [noticeLine(1, { isAccepted: true })] }))).to.deep.equal([['selected', 'Refuse']]);
    expect(buttons(render({ lines: [noticeLine(1, { state: 'official' })] }))).to.deep.equal([['selected', 'End the association']]);
  });

  it('says that nothing happens without acceptance when the claim needs it, and offers acceptance first', () => {
    const markup = render({ periods: [period({ consent: 'opt_in' })], lines: [noticeLine(1)] });
    expect(markup).to.include('Nothing happens without your acceptance').and.include('takes effect when the period ends');
    expect(markup).to.not.include('Silence means acceptance').and.not.include('silence has the same effect');
    expect([...markup.matchAll(/<button name="scope" value="(\w+)"/g)].map(([, scope]) => scope)).to.deep.equal(['accept', 'selected']);
  });

  it('offers to block the partner until it is blocked', () => {
    expect(render()).to.include('name="block"').and.include('Also refuse all future claims by Fabrikam Consulting LLC');
    const blocked = render({ isPartnerBlocked: true });
    expect(blocked).to.not.include('name="block"');
    expect(blocked).to.include('Your organisation has blocked further claims by Fabrikam Consulting LLC.');
  });

  it('asks the customer to clear the block before accepting', () => {
    const options = { ...form, fault: 'block_with_acceptance' as const, entered: { lines: [1], reason: '', isBlocking: true } };
    const markup = renderNoticePage(noticeView(), options);
    expect(markup).to.include('href="#block"');
    expect(markup).to.match(/id="block" value="yes" checked aria-invalid="true" aria-describedby="block-hint block-fault"/);
  });

  it('offers to end official lines and leaves settled lines out', () => {
    const markup = render({
      lines: (['open', 'official', 'declined', 'ended', 'canceled', 'other'] as const).map((state, index) =>
        noticeLine(index + 1, { state }),
      ),
    });
    expect([...markup.matchAll(/name="line" id="[^"]*" value="(\d)"/g)].map(([, line]) => line)).to.deep.equal(['1', '2']);
    expect(markup).to.include(
      '<button name="scope" value="all" class="second" aria-describedby="finality">Refuse or end for all (2)</button>',
    );
  });

  it('shows no form when nothing is left to answer', () => {
    const markup = render({ lines: [noticeLine(1, { state: 'declined' })] });
    expect(markup).to.include('The partner is not recorded as your partner by this claim and sees nothing.');
    expect(markup).to.not.match(/<form|form-token|Silence means acceptance/);
  });

  it('warns next to a deadline that its public holidays were not known', () => {
    const markup = render({ periods: [period({ isBeyondCoverage: true })] });
    expect(markup).to.include('<dd>The public holidays of that period are not known yet.');
    expect(render({})).not.to.include('public holidays');
  });

  it('says that the period has not begun when there is no deadline yet, in the unit of the programme', () => {
    const periods = [period({ closesAt: null })];
    const markup = render({ periods });
    expect(markup).to.include(
      'The period has not begun. It begins when this notice is delivered and lasts 5 business days. You may already refuse now.',
    );
    expect(markup).to.not.include('<time');
    expect(render({ periods, window: { days: 1, unit: 'calendar_day' } })).to.include('and lasts 1 calendar day.');
    const russian = [1, 2, 5, 21].map(
      (days) =>
        /и продлится ([^.]*)\./.exec(renderNoticePage(inLanguage('ru', { periods, window: { days, unit: 'business_day' } }), form))?.[1],
    );
    expect(russian).to.deep.equal(['1 рабочий день', '2 рабочих дня', '5 рабочих дней', '21 рабочий день']);
  });

  it('asks about a renewal next to the official line and accepts an answer for either', () => {
    const markup = render({ lines: renewedLines(), periods: [period({ lines: [2] })] });
    expect(markup).to.include('<h1>Fabrikam Consulting LLC asks to remain your partner for a renewed subscription</h1>');
    expect(markup).to.include('this renews Sales (51a4b0de-0c7f-4c57-9f64-0a4c4ce0f001)<span class="state">open: you may answer</span>');
    expect(markup).to.include('<dt>You may refuse until: Sales (51a4b0de-0c7f-4c57-9f64-0a4c4ce0f002)</dt>');
    expect([...markup.matchAll(/name="line" id="[^"]*" value="(\d)"/g)].map(([, line]) => line)).to.deep.equal(['1', '2']);
    expect(markup).to.include('Refuse or end for all (2)');
  });

  for (const { language, titles } of [
    {
      language: 'en',
      titles: [
        'Fabrikam Consulting LLC is recorded as your partner',
        'Fabrikam Consulting LLC is no longer recorded as your partner',
        'Fabrikam Consulting LLC has withdrawn its claim',
        'Your organisation has refused this claim',
        'The claim by Fabrikam Consulting LLC is closed',
      ],
    },
    {
      language: 'ru',
      titles: [
        'Fabrikam Consulting LLC: сопоставление с вашей организацией действует',
        'Fabrikam Consulting LLC: сопоставление прекращено',
        'Fabrikam Consulting LLC: партнёр отозвал заявку',
        'Ваша организация отказалась от этой заявки',
        'Заявка партнёра Fabrikam Consulting LLC закрыта',
      ],
    },
  ] as const) {
    it(`says in its title where the claim stands, and offers a form only where it does something (${language})`, () => {
      const states = ['official', 'ended', 'canceled', 'declined', 'other'] as const;
      const shown = states.map((state) => renderNoticePage(inLanguage(language, { lines: [noticeLine(1, { state })] }), form));
      expect(shown.map((markup) => /<h1>(.*)<\/h1>/.exec(markup)?.[1])).to.deep.equal(titles);
      expect(shown.map((markup) => markup.includes('<form'))).to.deep.equal([true, false, false, false, false]);
    });
  }

  it('does not say that all lines ended alike when they did not', () => {
    const markup = render({ lines: [noticeLine(1, { state: 'ended' }), noticeLine(2, { state: 'declined' })] });
    expect(markup).to.include('is closed</h1>').and.include('what is now true for each product');
  });

  it('says what follows once the period is over and the claim is not settled yet, and no longer offers its calendar entry', () => {
    const closing = (consent: 'opt_out' | 'opt_in') => render({ lines: [noticeLine(1)], periods: [period({ isOver: true, consent })] });
    for (const markup of [closing('opt_out'), closing('opt_in')]) {
      expect(markup).to.include('<h1>The period for your answer is over</h1>').and.include('<form');
      expect(markup).to.not.match(/You may (accept or )?refuse until|If you do nothing|deadline\.ics/);
    }
    expect(closing('opt_out')).to.include('is about to be recorded as your partner');
    expect(closing('opt_in')).to.include('The claim lapses for every product');
  });

  it('puts the decision before the details', () => {
    const order = ['class="panel"', 'deadline.ics', '<form', '<h2>The claim</h2>', 'id="access"', 'id="share"'];
    const places = order.map((mark) => render().indexOf(mark));
    expect(places)
      .to.deep.equal(places.toSorted((a, b) => a - b))
      .and.not.include(-1);
  });

  it('says that a newer notice went to other people', () => {
    expect(render({ isReplaced: true })).to.include('We have sent a newer notice about this claim');
    expect(render()).to.not.include('newer notice');
  });

  it('asks one clear question about a single product', () => {
    const legend = (changes: Partial<NoticeView>) => /<legend>(.*)<\/legend>/.exec(render({ lines: [noticeLine(1)], ...changes }))?.[1];
    expect(legend({})).to.equal('Do you want to refuse Fabrikam Consulting LLC as your partner for this product?');
    expect(legend({ periods: [period({ consent: 'opt_in' })] })).to.equal(
      'Do you accept Fabrikam Consulting LLC as your partner for this product?',
    );
    expect(legend({ lines: [noticeLine(1, { state: 'official' })] })).to.equal('Do you want to end the association for this product?');
  });

  it('says what the partner sees only where it sees something or will', () => {
    const heading = (state: NoticeLine['state']) => /<h2 id="access">(.*)<\/h2>/.exec(render({ lines: [noticeLine(1, { state })] }))?.[1];
    const shown = (['open', 'official', 'ended', 'declined', 'canceled', 'other'] as const).map(heading);
    expect(shown).to.deep.equal(['What the partner will see', 'What the partner sees', undefined, undefined, undefined, undefined]);
  });

  it('opens the optional part of the form when something was entered there', () => {
    const shown = (entered: object) =>
      /<details class="extras"( open)?>/.exec(
        renderNoticePage(noticeView(), { ...form, entered: { lines: [], reason: '', ...entered } }),
      )?.[1];
    expect([shown({}), shown({ reason: 'x' }), shown({ isBlocking: true })]).to.deep.equal([undefined, ' open', ' open']);
  });

  it('offers a mail to a colleague and a copy, and neither holds the link that answers', () => {
    const markup = render();
    const mail = new URL(/href="(mailto:\?[^"]*)"/.exec(markup)![1]!.replaceAll('&amp;', '&'));
    expect(mail.searchParams.get('subject')).to.equal('For your information: Fabrikam Consulting LLC asks to be recorded as your partner');
    expect(mail.searchParams.get('body')).to.include('\r\n\r\nhttps://claims.northwind.example/n/copy/c0py?lang=en\r\n');
    expect(mail.href).to.not.include('Zk3vT0kEn_8c');
    expect(markup).to.include('<a href="https://claims.northwind.example/n/copy/c0py?lang=en">');
  });

  it('gives each product its own deadline and meaning of silence when they differ', () => {
    const markup = render({
      lines: [noticeLine(1), noticeLine(2)],
      periods: [period({ lines: [1] }), period({ lines: [2], closesAt: '2026-01-13T20:59:59.999Z', consent: 'opt_in' })],
    });
    const panel = /<dl class="panel">(.*?)<\/dl>/s.exec(markup)![1]!;
    expect([...panel.matchAll(/<dt>(.*?)<\/dt>/g)].map(([, label]) => label)).to.deep.equal([
      'You may refuse until: Product 1',
      'If you do nothing',
      'You may accept or refuse until: Product 2',
      'If you do nothing',
      'What the partner will see',
    ]);
    expect([...panel.matchAll(/datetime="([^"]*)"/g)].map(([, instant]) => instant)).to.deep.equal([
      '2026-01-09T20:59:59.999Z',
      '2026-01-13T20:59:59.999Z',
    ]);
  });

  it('still shows an answer from before the latest notice', () => {
    const markup = renderNoticePage(
      noticeView({ lines: renewedLines(), periods: [period({ lines: [2] })] }),
      form,
      receipt({ lines: [{ line: 1, outcome: 'accepted' }] }),
    );
    expect(markup).to.include('<h2>Your earlier answer</h2>').and.include('<dd>CLM-000123-R1</dd>');
    expect(markup).to.include('<li><strong>Sales (51a4b0de-0c7f-4c57-9f64-0a4c4ce0f001)</strong>: accepted.');
  });

  it('accepts a reason for refusing or ending, and asks the customer to clear it before accepting', () => {
    expect(render()).to.include('Reason for refusing (optional)').and.include('Leave it empty if you accept.');
    const official = render({ lines: [noticeLine(1, { state: 'official' })] });
    expect(official).to.include('Reason for ending it (optional)').and.not.include('acceptance takes');
    const options = { ...form, fault: 'reason_with_acceptance' as const, entered: { lines: [1], reason: 'Fine with us.' } };
    const markup = renderNoticePage(noticeView(), options);
    expect(markup).to.include(
      '<a href="#reason">You gave a reason, which is not possible with an acceptance. To accept, clear the reason.</a>',
    );
    expect(markup).to.match(/aria-describedby="reason-hint reason-fault" aria-invalid="true">\nFine with us\.</);
  });

  it('shows the entered text, escaped, next to the fault', () => {
    const markup = renderNoticePage(noticeView(), {
      ...form,
      fault: 'reason_too_long',
      entered: { lines: [2], reason: '</textarea><script>alert(1)</script>' },
    });
    expect(markup).to.include('<title>Your answer was not recorded: Fabrikam Consulting LLC');
    expect(markup).to.include('<a href="#reason">Shorten the reason to 1,000 characters.</a>');
    expect(markup).to.include('\n&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;</textarea>');
    expect(markup).to.include('value="2" checked>');
  });

  it('escapes hostile names in text and attributes', () => {
    const hostile = `"><script>alert('x')</script>`;
    const markup = renderNoticePage(
      noticeView({
        partner: { legalName: hostile, partnerId: hostile },
        tenant: { name: hostile, tenantId: hostile, domain: hostile },
        lines: [noticeLine(1, { target: hostile, activities: [hostile] })],
        evidence: [{ fileName: hostile, signedOn: null }],
        vendor: { name: hostile, contactEmail: hostile, explanationUrl: hostile },
      }),
      { formToken: hostile },
    );
    expect(markup).to.not.include('<script');
    expect(markup).to.not.include('"">');
    expect(markup).to.include('&quot;&gt;&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;');
  });
});

describe('the copy for reading', () => {
  const asOf = '2025-12-25T10:00:00.000Z';
  const { copyUrl: _, ...view } = noticeView({ url: 'https://claims.northwind.example/n/copy/c0py' });

  it('shows what the page shows, says what it is, and has no form', () => {
    const markup = renderNoticeCopy(view, asOf);
    expect(markup).to.include('A copy for reading').and.include('Nobody can answer on this page.').and.include(`datetime="${asOf}"`);
    expect(markup).to.include('<h1>Fabrikam Consulting LLC asks to be recorded as your partner</h1>').and.include('<dd>CLM-000123</dd>');
    expect(markup).to.include('/n/copy/c0py/deadline.ics?lang=en');
    expect(markup).to.not.match(/<form|<button|<input|mailto:\?/);
  });

  it('of a choice shows the partners and takes no choice', () => {
    const { copyUrl: _own, ...choice } = choiceView();
    const markup = renderChoiceCopy(choice, asOf);
    expect(markup).to.include('Proseware, Inc.').and.include('A copy for reading');
    expect(markup).to.not.match(/<form|<button|<input|mailto:\?/);
  });
});

describe('the receipt page', () => {
  it('shows when the answer was received, the reference, and the outcome of each line', () => {
    const markup = renderReceiptPage(noticeView(), receipt());
    expect(markup).to.include('<h1>Your refusal is recorded</h1>');
    expect(markup).to.include(
      '<time datetime="2026-01-09T20:59:59.999Z">Friday, 9 January 2026, 23:59:59 (Europe/Moscow, UTC+03:00)</time>',
    );
    expect(markup).to.include('<dd>CLM-000123-R1</dd>');
    expect(markup).to.include('<li><strong>Teams</strong>: refused in time. The partner is not recorded and sees nothing.</li>');
    expect(markup).to.not.include('<form');
  });

  it('offers the lines that were not answered yet', () => {
    const markup = renderReceiptPage(noticeView(), receipt({ lines: [{ line: 1, outcome: 'recorded' }] }), form);
    expect([...markup.matchAll(/name="line" id="[^"]*" value="(\d)"/g)].map(([, line]) => line)).to.deep.equal(['2']);
    expect(markup).to.include('You can still answer for these products.');
  });
});

describe('the choice page', () => {
  it('lists every partner, marks the current one, and preselects none', () => {
    const markup = renderChoicePage(choiceView(), form);
    expect(markup).to.include('<h1>Which partner do you want for Teams?</h1>');
    expect(markup).to.include('Fabrikam Consulting LLC, PartnerID 0123456 (currently recorded as your partner)');
    expect(
      [...markup.matchAll(/type="radio" name="candidate" id="[^"]*" value="(\w+)"( checked)?/g)].map(([, value, checked]) => [
        value,
        checked,
      ]),
    ).to.deep.equal([
      ['c1', undefined],
      ['c2', undefined],
    ]);
  });

  it('shows the recorded choice and lets the customer change it until the decision', () => {
    const chosen = { claimId: 'c2', receivedAt: '2026-01-09T20:59:59.999Z', reference: 'command-1' };
    const open = renderChoicePage(choiceView({ chosen }), form);
    expect(open).to.include('<h1>Your choice is recorded: Proseware, Inc.</h1>').and.include('<dd>command-1</dd>');
    expect(open)
      .to.match(/value="c2" checked/)
      .and.include('Change your choice');
    const closed = renderChoicePage(choiceView({ chosen, isOpen: false }), form);
    expect(closed).to.not.include('<form');
    expect(closed).to.include('The decision has been made');
  });

  it('says what is missing, in Russian too', () => {
    const markup = renderChoicePage(choiceView({ language: 'ru' }), {
      ...form,
      fault: 'nothing_chosen',
      entered: { candidate: null, reason: '<b>' },
    });
    expect(markup)
      .to.include('role="alert"')
      .and.include('<a href="#candidate-1">Выберите одного из партнёров.</a>')
      .and.include('&lt;b&gt;');
  });
});

describe('the receipt of an acceptance', () => {
  it('says that the period continues, and still offers to refuse', () => {
    const view = noticeView({ lines: [noticeLine(1, { isAccepted: true })] });
    const markup = renderReceiptPage(view, receipt({ lines: [{ line: 1, outcome: 'accepted' }] }), form);
    expect(markup).to.include('<h1>Your acceptance is recorded</h1>').and.include('This does not end the period early');
    expect([...markup.matchAll(/<button name="scope" value="(\w+)"/g)].map(([, scope]) => scope)).to.deep.equal(['selected']);
  });
});

describe('every page', () => {
  const pages = {
    choice: renderChoicePage(choiceView(), form),
    notice: render(),
    receipt: renderReceiptPage(inLanguage('ru'), receipt(), form),
    unknown: renderUnknownLinkPage('en'),
    unavailable: renderUnavailablePage('ru'),
  };

  for (const [name, markup] of Object.entries(pages)) {
    it(`uses only the style that its policy allows, and no script (${name})`, () => {
      const style = /<style>(.*)<\/style>/s.exec(markup)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      expect(pageHeaders['Content-Security-Policy']).to.include(`style-src 'sha256-${hash}'`);
      expect(count(markup, /<style/g)).to.equal(1);
      expect(markup).to.not.match(/<script|\sstyle=|<img|<link|\son\w+=/);
    });
  }

  it('is never cached, framed or sent as a referrer', () => {
    expect(pageHeaders).to.include({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Content-Type-Options': 'nosniff' });
    expect(pageHeaders['Content-Security-Policy']).to.match(
      /^default-src 'none'; .*form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
  });

  it('reveals nothing about an unknown link', () => {
    expect(renderUnknownLinkPage('en')).to.include('<h1>This link is not valid</h1>');
    expect(renderUnknownLinkPage('ru')).to.include('<h1>Ссылка недействительна</h1>');
  });

  it('is Russian for any Russian language tag and English otherwise', () => {
    expect(['ru', 'ru-RU,ru;q=0.9', 'RU', 'en', 'run', 'de', '', undefined].map(languageOf)).to.deep.equal([
      'ru',
      'ru',
      'ru',
      'en',
      'en',
      'en',
      'en',
      'en',
    ]);
  });
});
