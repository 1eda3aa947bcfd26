import { expect } from 'chai';
import { type ClaimEvent, expiredClock, fold, openSignature, positionOf } from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import { aCommand, actors, anEvent, someFacts, times, upTo } from '../../support/claim-builders.js';
import { given } from '../../support/claim-specification.js';

const signatory = { personId: 'person-signatory', emailDomain: 'contoso.example' };
const asked = { signatory, language: 'en' as const, policy: 'sample@1', textId: 'text-statement', textSha256: 'ab'.repeat(32) };
const request = (more: Partial<typeof asked> = {}) => aCommand('requestSignature', { ...asked, ...more });
const signatureId = 'signature-1';
const orderCode = aCommand('requestSignatureCode', { signatureId }, actors.signatory);
const sign = (codeId = 'code-1') =>
  aCommand('signStatement', { signatureId, codeId, signerId: 'person-signer', signerSha256: 'cd'.repeat(32) }, actors.signatory);
const decline = aCommand('declineSignature', { signatureId }, actors.signatory);
const forwardTo = (emailDomain: string) =>
  aCommand('forwardSignature', { signatureId, signatory: { personId: 'person-colleague', emailDomain } }, actors.signatory);

const draft = upTo.draft.filter(({ type }) => type !== 'EvidenceAdded');
const open = [...draft, anEvent('SignatureRequested')];
const coded = [...open, anEvent('SignatureCodeRequested')];
const minutesLater = (minutes: number) => new Date(Date.parse(times.drafted) + minutes * 60_000).toISOString();
const soon = minutesLater(5);
const expiresAt = openSignature(fold(open))!.expiresAt;
const millisecondAfter = (instant: string) => new Date(Date.parse(instant) + 1).toISOString();
/** A code that is ordered right before the request ends. */
const codedLate = [
  ...open,
  anEvent(
    'SignatureCodeRequested',
    { codeId: 'code-late', validUntil: new Date(Date.parse(expiresAt) + 600_000).toISOString() },
    expiresAt,
  ),
];

describe('a request to sign', () => {
  it('records whom it asks, the hash of the text, what the text says of the claim, and when it ends', () => {
    const { events } = given(...draft).when(request(), { at: times.drafted });
    expect(events.map(({ type }) => type)).to.deep.equal(['SignatureRequested']);
    const [made] = events as [Extract<ClaimEvent, { type: 'SignatureRequested' }>];
    expect(made.data).to.deep.include({ signatureId: 'id-1', ...signatory, language: 'en', textSha256: asked.textSha256 });
    expect(made.data.cover).to.deep.equal({
      tenantId: fold(draft).details.tenantId,
      domain: fold(draft).details.domain,
      products: ['exchange', 'teams'],
      activities: ['usage'],
    });
    expect(made.data.clocks.map(({ clock, lines, deadline: { days, unit } }) => ({ clock, lines, days, unit }))).to.deep.equal([
      { clock: 'K15', lines: [], days: 10, unit: 'business_day' },
    ]);
  });

  const { statementOfWork: _, ...withoutStatement } = samplePolicy;
  const english = {
    ...samplePolicy,
    statementOfWork: { ...samplePolicy.statementOfWork!, texts: { en: samplePolicy.statementOfWork!.texts.en } },
  };
  const refusals: [string, () => unknown][] = [
    [
      'without a template',
      () =>
        given(...draft)
          .when(request(), { policy: withoutStatement })
          .thenRefused('statement_template_missing'),
    ],
    [
      'without a template in the language',
      () =>
        given(...draft)
          .when(request({ language: 'ru' as never }), { policy: english })
          .thenRefused('statement_template_missing'),
    ],
    [
      'while another is open',
      () =>
        given(...open)
          .when(request(), { at: soon })
          .thenRefused('signature_open'),
    ],
    [
      'to a stranger',
      () =>
        given(...draft)
          .when(request({ signatory: { ...signatory, emailDomain: 'elsewhere.example' } }))
          .thenRefused('signatory_domain_mismatch'),
    ],
    [
      'while the directory is silent',
      () =>
        given(...draft)
          .when(request(), { facts: null })
          .thenRefused('service_unavailable'),
    ],
    [
      'for a tenant that the directory does not know',
      () =>
        given(...draft)
          .when(request(), { facts: { ...someFacts(), tenant: null } })
          .thenRefused('service_unavailable'),
    ],
    [
      'with the text of another version',
      () =>
        given(...draft)
          .when(request({ policy: 'sample@0' }))
          .thenRefused('version_conflict'),
    ],
    [
      'for a claim that is over',
      () =>
        given(...upTo.canceled)
          .when(request())
          .thenRefused('not_editable_in_state'),
    ],
  ];
  for (const [when, refused] of refusals) it(`is refused ${when}`, () => void refused());

  it('is made again after a refusal, an expiry or a cancellation', () => {
    for (const type of ['SignatureDeclined', 'SignatureExpired', 'SignatureRequestCanceled'] as const) {
      expect(given(...open, anEvent(type)).when(request(), { at: soon }).findings, type).to.deep.equal([]);
    }
  });

  it('keeps a workflow on a draft, which has none otherwise', () => {
    expect(positionOf(fold(draft))).to.include({ isOpen: false, alarm: null });
    const { isOpen, isAwaitingSignature, alarm, waiting } = positionOf(fold(open));
    expect({ isOpen, isAwaitingSignature, alarm, waiting }).to.deep.equal({
      isOpen: true,
      isAwaitingSignature: true,
      alarm: { clock: 'K15', at: expiresAt, needsDirectory: false },
      waiting: [{ for: 'signature', mover: 'customer', lines: [], since: times.drafted, until: expiresAt }],
    });
    expect(positionOf(fold([...open, anEvent('SignatureDeclined')])).isOpen).to.equal(false);
  });

  it('ends with its claim, and takes no answer then', () => {
    const over = [...open, anEvent('DraftDiscarded')];
    expect(openSignature(fold(over))).to.equal(null);
    expect(expiredClock(fold(over), '2999-01-01T00:00:00.000Z')).to.equal(null);
    given(...over)
      .when(decline)
      .thenRefused('signature_closed');
  });

  it('survives edits that add and drop products', () => {
    const { details } = fold(open);
    const oneLine = anEvent('ClaimEdited', { changes: { lines: details.lines.slice(0, 1) }, warnings: [] });
    expect(openSignature(fold([...open, oneLine]))?.signatureId).to.equal(signatureId);
    const noLine = anEvent('ClaimEdited', { changes: { lines: [] }, warnings: [] });
    expect(openSignature(fold([...open, noLine]))?.signatureId).to.equal(signatureId);
  });
});

describe('a code', () => {
  it('is ordered at most once a minute, and each replaces the one before', () => {
    expect(given(...open).when(orderCode, { at: soon }).events[0]?.data).to.deep.equal({
      signatureId,
      codeId: 'id-1',
      validUntil: minutesLater(20),
    });
    given(...coded)
      .when(orderCode, { at: millisecondAfter(times.drafted) })
      .thenRefused('signature_code_too_soon');
    given(...coded, anEvent('SignatureCodeRequested', { codeId: 'code-2' }, minutesLater(2)))
      .when(sign('code-1'), { at: soon })
      .thenRefused('signature_code_expired');
  });

  it('signs up to its last instant, and not after', () => {
    const lastInstant = minutesLater(15);
    expect(given(...coded).when(sign(), { at: lastInstant }).findings).to.deep.equal([]);
    given(...coded)
      .when(sign(), { at: millisecondAfter(lastInstant) })
      .thenRefused('signature_code_expired');
    given(...open)
      .when(sign(), { at: soon })
      .thenRefused('signature_code_expired');
  });

  it('can be ordered twenty times', () => {
    const ordered = Array.from({ length: 20 }, (_, n) => anEvent('SignatureCodeRequested', { codeId: `code-${n}` }));
    given(...open, ...ordered)
      .when(orderCode, { at: soon })
      .thenRefused('signature_codes_used_up');
  });

  it('is void for the colleague to whom the request is passed on', () => {
    given(...coded, anEvent('SignatureForwarded'))
      .when(sign(), { at: soon })
      .thenRefused('signature_code_expired');
  });
});

describe('a signed statement', () => {
  const signed = [...coded, anEvent('StatementSigned', {}, soon)];

  it('records what was signed and how the person was identified', () => {
    expect(given(...coded).when(sign(), { at: soon }).events).to.deep.equal([
      {
        type: 'StatementSigned',
        at: soon,
        by: { kind: 'customer', subject: actors.signatory.subject },
        data: {
          signatureId,
          textSha256: asked.textSha256,
          language: 'en',
          policy: 'sample@1',
          signedOn: '2026-03-02',
          identifiedBy: 'link_and_code',
          codeId: 'code-1',
          signerId: 'person-signer',
          signerSha256: 'cd'.repeat(32),
        },
      },
    ]);
  });

  it('is dated by the calendar’s zone', () => {
    // Late in the evening in New York is the next day in UTC.
    const evening = '2026-03-03T02:00:00.000Z';
    const late = [...open, anEvent('SignatureCodeRequested', { validUntil: millisecondAfter(evening) }, evening)];
    const [event] = given(...late).when(sign(), { at: evening }).events;
    expect(event?.data).to.include({ signedOn: '2026-03-02' });
  });

  it('counts as the only evidence of a submission, also where the programme requires its own template', () => {
    const policy = { ...samplePolicy, evidence: { ...samplePolicy.evidence, isTemplateRequired: true } };
    for (const world of [{}, { policy }]) {
      const submit = aCommand('submitClaim', {});
      expect(
        given(...open)
          .when(submit, { at: times.submitted, ...world })
          .findings.map(({ code }) => code),
      ).to.deep.equal(['evidence_missing']);
      expect(given(...signed).when(submit, { at: times.submitted, ...world }).findings).to.deep.equal([]);
    }
  });

  it('holds the claim when it names another customer by then', () => {
    const moved = anEvent('ClaimEdited', { changes: { domain: 'sales.contoso.example' }, warnings: [] });
    const { events } = given(...signed, moved).when(aCommand('submitClaim', {}), { at: times.submitted });
    const [submitted] = events as [Extract<ClaimEvent, { type: 'ClaimSubmitted' }>];
    expect(submitted.data.findings.map(({ code }) => code)).to.include('evidence_mismatch');
  });

  it('answers a question of the reviewer', () => {
    const question = [...upTo.action_required, anEvent('SignatureRequested', {}, times.supplied)];
    given(...question)
      .when(aCommand('submitClaim', {}), { at: times.resubmitted })
      .thenRefused('answer_required');
    const answered = [...question, anEvent('StatementSigned', {}, times.supplied)];
    expect(given(...answered).when(aCommand('submitClaim', {}), { at: times.resubmitted }).findings).to.deep.equal([]);
  });

  it('takes no further answer', () => {
    for (const command of [sign(), decline, orderCode, forwardTo('contoso.example'), aCommand('cancelSignatureRequest', { signatureId })]) {
      given(...signed)
        .when(command, { at: soon })
        .thenRefused('signature_closed');
    }
  });
});

describe('the end of a request', () => {
  it('comes right after its last instant, at which a signature is still in time', () => {
    given(...open)
      .whenTimePasses(expiresAt)
      .thenNothing();
    given(...open)
      .whenTimePasses(millisecondAfter(expiresAt))
      .then(anEvent('SignatureExpired', {}, expiresAt, actors.system));
    expect(given(...codedLate).when(sign('code-late'), { at: expiresAt }).findings).to.deep.equal([]);
    given(...codedLate, anEvent('SignatureExpired', {}, expiresAt))
      .when(sign('code-late'), { at: millisecondAfter(expiresAt) })
      .thenRefused('signature_closed');
  });

  it('does not come once it was answered', () => {
    for (const type of ['StatementSigned', 'SignatureDeclined', 'SignatureRequestCanceled'] as const) {
      given(...open, anEvent(type))
        .whenTimePasses('2999-01-01T00:00:00.000Z')
        .thenNothing();
    }
  });
});

describe('passing a request on', () => {
  it('records who was asked before, and keeps the deadline', () => {
    const { events } = given(...open).when(forwardTo('contoso.example'), { at: soon });
    const after = openSignature(fold([...open, ...events]));
    expect(after).to.deep.include({ personId: 'person-colleague', forwardedBy: ['person-signatory'], expiresAt });
  });

  it('is refused to another mail domain', () => {
    given(...open)
      .when(forwardTo('elsewhere.example'), { at: soon })
      .thenRefused('signatory_domain_mismatch');
  });
});

describe('an unknown request', () => {
  it('takes no answer', () => {
    given(...draft)
      .when(sign())
      .thenRefused('signature_unknown');
  });
});
