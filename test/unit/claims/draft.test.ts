import { expect } from 'chai';
import { phaseOf } from '#libs/claims/index.js';
import {
  aClaim,
  aCommand,
  actors,
  aHolder,
  aLine,
  anEvent,
  ids,
  someEvidence,
  someFacts,
  times,
  upTo,
} from '../../support/claim-builders.js';
import { after, given } from '../../support/claim-specification.js';

const aDraft = (details = aClaim()) => aCommand('draftClaim', { number: 'CLM-000001', partnerAccountId: ids.account, details });
const at = times.drafted;

describe('drafts', () => {
  it('record what the partner states and the policy in force', () => {
    given().when(aDraft(), { at }).then(anEvent('ClaimDrafted'));
  });

  it('are saved while the directory is silent', () => {
    given().when(aDraft(), { at, facts: null }).then(anEvent('ClaimDrafted'));
  });

  it('are refused with all errors at once', () => {
    const details = aClaim({ tenantId: 'contoso', domain: 'contoso', partnerId: '12', lines: [] });
    given()
      .when(aDraft(details), { at })
      .thenFindings(
        { code: 'tenant_id_invalid', severity: 'error', field: 'tenantId', line: null },
        { code: 'domain_invalid', severity: 'error', field: 'domain', line: null },
        { code: 'partner_id_invalid', severity: 'error', field: 'partnerId', line: null },
        { code: 'products_required', severity: 'error', field: 'lines', line: null },
      );
  });

  it('record that another partner holds a target, but not which', () => {
    const holders = [aHolder()];
    const { events } = given().when(aDraft(), { at, holders });
    const [drafted] = events;
    const warnings = drafted?.type === 'ClaimDrafted' ? drafted.data.warnings : [];
    expect(warnings.map(({ code, severity, field, line }) => [code, severity, field, line])).to.deep.equal([
      ['workload_already_claimed', 'warning', 'lines[0].product', 1],
    ]);
    expect(JSON.stringify(warnings)).not.to.contain(ids.rival);
  });

  it('cannot be created twice', () => {
    given(...upTo.draft)
      .when(aDraft(), { at })
      .thenRefused('claim_exists');
  });

  it('record only the fields that an edit changes', () => {
    given(...upTo.draft)
      .when(aCommand('editClaim', { changes: { name: 'Teamwork', domain: 'contoso.example', tags: ['q1'] } }), { at: times.supplied })
      .then(anEvent('ClaimEdited', { changes: { name: 'Teamwork', tags: ['q1'] } }));
  });

  it('record nothing when an edit changes nothing', () => {
    given(...upTo.draft)
      .when(aCommand('editClaim', { changes: aClaim() }))
      .thenNothing();
  });

  it('refuse an edit that makes them invalid', () => {
    given(...upTo.draft)
      .when(aCommand('editClaim', { changes: { lines: [aLine(1, 'clippy')] } }))
      .thenFindings({ code: 'product_unknown', severity: 'error', field: 'lines[0].product', line: 1 });
  });

  it('forget a dropped product', () => {
    const state = after(upTo.draft, aCommand('editClaim', { changes: { lines: [aLine(2, 'exchange'), aLine(3, 'sharepoint')] } }));
    expect(state.lines.map(({ line, phase }) => [line, phase])).to.deep.equal([
      [2, 'draft'],
      [3, 'draft'],
    ]);
  });

  it('are discarded with all their lines', () => {
    given(...upTo.draft)
      .when(aCommand('discardDraft', {}), { at: times.submitted })
      .then(anEvent('DraftDiscarded'));
    expect(phaseOf(given(...upTo.draft, anEvent('DraftDiscarded')).state)).to.equal('canceled');
  });

  it('cannot be discarded twice', () => {
    given(...upTo.draft, anEvent('DraftDiscarded'))
      .when(aCommand('discardDraft', {}))
      .thenRefused('not_in_phase');
  });

  it('cannot be discarded once submitted', () => {
    given(...upTo.submitted)
      .when(aCommand('discardDraft', {}))
      .thenRefused('not_in_phase');
  });
});

describe('a claim that does not exist', () => {
  for (const command of [
    aCommand('addComment', { textId: 'text-1', visibility: 'shared' }),
    aCommand('addEvidence', { evidence: someEvidence() }),
    aCommand('discardDraft', {}),
    aCommand('submitClaim', {}),
    aCommand('optOut', {}),
  ]) {
    it(`refuses ${command.type}`, () => {
      given().when(command).thenRefused('not_found');
    });
  }
});

describe('evidence', () => {
  const evidence = someEvidence({ evidenceId: 'evidence-2' });
  const accepts = {
    draft: true,
    submitted: true,
    under_review: true,
    action_required: true,
    consent_pending: false,
    official: true,
    ended: false,
    rejected: true,
    disputed: true,
    rejected_final: false,
    canceled: false,
    declined: false,
  };
  for (const [phase, isAccepted] of Object.entries(accepts)) {
    it(`${isAccepted ? 'can' : 'cannot'} be added while the claim is ${phase}`, () => {
      const outcome = given(...upTo[phase as keyof typeof accepts]).when(aCommand('addEvidence', { evidence }));
      if (isAccepted) outcome.then(anEvent('EvidenceAdded', { evidence }, times.later));
      else outcome.thenRefused('not_editable_in_state');
    });
  }

  it('cannot be added once the dispute window has closed', () => {
    given(...upTo.rejected, anEvent('DisputeWindowClosed'))
      .when(aCommand('addEvidence', { evidence }))
      .thenRefused('not_editable_in_state');
  });
});

describe('comments', () => {
  for (const [phase, history] of Object.entries(upTo)) {
    it(`are accepted while the claim is ${phase}`, () => {
      given(...history)
        .when(aCommand('addComment', { textId: 'text-1', visibility: 'internal' }, actors.reviewer))
        .then(anEvent('CommentAdded', { visibility: 'internal' }, times.later, actors.reviewer));
    });
  }
});

describe('the directory', () => {
  it('must have answered before a claim is submitted', () => {
    given(...upTo.draft)
      .when(aCommand('submitClaim', {}), { facts: null })
      .thenRefused('service_unavailable');
  });

  it('must have answered before a submitted claim is edited', () => {
    given(...upTo.approved)
      .when(aCommand('editClaim', { changes: { contacts: aClaim().contacts, name: 'Other' } }), { facts: null })
      .thenRefused('service_unavailable');
  });

  it('blocks an approval when it no longer knows the tenant', () => {
    given(...upTo.under_review)
      .when(aCommand('approveClaim', {}), { facts: someFacts({ tenant: null }) })
      .thenRefused('tenant_unknown');
  });
});
