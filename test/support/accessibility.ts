import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

const standards = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice'];

/**
 * Use it for tests of pages: returns what axe finds on a page, each fault as its rule and the first element that has it. With
 * `onlyStandards`, rules of other levels are left out. Frames are not looked at: no script runs in those of our pages, so axe
 * would wait for their answer.
 */
export async function accessibilityFaults(page: Page, { onlyStandards = false } = {}): Promise<string[]> {
  // To describe the elements that pass as well, and to merge frames in a page of its own, would take as long as the rules themselves.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode();
  const { violations } = await (onlyStandards ? axe.withTags(standards) : axe).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}
