import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { openSignatureCode, openSignatureLink, readWaitingLetters } from '#libs/notices/index.js';
import { ProgrammeLibrary } from '#libs/programmes/index.js';
import type { Reply, TestApi } from './api.js';

type Field = [name: string, value: string];

/** Whom the partner asks to sign in tests. */
export const alex = { name: 'Alex Carter', title: 'Head of IT' };

/** Use it when a test signs a statement without Temporal and a worker: it makes link and code as the worker does, and posts the page's forms. */
export class Signatory {
  private readonly maker = { publicUrl: 'https://cpor.example', linkKey: randomBytes(32) };

  constructor(
    private readonly source: DataSource,
    private readonly api: TestApi,
  ) {}

  /** Makes what is in the mails that wait for the claim's signatories, as the worker would, and returns it: the latest link and code. */
  async openMails(claimId: string): Promise<{ token: string; code: string | null }> {
    const letters = await readWaitingLetters(this.source, new ProgrammeLibrary(this.source), claimId);
    let [token, code]: [string | null, string | null] = [null, null];
    for (const { signatory } of letters) {
      if (signatory === null) continue;
      const url = await openSignatureLink(this.source, this.maker, signatory);
      if (url === null) continue;
      token = url.split('/s/')[1]!;
      if (signatory.codeId !== null) code = await openSignatureCode(this.source, this.maker, signatory, signatory.codeId);
    }
    if (token === null) throw new Error(`Claim ${claimId} has no mail for a signatory.`);
    return { token, code };
  }

  open(token: string, query = ''): Promise<Reply> {
    return this.api.call('GET', `/s/${token}${query}`);
  }

  /** Posts the form that the page shows, with these fields. */
  async send(token: string, fields: Record<string, string>, query = ''): Promise<Reply> {
    const formToken = /name="formToken" value="([^"]*)"/.exec((await this.open(token)).text)?.[1] ?? '';
    const body = new URLSearchParams(Object.entries({ formToken, ...fields }) satisfies Field[]);
    return this.api.call('POST', `/s/${token}${query}`, { body, key: null });
  }

  /** Orders a code and returns it. */
  async order(claimId: string, token: string): Promise<string> {
    await this.send(token, { ...alex, agree: 'yes', action: 'code' });
    const { code } = await this.openMails(claimId);
    if (code === null) throw new Error(`No code was ordered for claim ${claimId}.`);
    return code;
  }

  sign(token: string, code: string): Promise<Reply> {
    return this.send(token, { ...alex, agree: 'yes', action: 'sign', code });
  }
}
