import { expect } from 'chai';
import { consoleModule } from '../../support/console-module.js';

interface Press {
  key: string;
  code: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

describe('Shortcuts of the console', () => {
  let shortcutOf: (press: Press) => string | null;
  before(async () => {
    ({ shortcutOf } = await consoleModule<{ shortcutOf: typeof shortcutOf }>('keyboard/shortcut-key.ts'));
  });

  const press = (key: string, code: string, more: Partial<Press> = {}) =>
    shortcutOf({ key, code, ctrlKey: false, metaKey: false, altKey: false, ...more });

  it('are the letters as typed, in either case', () => {
    expect([press('j', 'KeyJ'), press('J', 'KeyJ'), press('?', 'Slash'), press('Enter', 'Enter')]).to.deep.equal(['j', 'j', '?', 'Enter']);
  });

  it('are on the same keys for letters of another alphabet', () => {
    expect([press('о', 'KeyJ'), press('ф', 'KeyA'), press('ш', 'KeyI')]).to.deep.equal(['j', 'a', 'i']);
  });

  it('stay where a Latin layout has its letters', () => {
    expect(press('a', 'KeyQ')).to.equal('a');
  });

  it('leave combinations to the browser', () => {
    expect([
      press('r', 'KeyR', { ctrlKey: true }),
      press('n', 'KeyN', { metaKey: true }),
      press('a', 'KeyA', { altKey: true }),
    ]).to.deep.equal([null, null, null]);
  });
});
