import { expect } from 'chai';
import { simpleParser } from 'mailparser';
import { codeOf, type Json, startTestApi, type TestApi } from '../../support/api.js';
import type { TestClaim } from '../../support/claims.js';
import { Stage } from '../../support/stage.js';
import { waitFor } from '../../support/wait.js';

/** Everything that executing a command can write. */
const tables = [
  'claim_commands',
  'claim_events',
  'letters',
  'notice_recipients',
  'personal_data',
  'directory_answers',
  'claims',
  'claim_lines',
];

describe('A preview of a decision', function () {
  this.timeout(120_000);
  let stage: Stage;
  let api: TestApi;
  let reviewer: string;

  before(async () => {
    stage = await Stage.open();
    api = await startTestApi(stage);
    reviewer = await api.token('reviewer');
  });
  after(async () => {
    await api?.close();
    await stage?.close();
  });

  const preview = (claim: TestClaim, body: Json, headers: Record<string, string> = {}, token = reviewer) =>
    api.call('POST', `/v1/claims/${claim.claimId}/decision-previews`, { token, body, headers });

  /** The rows of every table, as text, so that any difference shows. */
  const everything = async () => {
    const rows = tables.map(
      (table) => `SELECT '${table}' AS source, md5(string_agg(t::text, '' ORDER BY t::text)) AS rows FROM ${table} t`,
    );
    return stage.source.query<unknown[]>(rows.join(' UNION ALL '));
  };
  /** Mails without what differs in each: links, to which the worker and the API of this test give another address, and references. */
  const words = (text: string) =>
    text
      .replace(/https?:\/\/[\w.:]+\/n\/(?:[\w-]{20,}|…)/g, 'LINK')
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|: …$/gm, (found) => (found.startsWith(':') ? ': ID' : 'ID'))
      .replace(/\s+/g, ' ')
      .trim();

  it('shows each reason as the partner will read it, and stores nothing', async () => {
    const claim = await stage.submitted();
    await stage.untilIdle(claim);
    const before = await everything();
    const { status, body, text } = await preview(claim, { outcome: 'ask', reasons: ['evidence_all_missing'], comment: 'Please add it.' });
    expect(status, text).to.equal(200);
    expect(body).to.deep.include({ phase: 'action_required', lines: [{ line: 1, phase: 'action_required' }] });
    const [mail] = body['mails'] as Json[];
    expect(mail).to.deep.include({ to: 'partner', kind: 'information_request', recipients: 1, language: 'en' });
    const programme = await api.call('GET', `/v1/programmes/${(await claim.row()).state.details.programme}`, { token: reviewer });
    const reason = (programme.body['requestReasons'] as Json[]).find(({ code }) => code === 'evidence_all_missing')!;
    expect(mail!['text']).to.include(reason['label'].en);
    expect(await everything()).to.deep.equal(before);
    expect(await claim.phase()).to.equal('submitted');
  });

  for (const [outcome, body, to] of [
    ['an approval', { outcome: 'approve' }, 'customer'],
    ['a rejection', { outcome: 'reject', reason: 'evidence_insufficient' }, 'partner'],
  ] as const) {
    it(`is word for word what ${outcome} sends`, async () => {
      const claim = await stage.submitted();
      await stage.untilIdle(claim);
      const shown = await preview(claim, body);
      expect(shown.status, shown.text).to.equal(200);
      const earlier = stage.relay.received.length;
      const etag = (await api.call('GET', `/v1/claims/${claim.claimId}`, { token: reviewer })).headers.get('etag')!;
      const decided = await api.call('POST', `/v1/claims/${claim.claimId}/decisions`, {
        token: reviewer,
        body,
        headers: { 'If-Match': etag },
      });
      expect(decided.status, decided.text).to.equal(200);
      expect(decided.body['phase']).to.equal(shown.body['phase']);
      const mails = shown.body['mails'] as Json[];
      expect([...new Set(mails.map((mail) => mail['to'] as string))]).to.deep.equal([to]);
      const expected = mails.reduce((sum, mail) => sum + (mail['recipients'] as number), 0);
      await waitFor('the mails', () => stage.relay.received.length >= earlier + expected);
      const parsed = await Promise.all(stage.relay.received.slice(earlier).map(({ source }) => simpleParser(source)));
      const sent = parsed.map(({ text }) => words(text ?? ''));
      expect(sent).to.have.length(expected);
      for (const mail of mails) expect(sent).to.include(words(mail['text'] as string));
    });
  }

  it('is refused as the decision would be, with the same code', async () => {
    const claim = await stage.submitted();
    const draft = await stage.drafted();
    // One after the other: only a few run at a time, which is another refusal.
    const refusals = [
      await preview(claim, { outcome: 'reject', reason: 'no_such_reason' }),
      await preview(claim, { outcome: 'approve' }, { 'If-Match': '"1"' }),
      await preview(claim, { outcome: 'ask', reasons: [] }),
      await preview(draft, { outcome: 'approve' }),
    ];
    expect(refusals.map(codeOf)).to.deep.equal([
      [409, 'reason_unknown'],
      [412, 'version_conflict'],
      [409, 'reason_required'],
      [409, 'not_in_phase'],
    ]);
    const own = await api.token('reviewer', { subject: 'acts', actsFor: [(await claim.row()).state.partnerAccountId] });
    const selfReview = await preview(claim, { outcome: 'approve' }, {}, own);
    expect(codeOf(selfReview)).to.deep.equal([403, 'self_review_forbidden']);
  });
});
