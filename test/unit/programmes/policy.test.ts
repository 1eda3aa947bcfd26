import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { sampleCalendars } from '#libs/calendar/index.js';
import type { ClaimPolicy } from '#libs/claims/policy.js';
import { parsePolicy, type Policy, samplePolicies, samplePolicy } from '#libs/programmes/index.js';

const changed = (change: (policy: Policy) => void): Policy => {
  const policy = structuredClone(samplePolicy);
  change(policy);
  return policy;
};

const faultsOf = (input: unknown) => {
  const parsed = parsePolicy(input);
  return parsed.ok ? [] : parsed.faults;
};

describe('the sample programmes', () => {
  it('are valid policies', () => {
    for (const policy of samplePolicies) expect(parsePolicy(policy)).to.deep.equal({ ok: true, policy });
  });

  it('provide everything the claim rules read', () => {
    const policies: ClaimPolicy[] = samplePolicies;
    expect(policies.map(({ name }) => name)).to.deep.equal(['sample', 'sample-ru', 'sample-sa']);
  });

  it('use calendars that exist', () => {
    expect(sampleCalendars.map(({ name }) => name)).to.include.members(samplePolicies.map(({ calendar }) => calendar));
  });

  it('state the hash of the statement of work that ships with them', async () => {
    const file = await readFile('libs/programmes/samples/standard-statement-of-work.txt');
    expect(samplePolicy.statementTemplates.map(({ sha256 }) => sha256)).to.deep.equal([createHash('sha256').update(file).digest('hex')]);
  });

  it('approve automatically only claims on the standard statement of work', () => {
    for (const { automaticApprovals } of samplePolicies) {
      expect(automaticApprovals.map(({ template }) => template)).to.deep.equal(['standard_statement_of_work']);
    }
  });
});

describe('a policy document', () => {
  it('is refused with a complete list of faults', () => {
    const faults = faultsOf({ ...samplePolicy, version: 0, calendar: '', effectiveFrom: '2025-02-30', extra: true });
    expect(faults.map(({ path }) => path)).to.have.members(['version', 'calendar', 'effectiveFrom', 'extra']);
  });

  it('is refused if a code is listed twice', () => {
    const policy = changed(({ products }) => products.push(structuredClone(products[0]!)));
    expect(faultsOf(policy)).to.deep.equal([{ path: 'products', code: 'repeated', message: 'intune occurs more than once; keep one' }]);
  });

  it('is refused if its parts contradict each other', () => {
    const policy = changed(({ products, activities, areas }) => {
      products[0]!.area = 'azure';
      products[1]!.activities = ['presales'];
      activities[0]!.combinableWith = ['revenue_association'];
      areas[0]!.activities.push('training');
    });
    expect(faultsOf(policy)).to.have.deep.members([
      {
        path: 'activities.0.combinableWith',
        code: 'not_mutual',
        message: 'revenue_association does not list presales as combinable; list each under the other, or neither',
      },
      {
        path: 'activities.1.combinableWith',
        code: 'not_mutual',
        message: 'presales does not list usage as combinable; list each under the other, or neither',
      },
      {
        path: 'areas.0.activities',
        code: 'activity_not_described',
        message: 'training has no entry in activities for business_applications; add one, or remove it here',
      },
      {
        path: 'products.0.area',
        code: 'area_unknown',
        message: 'there is no area azure; use one of: business_applications, modern_work_security',
      },
      {
        path: 'products.1.activities',
        code: 'activity_not_offered',
        message: 'presales is not offered in modern_work_security; use one of: usage',
      },
    ]);
  });

  it('is refused if an automatic approval refers to something missing or inapplicable', () => {
    const policy = changed(({ automaticApprovals, statementTemplates }) => {
      const [rule] = automaticApprovals;
      automaticApprovals.push(
        { ...rule!, code: 'unknown', areas: ['azure', 'modern_work_security'], activities: ['presales'], products: ['sales', 'intune'] },
        { ...rule!, template: 'own_statement' },
      );
      statementTemplates.push({ ...statementTemplates[0]!, code: 'own_statement', state: 'retired' });
    });
    expect(faultsOf(policy)).to.have.deep.members([
      {
        path: 'statementTemplates',
        code: 'repeated',
        message: `${samplePolicy.statementTemplates[0]!.sha256} occurs more than once; keep one`,
      },
      { path: 'automaticApprovals', code: 'repeated', message: 'standard_statement_of_work occurs more than once; keep one' },
      {
        path: 'automaticApprovals.1.areas',
        code: 'area_unknown',
        message: 'there is no area azure; use one of: business_applications, modern_work_security',
      },
      {
        path: 'automaticApprovals.1.activities',
        code: 'activity_not_offered',
        message: 'presales is not offered in any area of this rule',
      },
      { path: 'automaticApprovals.1.products', code: 'product_unknown', message: 'no area of this rule has a product sales' },
      {
        path: 'automaticApprovals.2.template',
        code: 'template_unknown',
        message: 'there is no active statement template own_statement; add it to statementTemplates',
      },
    ]);
  });

  it('is refused if it requires a template and has no active one', () => {
    const policy = changed((document) => {
      document.evidence.isTemplateRequired = true;
      document.statementTemplates = [];
      document.automaticApprovals = [];
      delete document.statementOfWork;
    });
    expect(faultsOf(policy)).to.deep.equal([
      {
        path: 'evidence.isTemplateRequired',
        code: 'template_missing',
        message: 'no statement template is active, so no claim could be submitted; add one to statementTemplates, or set this to false',
      },
    ]);
  });

  it('lists expiry notices from the largest number of days to the smallest', () => {
    const policy = changed(({ clocks }) => {
      clocks.expiryNoticeDays = [7, 30, 30, 1];
    });
    expect(faultsOf(policy)).to.deep.equal([
      {
        path: 'clocks.expiryNoticeDays',
        code: 'not_in_order',
        message: '30 is a duplicate or follows a smaller number; list the largest first',
      },
      {
        path: 'clocks.expiryNoticeDays',
        code: 'not_in_order',
        message: '30 is a duplicate or follows a smaller number; list the largest first',
      },
    ]);
  });

  it('may have a consent window in seconds only if that is allowed', () => {
    const policy = changed(({ clocks }) => {
      clocks.consentWindow = { days: 3, unit: 'second' };
    });
    expect(faultsOf(policy)).to.deep.equal([
      {
        path: 'clocks.consentWindow.unit',
        code: 'sandbox_only',
        message: 'a window in seconds is allowed only in sandbox mode; use business_day or calendar_day',
      },
    ]);
    expect(parsePolicy(policy, { allowSeconds: true })).to.deep.equal({ ok: true, policy });
  });

  it('is refused without an exception if it is not an object', () => {
    for (const input of [null, 'policy', 3, []]) expect(parsePolicy(input)).to.include({ ok: false });
  });
});
