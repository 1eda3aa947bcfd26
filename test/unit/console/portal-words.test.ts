import { expect } from 'chai';
import { pageTexts, texts } from '#libs/notices/texts/index.js';
import { consoleModule } from '../../support/console-module.js';

type Language = 'en' | 'ru';
type Words = Record<Language, Record<string, string>>;
type Format = (message: string, language: Language, values: object) => string;

const partner = 'Evergreen';
const partnerId = '1240371';
const vendor = 'Contoso';

describe("The words of the customer's portal", () => {
  let words: Words;
  let format: Format;

  before(async function () {
    this.timeout(30_000);
    ({ mailWords: words } = await consoleModule<{ mailWords: Words }>('portal/mail-words.ts'));
    ({ formatMessage: format } = await consoleModule<{ formatMessage: Format }>('i18n/texts.tsx'));
  });

  for (const language of ['en', 'ru'] as const) {
    it(`are those of the mail and the customer's page in ${language}`, () => {
      const { claim, period, access, evidence, help, form, fault, state, receipt, choice } = texts[language];
      const { standing, explanation } = pageTexts[language];
      const seen = new Set<string>();
      const word = (key: string, values: object = {}) => {
        seen.add(key);
        return format(words[language][key]!, language, { partner, partnerId, vendor, ...values });
      };
      const listed = (codes: string[]) => new Intl.ListFormat(language, { type: 'conjunction' }).format(codes);
      const activities = ['presales', 'usage', 'revenue_association'];
      const doing = [...activities.map((code) => word(`activity_${code}`)), word('activity_other', { code: 'new' })];

      const pairs: [string, string][] = [
        [word('asked'), claim.title.asked(partner)],
        [word('renewed'), claim.title.renewed(partner)],
        [word('renews', { target: 'X' }), claim.renews('X')],
        [word('partner'), claim.partner],
        [word('partnerWithId'), claim.partnerWithId(partner, partnerId)],
        [word('number'), claim.number],
        [word('products'), claim.products],
        [word('work', { activities: listed(doing) }), claim.work([...activities, 'new'])],
        [word('silence_opt_out'), claim.silence(partner)],
        [word('silence_opt_in'), claim.onlyWord(partner)],
        [word('over'), standing.closing.title],
        [word('seenTitle'), access.heading],
        ...access.seen.map((sentence, index): [string, string] => [word(`seen_${index + 1}`), sentence]),
        [word('nothingElse'), access.nothingElse],
        [word('evidenceTitle'), evidence.heading],
        [word('evidenceIntro'), evidence.intro],
        [word('signed', { fileName: 'a.pdf', date: '1 May' }), evidence.signed('a.pdf', '1 May')],
        [word('unsigned', { fileName: 'a.pdf' }), evidence.unsigned('a.pdf')],
        [word('explanation'), help.explanation],
        [word('questions'), help.contact(vendor)],
        [word('which_refuse'), form.legend.refuse],
        [word('which_end'), form.legend.end],
        [word('accept'), form.acceptOne],
        [word('acceptSelected'), form.acceptSelected],
        [word('refuse'), form.one.refuse],
        [word('refuseSelected'), form.selected.refuse],
        [word('refuseAll', { count: 3 }), form.all.refuse(3)],
        [word('end'), form.one.end],
        [word('endSelected'), form.selected.end],
        [word('endAll', { count: 3 }), form.all.end(3)],
        [word('reason_refuse'), form.reason.refuse],
        [word('reason_end'), form.reason.end],
        [word('reasonHint'), form.reasonHint],
        [word('block'), form.block(partner)],
        [word('blockHint'), form.blockHint],
        [word('isBlocked'), form.isBlocked(partner)],
        [word('noneSelected'), fault.no_line_selected],
        [word('isAccepted'), state.accepted],
        [word('receipt_refused'), receipt.title.declined],
        [word('receipt_ended'), receipt.title.ended],
        [word('receipt_accepted'), receipt.title.accepted],
        [word('receipt_recorded'), receipt.title.recorded],
        [word('receivedAt'), receipt.receivedAt],
        [word('reference'), receipt.reference],
        [word('outcome_refused'), receipt.outcome.declined],
        [word('choiceTitle', { product: 'X' }), choice.title('X')],
        [word('choiceLead', { customer: 'Northwind', product: 'X' }), choice.lead(vendor, 'Northwind', 'X')],
        [word('choiceSilence'), choice.silence(vendor)],
        [word('choiceAfterwards'), choice.afterwards],
        [word('isHolder'), choice.isHolder],
        [word('choiceLegend'), choice.legend],
        [word('choose'), choice.button],
        [word('chooseAgain'), choice.chosenAgain],
        [word('choiceFinality'), choice.finality],
        [word('chosen'), choice.chosen(partner)],
        [word('choiceReason'), choice.reason],
        [word('choiceFault'), choice.fault],
        ...Object.entries(explanation.sets).map(([set, name]): [string, string] => [word(`set_${set}`), name]),
      ];
      for (const consent of ['opt_out', 'opt_in'] as const) {
        pairs.push([word(`openUntil_${consent}`), period.openUntil[consent]]);
        pairs.push([word(`over_${consent}`), standing.closing.text[consent](partner)]);
        for (const unit of ['business_day', 'calendar_day', 'second'] as const) {
          for (const days of [1, 2, 5, 21, 22, 100]) {
            const window = word(`window_${unit}`, { days });
            pairs.push([word(`notBegun_${consent}`, { window }), period.notBegun[consent]({ days, unit })]);
          }
        }
      }
      for (const [here, there] of pairs) expect(here).to.equal(there);
      expect([...seen].sort()).to.deep.equal(Object.keys(words[language]).sort());
    });
  }
});
