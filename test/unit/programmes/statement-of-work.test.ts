import { expect } from 'chai';
import {
  fillStatement,
  parsePolicy,
  samplePolicy,
  type StatementOfWork,
  statementPlaceholders,
  type StatementPlaceholder,
  textOfStatement,
} from '#libs/programmes/index.js';

const policyWith = (statementOfWork: unknown) => parsePolicy({ ...samplePolicy, statementOfWork });
const faultsOf = (statementOfWork: unknown) => {
  const parsed = policyWith(statementOfWork);
  return parsed.ok ? [] : parsed.faults.map(({ path, code }) => [path, code]);
};
const { texts } = samplePolicy.statementOfWork!;
const values = Object.fromEntries(Object.keys(statementPlaceholders).map((name) => [name, `«${name}»`])) as Record<
  StatementPlaceholder,
  string
>;

describe('a statement of work', () => {
  it('may be left out, and a request stays open for ten business days unless the programme says otherwise', () => {
    expect(faultsOf(undefined)).to.deep.equal([]);
    const parsed = policyWith({ texts });
    const statement: StatementOfWork | undefined = parsed.ok ? parsed.policy.statementOfWork : undefined;
    expect(statement?.signing).to.deep.equal({ days: 10, unit: 'business_day' });
  });

  it('is refused with an unknown placeholder, without a text, or with seconds outside a sandbox', () => {
    const wrong = { title: 'For {customr}', paragraphs: ['{partner}', 'By {signatory}'] };
    expect(faultsOf({ texts: { en: wrong } })).to.deep.equal([
      ['statementOfWork.texts.en.title', 'placeholder_unknown'],
      ['statementOfWork.texts.en.paragraphs.1', 'placeholder_unknown'],
    ]);
    expect(faultsOf({ texts: {} })).to.deep.equal([['statementOfWork.texts', 'custom']]);
    expect(faultsOf({ texts, signing: { days: 3, unit: 'second' } })).to.deep.equal([['statementOfWork.signing.unit', 'sandbox_only']]);
  });

  it('has every placeholder replaced once: a value is never read as a placeholder', () => {
    const { en } = texts;
    const filled = textOfStatement(fillStatement(en!, { ...values, partner: '{customer}' }));
    expect(filled)
      .to.include('{customer}')
      .and.not.match(/\{(?!customer\})/);
    expect(textOfStatement(fillStatement({ title: 'T', paragraphs: ['a', 'b {claim}'] }, values))).to.equal('T\n\na\n\nb «claim»');
  });

  it('uses in the sample only what both languages say alike', () => {
    const used = ({ title, paragraphs }: { title: string; paragraphs: string[] }) =>
      new Set([title, ...paragraphs].join('').match(/\{\w+\}/g));
    expect([...used(texts.ru!)].sort()).to.deep.equal([...used(texts.en!)].sort());
  });
});
