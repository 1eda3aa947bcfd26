import { expect } from 'chai';
import { allowedActions, type Role, roles, roleSides, rolesFor } from '#libs/auth/index.js';
import {
  type Actor,
  type ClaimCommand,
  type ClaimEvent,
  type ClaimState,
  type CommandType,
  commandTable,
  commandTypes,
  decide,
  fold,
  phases,
} from '#libs/claims/index.js';
import { samplePolicy } from '#libs/programmes/index.js';
import {
  aClaim,
  aClock,
  aCommand,
  aContact,
  actors,
  adminRecipient,
  anEvent,
  aRival,
  contactRecipient,
  ids,
  someEvidence,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { type World, worldAt } from '../../support/claim-specification.js';
import { matrix, mayGive, outcomes, type Situation, situations } from './matrix.expected.js';

const both = [1, 2];
const target = `workload:${ids.tenant}:teams`;
const recipients = [contactRecipient, adminRecipient];
const candidate = (claimId: string, evidenceOn: string) => ({
  claimId,
  line: 1,
  partnerAccountId: claimId === 'claim-1' ? ids.account : ids.rival,
  isHolder: false,
  submittedAt: times.submitted,
  evidenceOn,
});
const recordWonBy = (winner: string) => ({
  recordId: 'record-1',
  target,
  candidates: [candidate('claim-1', '2026-02-10'), candidate('claim-2', '2026-01-15')],
  winner,
  step: 'newest_evidence' as const,
  decidedBy: actors.reviewer.subject,
});

/** The customer is notified on submission, and its window runs. */
const notifiedAtOnce = [
  anEvent('NoticeRequested', { recipients }, times.submitted, actors.partner),
  anEvent('NoticeAccepted', { clocks: [aClock('K5', both, times.submitted, 5)] }, times.submitted),
];
const askedToChoose = anEvent('ChoiceRequested', {
  candidates: ['claim-1', 'claim-2'].map((claimId) => ({
    claimId,
    partnerAccountId: claimId === 'claim-1' ? ids.account : ids.rival,
    isHolder: false,
  })),
});
const unreached = ['recipient-contact', 'recipient-admin'].map((recipientId) => anEvent('NoticeFailed', { recipientId }));
const held = {
  code: 'location_not_enrolled',
  severity: 'error' as const,
  field: 'partnerId',
  line: null,
  message: 'The location is not enrolled.',
};
const extraEvidence = anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2' }) }, times.supplied);

const histories: Record<Situation, ClaimEvent[]> = {
  no: [],
  dra: upTo.draft,
  sub: upTo.submitted,
  'su+': [...upTo.submitted, ...notifiedAtOnce],
  rev: upTo.under_review,
  're+': [...upTo.submitted, ...notifiedAtOnce, anEvent('ReviewStarted')],
  ask: upTo.action_required,
  'as+': [...upTo.submitted, ...notifiedAtOnce, anEvent('ReviewStarted'), anEvent('InformationRequested')],
  ans: [...upTo.action_required, extraEvidence],
  pas: [...upTo.submitted, ...notifiedAtOnce, anEvent('ReviewStarted'), anEvent('ConsentWindowPassed')],
  acc: [...upTo.submitted, ...notifiedAtOnce, anEvent('ReviewStarted'), anEvent('CustomerAccepted')],
  riv: upTo.under_review,
  cho: [...upTo.under_review, askedToChoose],
  won: [...upTo.under_review, anEvent('RivalsDecided', { displaces: null, record: recordWonBy('claim-1') })],
  app: upTo.approved,
  win: upTo.consent_pending,
  fai: [...upTo.approved, ...unreached],
  hel: [...upTo.consent_pending, anEvent('LinesHeld', { findings: [held] })],
  off: upTo.official,
  hea: [...upTo.official, anEvent('HolderWarned')],
  rej: upTo.rejected,
  lat: [...upTo.rejected, anEvent('DisputeWindowClosed')],
  dec: upTo.declined,
  blo: [...upTo.declined, anEvent('PartnerBlocked')],
  dis: upTo.disputed,
  fin: upTo.rejected_final,
  end: upTo.ended,
  can: upTo.canceled,
};

/** Returns the claim's surroundings. A rival's evidence is older than the claim's own, unless the claim is to lose. */
function worldOf(situation: Situation, manner: string): World {
  const evidence = [{ evidenceId: 'evidence-9', signedOn: manner === 'lost' ? '2026-02-20' : '2026-01-15' }];
  const rivals = ['riv', 'cho', 'won'].includes(situation) ? [aRival({ evidence })] : [];
  const at = histories[situation].at(-1)?.at ?? times.drafted;
  if (manner !== 'lost') return { at, rivals };
  const policy = { ...samplePolicy, whenEnrolmentIsLost: 'end' as const };
  return { at, rivals, policy, facts: someFacts({ location: { enrolledProgrammes: [] } }) };
}

/** Returns a valid command from a permitted actor, in the variant that the row names. */
function commandFor(type: CommandType, manner: string, state: ClaimState): ClaimCommand {
  const command = <Type extends CommandType>(
    name: Type,
    ...rest: Parameters<typeof aCommand<Type>> extends [Type, ...infer More] ? More : never
  ) => aCommand(name, ...rest);
  switch (type) {
    case 'draftClaim':
      return command(type, { number: 'CLM-000001', partnerAccountId: ids.account, details: aClaim() });
    case 'editClaim': {
      const contacts = { ...aClaim().contacts, customer: aContact('person-other', 'contoso.example') };
      return command(type, { changes: { contacts } });
    }
    case 'addEvidence':
      return command(type, { evidence: someEvidence({ evidenceId: 'evidence-3' }) });
    case 'recordEvidenceScan':
      return command(type, { evidenceId: 'evidence-1', result: 'clean', scanner: 'ClamAV 1.4.6/27500' });
    case 'requestSignature': {
      const signatory = { personId: 'person-signatory', emailDomain: 'contoso.example' };
      return command(type, { signatory, language: 'en', policy: 'sample@1', textId: 'text-statement', textSha256: 'ab'.repeat(32) });
    }
    case 'cancelSignatureRequest':
    case 'requestSignatureCode':
    case 'declineSignature':
      return command(type, { signatureId: 'signature-1' });
    case 'signStatement':
      return command(type, { signatureId: 'signature-1', codeId: 'code-1', signerId: 'person-signer', signerSha256: 'cd'.repeat(32) });
    case 'forwardSignature':
      return command(type, { signatureId: 'signature-1', signatory: { personId: 'person-colleague', emailDomain: 'contoso.example' } });
    case 'addComment':
      return command(type, { textId: 'text-1', visibility: 'shared' });
    case 'requestInformation':
      return command(type, { reasons: ['acknowledgement_missing'] });
    case 'rejectClaim':
      return command(type, { reason: 'evidence_insufficient' });
    case 'recordRefusal':
      return command(type, { targets: [target] });
    case 'recordNoticeDelivery': {
      const results = [{ recipientId: 'recipient-contact', outcome: 'accepted' as const, acceptedAt: times.delivered }];
      return command(type, { noticeId: 'notice-1', results });
    }
    case 'reportBounce':
      return command(type, { noticeId: 'notice-1', recipientId: 'recipient-contact' });
    case 'extendDeadline': {
      const [phase] = state.lines.map((line) => line.phase);
      return command(type, { clock: phase === 'action_required' ? 'K4' : phase === 'official' ? 'K9' : 'K5' });
    }
    case 'acceptClaim':
      return command(type, { isTenantAdmin: manner === 'admin' });
    case 'openDispute':
      return command(type, { textId: 'text-1' });
    case 'decideDispute':
      return command(type, { outcome: manner as 'approve', reasons: ['acknowledgement_missing'] });
    case 'warnHolder':
      return command(type, { target, challenger: 'claim-2' });
    case 'askCustomerToChoose':
      return command(type, { line: 1 });
    case 'chooseRival':
      return command(type, { choiceId: 'choice-1', claimId: 'claim-2' });
    case 'decideRivals':
      return command(type, { line: 1, winner: manner === 'lost' ? 'claim-2' : 'claim-1', step: 'newest_evidence' }, actors.secondReviewer);
    case 'recordRivals':
      return command(type, { record: recordWonBy(manner === 'won' ? 'claim-1' : 'claim-2') });
    case 'supersedeAssociation':
      return command(type, { associationId: 'association-1', at: times.later });
    case 'endAssociation':
      return manner === 'vendor'
        ? command(type, { reason: 'vendor_revoked', textId: 'text-1' }, actors.reviewer)
        : command(type, { reason: 'partner_disassociated', textId: 'text-1' });
    case 'transferAssociation':
      return command(type, { partnerId: '4012346' });
    default:
      return command(type, {});
  }
}

/** Returns the outcome of a command: a phase, `=`, `~`, or the code of a refusal. */
function outcomeOf(
  type: CommandType,
  manner: string,
  situation: Situation,
  more: ClaimEvent[] = [],
  around: World = {},
  actor?: Actor,
): string {
  const state = fold([...histories[situation], ...more]);
  const command = commandFor(type, manner, state);
  const decision = decide(state, { ...command, ...(actor && { actor }) }, worldAt({ ...worldOf(situation, manner), ...around }));
  if ('refused' in decision) return decision.refused.map(({ code }) => code).join(', ');
  if (decision.events.length === 0) return '~';
  const after = fold(decision.events, state);
  return after.lines[0]!.phase === state.lines[0]?.phase ? '=' : after.lines[0]!.phase;
}

const columns = Object.keys(situations) as Situation[];
const [head = '', ...rows] = matrix.trim().split('\n');
const expected = rows.map((row) => {
  const [command = '', ...rest] = row.split(/\s+/);
  const cells = rest.slice(-columns.length);
  return { command: command as CommandType, manner: rest.slice(0, -columns.length).join(' '), cells, row };
});

/** Returns the outcome that a cell's letters stand for; an unknown cell matches no outcome. */
function meaning(letters: string | undefined): string {
  if (letters === '=' || letters === '~') return letters;
  const outcome = letters === undefined ? undefined : outcomes[letters];
  if (outcome === undefined) return `no expectation (${letters})`;
  return 'to' in outcome ? outcome.to : outcome.refused;
}

/** All roles, and callers without one: the system, and a customer who follows a notice's link. */
const callers = [...roles, 'no role'] as const;
const isGiven = (granted: Role[], caller: (typeof callers)[number]): boolean => caller === 'no role' || granted.includes(caller);

describe('the matrix of states, commands and roles', () => {
  it('has a row for every command and a cell for every state', () => {
    expect(head.trim().split(/\s+/)).to.deep.equal(columns);
    expect([...new Set(expected.map(({ command }) => command))]).to.have.members(commandTypes);
    expect(
      expected.filter(({ cells, manner }) => cells.length !== columns.length || manner.includes(' ')).map(({ row }) => row),
    ).to.deep.equal([]);
  });

  it('includes every phase', () => {
    const shown = columns.filter((column) => column !== 'no').map((column) => fold(histories[column]).lines[0]!.phase);
    expect([...new Set(shown)]).to.have.members(phases);
  });

  for (const { command, manner, cells } of expected) {
    const name = `${command} ${manner}`.trim();
    it(`matches the domain for ${name}`, () => {
      const differences = columns.flatMap((situation, index) => {
        const [domain, code] = [meaning(cells[index]), outcomeOf(command, manner, situation)];
        return callers.flatMap((caller) => {
          const wanted = isGiven(mayGive[command], caller) ? domain : 'forbidden';
          const found = isGiven(rolesFor(command), caller) ? code : 'forbidden';
          return wanted === found ? [] : [`${name} by ${caller}, ${situations[situation]}: the domain says ${wanted}, the code ${found}`];
        });
      });
      expect(differences).to.deep.equal([]);
    });
  }
});

describe('allowed actions', () => {
  const existing = columns.filter((column) => column !== 'no');
  const isAccepted = (command: CommandType, situation: Situation, more: ClaimEvent[] = [], around: World = {}): boolean =>
    expected.some((row) => row.command === command && ['=', ...phases].includes(outcomeOf(command, row.manner, situation, more, around)));

  const forPeople = commandTypes.filter((command) => !['system', 'signatory'].includes(commandTable[command].givenBy as string));

  it('include every command except those of the system', () => {
    expect(forPeople).to.have.members(commandTypes.filter((command) => mayGive[command].length > 0));
  });

  /** What a command requires besides the phase. */
  const needs: Partial<Record<CommandType, { more?: ClaimEvent[]; around?: World }>> = {
    askCustomerToChoose: { around: { rivals: [aRival()] } },
    decideRivals: { around: { rivals: [aRival()] } },
    chooseRival: { more: [askedToChoose] },
    resendNotice: { more: [anEvent('NoticeRequested'), ...unreached] },
    reportBounce: { more: notifiedAtOnce },
    cancelSignatureRequest: { more: [anEvent('SignatureRequested')] },
    blockPartner: { more: [anEvent('NoticeRequested')] },
    liftBlock: { more: [anEvent('PartnerBlocked')] },
  };
  for (const command of forPeople) {
    it(`list the phases in which the rules accept ${command}`, () => {
      const { more, around } = needs[command] ?? {};
      const accepting = existing.filter((situation) => isAccepted(command, situation) || isAccepted(command, situation, more, around));
      const found = new Set<string>(accepting.map((situation) => fold(histories[situation]).lines[0]!.phase));
      expect([...found]).to.have.members([...commandTable[command].phases]);
    });
  }

  const anybody = { roles, subject: 'person-anyone', actsFor: [], partnerAccountId: null };
  const isForVendorOnly = (command: CommandType) => rolesFor(command).every((role) => roleSides[role] === 'vendor');
  const judgements = forPeople.filter((command) => commandTable[command].isJudgement && isForVendorOnly(command));

  it('mark as judgements exactly the commands that the rules refuse to a reviewer who acts for the partner', () => {
    const selfReviewer = { ...actors.reviewer, actsFor: [ids.account] };
    const isRefused = ({ command, manner }: (typeof expected)[number]) =>
      columns.some((situation) => outcomeOf(command, manner, situation, [], {}, selfReviewer).includes('self_review_forbidden'));
    const refused = new Set(expected.filter(isRefused).map(({ command }) => command));
    expect([...refused]).to.have.members(commandTypes.filter((command) => commandTable[command].isJudgement));
  });

  it('offer no judgement to a person who acts for the partner or has acted on the claim', () => {
    const partnerSide = [
      { ...anybody, actsFor: [ids.account] },
      { ...anybody, partnerAccountId: ids.account },
      { ...anybody, subject: actors.partner.subject },
    ];
    for (const situation of existing) {
      const state = fold(histories[situation]);
      const others = allowedActions(state, anybody, [1, 2]).filter((command) => !judgements.includes(command));
      for (const reader of partnerSide) expect(allowedActions(state, reader, [1, 2]), situation).to.deep.equal(others);
    }
    const vendor = { ...anybody, roles: ['vendor_admin' as const], actsFor: [ids.account] };
    expect(allowedActions(fold(upTo.official), vendor)).not.to.include('endAssociation');
  });

  it('offer a dispute only to a reviewer other than the first', () => {
    const first = { ...anybody, subject: actors.reviewer.subject };
    expect(allowedActions(fold(upTo.disputed), first, [1, 2])).not.to.include.oneOf(['decideDispute', 'decideRivals']);
    expect(allowedActions(fold(upTo.disputed), anybody, [1, 2])).to.include.members(['decideDispute', 'decideRivals']);
  });

  /** Offered although not yet accepted, because another command that is offered or sent with it makes it possible. */
  const offeredEarly: Partial<Record<Situation, CommandType[]>> = {
    ask: ['submitClaim'],
    'as+': ['submitClaim'],
    riv: ['approveClaim'],
    cho: ['approveClaim'],
  };
  for (const situation of existing) {
    it(`offer exactly what the rules accept while a line is ${situations[situation]}`, () => {
      const competing = (worldOf(situation, '').rivals ?? []).map(({ line }) => line);
      const offered = allowedActions(fold(histories[situation]), anybody, competing);
      const accepted = forPeople.filter((command) => isAccepted(command, situation));
      expect(offered).to.have.members([...accepted, ...(offeredEarly[situation] ?? [])]);
    });
  }
});
