import { expect } from 'chai';
import type { Frame, Page } from 'playwright-core';
import { codeOf, completeClaim, draftClaim, type Json, startTestApi, somePdf, type TestApi } from '../../support/api.js';
import { TestBrowser } from '../../support/browser.js';
import { openConsole } from '../../support/console.js';
import { createTestDatabase, type TestDatabase } from '../../support/database.js';
import { pdfOf } from '../../support/pdf.js';

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64');

/** What a script in the frame would try. Runs in the browser. */
const attempts = `(async () => {
  const attempt = async (act) => { try { return await act(); } catch { return 'refused'; } };
  return {
    origin: self.origin,
    parent: await attempt(() => parent.document.title),
    cookies: await attempt(() => document.cookie),
    storage: await attempt(() => localStorage.length),
    api: await attempt(async () => (await fetch('/v1/me')).status),
    elsewhere: await attempt(async () => (await fetch('http://127.0.0.2:9/')).status),
    inline: await attempt(() => {
      const script = document.createElement('script');
      script.textContent = 'window.ran = true';
      document.body.append(script);
      return window.ran ?? 'refused';
    }),
    compiled: await attempt(() => new Function('return "ran"')()),
    popup: window.open('about:blank') === null ? 'refused' : 'opened',
  };
})()`;

describe('The viewer of evidence', function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let api: TestApi;
  let browser: TestBrowser;
  let partner: string;

  before(async () => {
    database = await createTestDatabase();
    api = await startTestApi({ database });
    browser = await TestBrowser.open();
    partner = await api.token('claim_admin');
  });

  after(async () => {
    await browser.close();
    await api.close();
    await database.close();
  });

  /** Submits a claim with one file, and returns its id. */
  async function claimWith(fileName: string, content: Buffer): Promise<string> {
    const evidence = [{ ...(completeClaim().evidence[0] as Json), fileName, contentBase64: content.toString('base64') }];
    const { claimId } = await draftClaim(api, partner, { evidence });
    return claimId;
  }

  const openClaim = (page: Page, claimId: string) => page.goto(`${api.url}/console/reviews/${claimId}`);

  async function withReviewer(claimId: string, run: (page: Page, complaints: string[]) => Promise<void>): Promise<void> {
    await browser.inContext({}, async (context) => {
      const page = await openConsole(context, api, { role: 'reviewer' });
      const complaints: string[] = [];
      page.on('console', (message) => /content security policy|refused to/i.test(message.text()) && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('dialog', (dialog) => void (complaints.push(dialog.message()), dialog.dismiss()));
      await openClaim(page, claimId);
      await run(page, complaints);
    });
  }

  async function frameOf(page: Page): Promise<Frame> {
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    if (frame === null) throw new Error('The viewer has no frame.');
    return frame;
  }

  const darkPixels = (frame: Frame): Promise<number> =>
    frame
      .locator('canvas')
      .first()
      .evaluate((canvas) => {
        const { width, height } = canvas as unknown as { width: number; height: number };
        const context = (
          canvas as unknown as { getContext(kind: '2d'): { getImageData(...box: number[]): { data: number[] } } }
        ).getContext('2d');
        const { data } = context.getImageData(0, 0, width, height);
        let dark = 0;
        for (let index = 0; index < data.length; index += 4) if (data[index]! < 128) dark += 1;
        return dark;
      });

  it('draws a PDF page by page, with text to select, and runs no script of it', async () => {
    const content = pdfOf(['Statement of work', 'Signed by the customer'], { script: 'app.alert\\(1\\)' });
    await withReviewer(await claimWith('statement.pdf', content), async (page, complaints) => {
      await page.getByText('Page 1 of 2').waitFor();
      const frame = await frameOf(page);
      await frame.getByText('Statement of work').waitFor();
      expect(await darkPixels(frame)).to.be.greaterThan(100);
      const width = (await frame.locator('canvas').first().boundingBox())!.width;
      await page.getByRole('button', { name: 'Larger' }).click();
      await frame.waitForFunction(`document.querySelector('canvas').clientWidth > ${width}`);
      await page.getByRole('button', { name: 'Fit width' }).click();
      await page.getByRole('button', { name: 'Next page' }).click();
      await frame.getByText('Signed by the customer').waitFor();
      await page.getByText('Page 2 of 2').waitFor();
      expect(complaints).to.deep.equal([]);
    });
  });

  it('gives the file nothing of the console: no origin, no session, no way out of its frame', async () => {
    await withReviewer(await claimWith('statement.pdf', pdfOf(['Statement'])), async (page) => {
      await page.getByText('1 page').waitFor();
      const frame = await frameOf(page);
      const reached = await frame.evaluate(attempts);
      expect(reached).to.deep.equal({
        origin: 'null',
        parent: 'refused',
        cookies: 'refused',
        storage: 'refused',
        api: 'refused',
        elsewhere: 'refused',
        inline: 'refused',
        compiled: 'refused',
        popup: 'refused',
      });
    });
  });

  it('is a page in a sandbox also for whoever opens it alone, and only the console may frame it', async () => {
    const { headers } = await api.call('GET', '/console/evidence-viewer');
    const policy = headers.get('content-security-policy')!.split('; ');
    expect(policy).to.include.members(['sandbox allow-scripts', "default-src 'none'", "frame-ancestors 'self'"]);
    expect(policy.join()).not.to.match(/unsafe-inline|'unsafe-eval'|data:/);
    expect(headers.get('x-frame-options')).to.equal('SAMEORIGIN');
  });

  it('shows an image', async () => {
    await withReviewer(await claimWith('scan.png', png), async (page, complaints) => {
      await page.getByText('1 page').waitFor();
      await (await frameOf(page)).getByRole('img', { name: 'scan.png' }).waitFor();
      expect(complaints).to.deep.equal([]);
    });
  });

  it('offers other types as a download, with size and hash', async () => {
    await withReviewer(await claimWith('usage.csv', Buffer.from('product,users\nteams,12\n')), async (page) => {
      await page.getByText('This type of file is not shown here').waitFor();
      await page.getByText('text/csv').waitFor();
      expect(await page.locator('iframe').count()).to.equal(0);
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Download' }).click()]);
      expect(download.suggestedFilename()).to.equal('usage.csv');
    });
  });

  it('says so when a PDF is damaged', async () => {
    await withReviewer(await claimWith('broken.pdf', somePdf()), async (page) => {
      await page.getByRole('alert').filter({ hasText: 'The file cannot be drawn' }).waitFor();
    });
  });

  it('never gets a page or a drawing that calls itself a PDF: the upload refuses it', async () => {
    const { claimId } = await draftClaim(api, partner);
    for (const content of ['<!doctype html><script>alert(1)</script>', '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>']) {
      const form = new FormData();
      form.set('file', new Blob([content], { type: 'application/pdf' }), 'statement.pdf');
      const refused = await api.call('POST', `/v1/claims/${claimId}/evidence`, { token: partner, body: form });
      expect(codeOf(refused)).to.deep.equal([415, 'evidence_type']);
    }
  });

  it('leaves the download as it was: an attachment in a sandbox', async () => {
    const claimId = await claimWith('statement.pdf', pdfOf(['Statement']));
    const { body } = await api.call('GET', `/v1/claims/${claimId}/evidence`, { token: partner });
    const path = `/v1/claims/${claimId}/evidence/${body['items'][0].evidenceId}/content`;
    const { headers } = await api.call('GET', path, { token: await api.token('reviewer') });
    expect(headers.get('content-security-policy')).to.equal('sandbox');
    expect(headers.get('content-disposition')).to.match(/^attachment/);
  });
});
