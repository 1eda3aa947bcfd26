import { expect } from 'chai';
import { initialState } from '#libs/claims/index.js';
import { planUpdate, type SentUpdate } from '#libs/imports/index.js';
import type { ClaimRow } from '#libs/read-models/index.js';

const claimId = '6a1f0c1e-0000-4000-8000-00000000000a';
const contact = (personId: string) => ({ personId, emailDomain: 'contoso.example', missingFields: [] });

/** A claim at version 3 whose customer contact is Ann Lee, CIO. */
const claim = {
  claimId,
  number: 'CLM-000007',
  version: 3,
  state: {
    ...initialState,
    details: {
      ...initialState.details,
      programme: 'sample',
      name: '=Teams',
      partnerId: '0012403',
      tenantId: 'db602352-d033-497b-973d-8e81d5de0d3a',
      domain: 'contoso.example',
      area: 'modern_work_security',
      externalReference: '00471',
      tags: ['q4', 'a;b'],
      // Keys in the order in which the database keeps them.
      contacts: { partner: contact('pat'), customer: contact('ann'), technical: null },
    },
  },
  people: { ann: { name: 'Ann Lee', title: 'CIO', email: 'ann@contoso.example' }, pat: { name: 'Pat Roe', email: 'pat@contoso.example' } },
} as unknown as ClaimRow;

/** The claim's row in an exported table, before formulas are escaped. */
const exported: Record<string, string> = {
  claimId,
  number: 'CLM-000007',
  version: '3',
  name: '=Teams',
  phase: 'draft',
  products: 'teams; exchange',
  partnerId: '0012403',
  externalReference: '00471',
  tags: 'q4; a;b',
  isOpen: 'false',
  warnings: 'due_soon',
  updatedAt: '2026-03-02T14:00:00.000Z',
};

const plan = (sent: Partial<SentUpdate>) => planUpdate({ claim: { claimId }, changes: {}, ...sent }, claim, exported, claimId);

/** Returns the codes, fields and messages of a refusal. */
function refusal(sent: Partial<SentUpdate>): string[] {
  const planned = plan(sent);
  return planned.result === 'refused'
    ? planned.findings.map(({ code, field, message }) => `${code} ${field}: ${message}`)
    : [planned.result];
}

/** Returns the names of the fields that change. */
function fields(sent: Partial<SentUpdate>): string[] {
  const planned = plan(sent);
  return planned.result === 'wanted' ? planned.fields : [planned.result];
}

describe('the plan of an update', () => {
  const unread = { name: "'=Teams", tags: 'q4; a;b', partnerId: '0012403', externalReference: '00471' };

  it('changes nothing for an exported row, whatever its cells would be read as', () => {
    const cells = { ...exported, ...unread };
    const changes = { name: '=Teams', tags: ['q4', 'a', 'b'], partnerId: '0012403', externalReference: '00471' };
    expect(fields({ cells, changes, version: 3 })).to.deep.equal(['unchanged']);
  });

  it('changes nothing for a row that a spreadsheet has saved', () => {
    const cells = { ...exported, isOpen: 'FALSE', externalReference: '="00471"', partnerId: '="0012403"', warnings: '' };
    expect(fields({ cells, changes: {}, version: 3 })).to.deep.equal(['unchanged']);
  });

  it('ignores a fault of a cell that is as it was exported, and reports any other', () => {
    const fault = {
      code: 'import_cell_unreadable',
      severity: 'error' as const,
      field: 'name',
      line: null,
      message: 'A spreadsheet error.',
    };
    expect(fields({ cells: { name: "'=Teams" }, unreadable: { name: fault } })).to.deep.equal(['unchanged']);
    expect(refusal({ cells: { name: '#N/A' }, unreadable: { name: fault } })).to.deep.equal([
      'import_cell_unreadable name: A spreadsheet error.',
    ]);
  });

  it('refuses each column that cannot be changed and differs, by name', () => {
    expect(refusal({ cells: { ...exported, ...unread, phase: 'official', products: 'teams', number: 'CLM-000008' } })).to.deep.equal([
      'column_not_changeable number: This column cannot be changed; the claim has "CLM-000007" here.',
      'column_not_changeable phase: This column cannot be changed; the claim has "draft" here.',
      'column_not_changeable products: This column cannot be changed; the claim has "teams; exchange" here.',
    ]);
  });

  it('refuses what has lost its leading zeros, and never guesses', () => {
    const sent = { cells: { externalReference: '471', partnerId: '12403' }, changes: { externalReference: '471', partnerId: '12403' } };
    expect(refusal(sent).map((text) => text.split(':')[0])).to.deep.equal([
      'import_cell_unreadable externalReference',
      'import_cell_unreadable partnerId',
    ]);
    expect(fields({ cells: { externalReference: '472' }, changes: { externalReference: '472' } })).to.deep.equal(['externalReference']);
  });

  it('keeps the parts of a contact that are not sent, and names those that change', () => {
    const planned = plan({ changes: { contacts: { customer: { email: 'ann.lee@contoso.example' }, technical: { name: 'Tom' } } } });
    expect(planned).to.include({ result: 'wanted' });
    if (planned.result !== 'wanted') return;
    expect(planned.fields).to.deep.equal(['contacts.customer.email', 'contacts.technical.name']);
    expect(planned.personal.map(({ content }) => content)).to.deep.equal([
      { name: 'Ann Lee', title: 'CIO', email: 'ann.lee@contoso.example' },
      { name: 'Tom', title: '', email: '' },
    ]);
    expect(planned.changes.contacts!.partner).to.deep.equal(contact('pat'));
  });

  it('sees that a restated contact is no change, and that a cleared part is one', () => {
    const restated = { name: ' Ann Lee ', title: 'CIO', email: 'ann@contoso.example' };
    expect(fields({ changes: { contacts: { customer: restated } } })).to.deep.equal(['unchanged']);
    expect(fields({ changes: { contacts: { customer: { title: '' } } } })).to.deep.equal(['contacts.customer.title']);
    expect(fields({ changes: { contacts: { customer: null } } })).to.deep.equal([
      'contacts.customer.email',
      'contacts.customer.name',
      'contacts.customer.title',
    ]);
  });

  it('clears a field by null, and an empty field by nothing', () => {
    expect(fields({ changes: { externalReference: null, tags: [], transactionOn: null } })).to.deep.equal(['externalReference', 'tags']);
  });

  it('refuses a row that was written for another version, unless it asks for nothing', () => {
    const stale = { ...exported, version: '2', phase: 'submitted', updatedAt: '2026-03-01T14:00:00.000Z' };
    expect(refusal({ version: 2, cells: { ...stale, tags: 'q1' }, changes: { tags: ['q1'] } })).to.deep.equal([
      'version_conflict version: The claim is at version 3 by now, the row was written for 2. Export it again.',
    ]);
    expect(refusal({ version: 2, action: 'submit' })).to.have.length(1);
    expect(fields({ version: 2, cells: stale })).to.deep.equal(['unchanged']);
  });

  it('wants an action even if no field changes', () => {
    expect(plan({ action: 'withdraw' })).to.deep.include({ result: 'wanted', changes: {}, fields: [] });
  });
});
