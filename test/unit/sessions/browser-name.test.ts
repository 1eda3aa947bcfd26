import { expect } from 'chai';
import { browserName } from '#libs/sessions/index.js';

const headers: Record<string, string> = {
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0': 'Firefox on Windows',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0':
    'Edge on Windows',
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/147.0.0.0 Safari/537.36': 'Chrome on Linux',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.0 Safari/605.1.15':
    'Safari on macOS',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 26_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/142.0 Mobile/15E148 Safari/604.1':
    'Chrome on iOS',
  'Mozilla/5.0 (Linux; Android 16; Pixel 10) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36 OPR/90.0':
    'Opera on Android',
  'curl/8.5.0': 'Unknown browser on unknown system',
  '': 'Unknown browser on unknown system',
};

describe('the name of a browser', () => {
  for (const [header, name] of Object.entries(headers))
    it(`is ${name} for ${header.slice(-40) || 'no header'}`, () => expect(browserName(header)).to.equal(name));

  it('is found fast in any header', () => {
    const start = performance.now();
    expect(browserName(`Version/1 ${'Version/1.'.repeat(100_000)}`)).to.equal('Unknown browser on unknown system');
    expect(performance.now() - start).to.be.below(1_000);
  });
});
