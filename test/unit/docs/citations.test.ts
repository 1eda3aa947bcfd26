import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';

const folders = ['activities', 'apps', 'libs', 'test', 'workflows', 'docs/adr', 'docs/explanation'];
const domain = readFileSync('docs/explanation/domain.md', 'utf8');

/** The text of each section by its number, up to the next numbered heading. */
const sections = new Map(domain.split(/^##+ (?=\d)/m).map((text) => [/^\d+(\.\d+)?/.exec(text)?.[0] ?? '', text]));

interface Citation {
  text: string;
  isFound: boolean;
}

describe('domain.md', () => {
  const citations = folders
    .flatMap(sourcesIn)
    .flatMap(({ file, text }) => [...sectionCitations(text), ...ruleCitations(text)].map((citation) => ({ file, ...citation })));

  it('has every section and rule that code and documents cite', () => {
    expect(citations.filter(({ isFound }) => !isFound)).to.deep.equal([]);
  });

  it('is cited where the rules are', () => {
    expect(new Set(citations.map(({ file }) => file.split('/').slice(0, 2).join('/')))).to.include.keys('libs/claims', 'libs/notices');
  });
});

function sourcesIn(folder: string): { file: string; text: string }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(ts|md)$/.test(name))
    .map((name) => join(folder, name))
    .filter((file) => file !== 'docs/explanation/domain.md')
    .map((file) => ({ file, text: readFileSync(file, 'utf8').replace(/\s*\n\s*(\*|\/\/)?\s*/g, ' ') }));
}

/** Finds `domain.md 4.1, 4.2`, `domain.md 10, rules 3 to 6` and `domain.md 10, step a`. */
function sectionCitations(text: string): Citation[] {
  return [...text.matchAll(/domain\.md (\d[\d.]*(?:(?:, | and | to )(?:(?:rules? )?\d[\d.]*|step [a-d]\b))*)/g)].flatMap(
    ([, cited = '']) => {
      let section = '';
      let isRule = false;
      return cited.split(/, | and | to /).map((part): Citation => {
        const [word, number = word] = part.split(' ');
        isRule = word?.startsWith('rule') === true || (isRule && !part.includes('.'));
        const mark = number?.replace(/\.$/, '') ?? '';
        if (word === 'step') return { text: `${section}, ${part}`, isFound: sections.get(section)?.includes(`(${mark})`) === true };
        if (isRule) return { text: `${section}, rule ${mark}`, isFound: new RegExp(`^${mark}\\. `, 'm').test(sections.get(section) ?? '') };
        section = mark;
        return { text: section, isFound: sections.has(section) };
      });
    },
  );
}

/** Finds `R21` and `D9`: the rules of sections 16 and 18, the decisions of section 5. */
function ruleCitations(text: string): Citation[] {
  return [...text.matchAll(/(?<![-\w])[RD][1-9]\d?\b/g)].map(([rule]) => ({ text: rule, isFound: domain.includes(`\n| ${rule} |`) }));
}
