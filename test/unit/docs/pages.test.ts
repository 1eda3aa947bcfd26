import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect } from 'chai';

const folders = ['activities', 'apps', 'deploy', 'docs', 'libs', 'packages', 'test', 'tools', 'workflows'];

/** Every file and folder, by its path from the root. */
const paths = [
  ...readdirSync('.'),
  ...folders.flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => join(folder, path))),
];

const pages = paths.filter((path) =>
  /^([^/]+|docs\/.*|(libs|apps|packages)\/[^/]+\/README|packages\/README|(workflows|activities)\/README)\.md$/.test(path),
);
const areas = paths.filter((path) => /^((libs|apps)\/[^/]+|workflows|activities)$/.test(path));

/** Removes code blocks, which show input and output. */
const textOf = (page: string): string => readFileSync(page, 'utf8').replace(/^```[^]*?^```/gm, '');

/** Returns the anchor that GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (page: string): string[] => [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));

function isBrokenLink(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  return !paths.includes(target) || (anchor !== undefined && target.endsWith('.md') && !anchorsOf(target).includes(anchor));
}

/** Whether a path exists; a star stands for any name. */
function exists(path: string): boolean {
  const pattern = new RegExp(`^${path.replace(/\/$/, '').replaceAll('.', '\\.').replaceAll('*', '[^/]*')}$`);
  return paths.some((known) => pattern.test(known));
}

/** Finds `libs/claims/events.ts` anywhere, and `events.ts` or `rules/` in the README of their area. */
function isMissingPath(page: string, path: string): boolean {
  if (folders.includes(path.split('/')[0] ?? '') && path.includes('/')) return !exists(path) && !exists(`${path}.ts`);
  const area = dirname(page);
  const isOfArea = areas.includes(area) && /^[\w./*-]+(\.ts|\/)$/.test(path);
  return isOfArea && ![path, join(area, path), join(area, 'src', path), join(area, '*', path)].some(exists);
}

describe('the documentation', () => {
  it('links to pages and headings that exist', () => {
    const links = pages.flatMap((page) =>
      [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = '']) => ({ page, link })),
    );
    expect(links.filter(({ page, link }) => isBrokenLink(page, link))).to.deep.equal([]);
  });

  it('names files that exist', () => {
    const named = pages.flatMap((page) => [...textOf(page).matchAll(/`([\w./*-]+)`/g)].map(([, path = '']) => ({ page, path })));
    expect(named.filter(({ page, path }) => isMissingPath(page, path))).to.deep.equal([]);
  });

  for (const area of areas) {
    it(`says in ${area}/README.md what lives there, what it may import, how to add to it and where its tests are`, () => {
      const headings = [...readFileSync(join(area, 'README.md'), 'utf8').matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
      expect(headings).to.deep.equal(['What lives here', 'May import', 'Adding to it', 'Tests']);
    });
  }
});
