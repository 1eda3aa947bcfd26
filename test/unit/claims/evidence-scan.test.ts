import { expect } from 'chai';
import { fold } from '#libs/claims/index.js';
import { aCommand, anEvent, someEvidence, times, upTo } from '../../support/claim-builders.js';
import { given } from '../../support/claim-specification.js';

const waiting = anEvent('EvidenceAdded', { evidence: someEvidence({ quarantine: 'waiting' }) });
const inQuarantine = (events: typeof upTo.draft) => events.map((event) => (event.type === 'EvidenceAdded' ? waiting : event));
const scan = (result: 'clean' | 'infected') =>
  aCommand('recordEvidenceScan', { evidenceId: 'evidence-1', result, scanner: 'ClamAV 1.4.6/27500' });
const approve = aCommand('approveClaim', {});
const quarantineOf = (events: typeof upTo.draft) => fold(events).evidence.map(({ quarantine }) => quarantine);

describe('evidence in quarantine', () => {
  it('leaves it when it is found clean, and stays there when malware is found', () => {
    const draft = inQuarantine(upTo.draft);
    expect(quarantineOf(draft)).to.deep.equal(['waiting']);
    for (const [result, expected] of [
      ['clean', undefined],
      ['infected', 'infected'],
    ] as const) {
      const { events } = given(...draft).when(scan(result), { at: times.later });
      expect(events.map(({ type, data }) => ({ type, data }))).to.deep.equal([
        { type: 'EvidenceScanned', data: { evidenceId: 'evidence-1', result, scanner: 'ClamAV 1.4.6/27500' } },
      ]);
      expect(quarantineOf([...draft, ...events])).to.deep.equal([expected]);
      // A repeat of the scan records nothing.
      expect(given(...draft, ...events).when(scan('clean'), { at: times.later }).events).to.deep.equal([]);
    }
  });

  it('is scanned also when it was superseded meanwhile, and no file that never waited is', () => {
    const newer = anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2', supersedes: 'evidence-1' }) });
    expect(given(...inQuarantine(upTo.draft), newer).when(scan('infected')).events).to.have.length(1);
    expect(given(...upTo.draft).when(scan('infected')).events).to.deep.equal([]);
  });

  it('can be submitted, but not approved before it is scanned, and not at all if it is all there is and infected', () => {
    const { events } = given(...inQuarantine(upTo.draft)).when(aCommand('submitClaim', {}), { at: times.submitted });
    expect(events.map(({ type }) => type)).to.include('ClaimSubmitted');
    const submitted = [...inQuarantine(upTo.draft), ...events];
    const refusals = (...more: typeof upTo.draft) =>
      given(...submitted, ...more)
        .when(approve, { at: times.later })
        .findings.map(({ code }) => code);
    expect(refusals()).to.deep.equal(['evidence_not_scanned']);
    const infected = anEvent('EvidenceScanned', { result: 'infected' });
    expect(refusals(infected)).to.deep.equal(['evidence_infected']);
    const copy = anEvent('EvidenceAdded', { evidence: someEvidence({ evidenceId: 'evidence-2', supersedes: 'evidence-1' }) });
    expect(refusals(infected, copy)).to.deep.equal([]);
    expect(refusals(anEvent('EvidenceScanned'))).to.deep.equal([]);
  });
});
