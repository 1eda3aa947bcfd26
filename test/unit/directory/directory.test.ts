import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { type DirectoryDocument, parseDirectory, sampleDirectory } from '#libs/directory/index.js';
import { normaliseDomain } from '#libs/identifiers/index.js';
import { samplePolicy } from '#libs/programmes/index.js';

function sample(): DirectoryDocument {
  const parsed = parseDirectory(sampleDirectory);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults));
  return parsed.document;
}

const { accounts, tenants } = sample();
const locations = accounts.flatMap((account) => account.locations);
const subscriptions = tenants.flatMap((tenant) => tenant.subscriptions);
const valuesOf = <Key extends keyof (typeof subscriptions)[number]>(key: Key) => [...new Set(subscriptions.map((entry) => entry[key]))];

describe('the sample directory', () => {
  it('has enough tenants, subscriptions and locations for a trial', () => {
    expect(tenants.length).to.be.at.least(24);
    expect(subscriptions.length).to.be.at.least(40);
    expect([accounts.length, locations.length]).to.deep.equal([6, 16]);
  });

  it('covers every subscription state, family and channel', () => {
    expect(valuesOf('state')).to.have.members(['not_provisioned', 'active', 'in_grace', 'suspended', 'expired']);
    expect(valuesOf('family')).to.have.members(['dynamics', 'microsoft_365', 'other']);
    expect(valuesOf('channel')).to.have.members(['volume_licensing', 'web_direct', 'csp']);
  });

  it('contains subscriptions that are in grace, renewed and just provisioned', () => {
    const inGrace = subscriptions.filter(({ state }) => state === 'in_grace');
    expect(inGrace.filter(({ endsOn, graceEndsOn }) => endsOn! < '2026-11-04' && graceEndsOn! > '2026-11-04')).to.have.length(
      inGrace.length,
    );
    const successors = subscriptions.filter(({ subscriptionId }) =>
      subscriptions.some(({ successorId }) => successorId === subscriptionId),
    );
    expect(successors.map(({ state }) => state)).to.have.members(['active', 'not_provisioned']);
    const fresh = subscriptions.filter(({ state }) => state === 'not_provisioned').map(({ provisionedOn }) => provisionedOn);
    expect(fresh).to.include.members(['2026-11-02', '2026-09-01']);
  });

  it('uses only programmes, workloads and Dynamics products of the sample programme', () => {
    const codes = (area: string) => samplePolicy.products.filter((product) => product.area === area).map(({ code }) => code);
    const dynamics = subscriptions.filter(({ family }) => family === 'dynamics').map(({ product }) => product);
    expect(codes('modern_work_security')).to.include.members(tenants.flatMap(({ workloads }) => workloads));
    expect(codes('business_applications')).to.include.members(dynamics);
    expect(samplePolicy.areas.map(({ enrolmentProgramme }) => enrolmentProgramme)).to.include.members(
      locations.flatMap(({ enrolments }) => enrolments.map(({ programme }) => programme)),
    );
  });

  it("uses only addresses in the customer's own .example domains", () => {
    for (const { domains, admins } of tenants) {
      expect(domains.every((domain) => domain.endsWith('.example'))).to.equal(true);
      expect(domains).to.include.members(admins.map(({ email }) => email.slice(email.indexOf('@') + 1)));
    }
  });

  it('is documented in the reference, including every identifier', () => {
    const page = readFileSync('docs/reference/sample-data.md', 'utf8');
    const identifiers = [
      ...accounts.map(({ accountId }) => accountId),
      ...locations.map(({ partnerId }) => partnerId),
      ...tenants.flatMap((tenant) => [tenant.tenantId, ...tenant.orders]),
      ...subscriptions.map(({ subscriptionId }) => subscriptionId),
    ];
    expect(identifiers.filter((identifier) => !page.includes(`\`${identifier}\``))).to.deep.equal([]);
  });
});

describe('a directory document', () => {
  const tenant = {
    tenantId: '0A8F2C1E-77D3-4B61-9C55-1D2E3F4A5B6C',
    name: 'Example',
    country: 'US',
    language: 'en',
    domains: ['Mail.Example.'],
  };

  it('is normalised to its stored form', () => {
    const document = { accounts: [], tenants: [{ ...tenant, domains: ['Mail.Волга-Текстиль.EXAMPLE'] }] };
    expect(parseDirectory(document)).to.deep.equal({
      ok: true,
      document: {
        accounts: [],
        tenants: [
          {
            tenantId: '0a8f2c1e-77d3-4b61-9c55-1d2e3f4a5b6c',
            name: 'Example',
            country: 'US',
            language: 'en',
            isPublicSector: false,
            domains: ['mail.xn----7sbfemsndgw3bjd6l.example'],
            admins: [],
            workloads: [],
            subscriptions: [],
            orders: [],
          },
        ],
      },
    });
  });

  it('is refused with a complete list of faults', () => {
    const document = {
      accounts: [{ accountId: 'x', legalName: '', locations: [{ partnerId: '12', name: 'A' }] }],
      tenants: [{ ...tenant, language: 'de', country: 'us', colour: 'red' }],
    };
    const parsed = parseDirectory(document);
    expect(parsed.ok ? [] : parsed.faults.map(({ path }) => path)).to.have.members([
      'accounts.0.accountId',
      'accounts.0.legalName',
      'accounts.0.locations.0.partnerId',
      'tenants.0',
      'tenants.0.language',
      'tenants.0.country',
      'tenants.0.domains.0',
    ]);
  });

  it('is refused if a subscription is its own successor or its grace period ends before its term', () => {
    const subscription = {
      subscriptionId: '2a8f2c1e-77d3-4b61-9c55-1d2e3f4a5b6c',
      product: 'sales',
      family: 'dynamics',
      channel: 'web_direct',
      state: 'active',
    };
    const faultsOf = (more: object) => {
      const parsed = parseDirectory({
        accounts: [],
        tenants: [{ ...tenant, domains: ['a.example'], subscriptions: [{ ...subscription, ...more }] }],
      });
      return parsed.ok ? [] : parsed.faults.map(({ path }) => path);
    };
    expect(faultsOf({ successorId: subscription.subscriptionId.toUpperCase() })).to.deep.equal(['tenants.0.subscriptions.0.successorId']);
    expect(faultsOf({ endsOn: '2026-12-31', graceEndsOn: '2026-12-30' })).to.deep.equal(['tenants.0.subscriptions.0.graceEndsOn']);
    expect(faultsOf({ graceEndsOn: '2026-12-30' })).to.deep.equal(['tenants.0.subscriptions.0.graceEndsOn']);
    expect(faultsOf({ endsOn: '2026-12-31', graceEndsOn: '2026-12-31' })).to.deep.equal([]);
  });

  it('is refused if two tenants share a domain', () => {
    const document = {
      accounts: [],
      tenants: [
        { ...tenant, domains: ['a.example'] },
        { ...tenant, tenantId: '1a8f2c1e-77d3-4b61-9c55-1d2e3f4a5b6c', domains: ['A.example'] },
      ],
    };
    expect(parseDirectory(document)).to.deep.equal({
      ok: false,
      faults: [{ path: '', message: 'domain a.example occurs more than once' }],
    });
  });
});

describe('a domain', () => {
  const cases: [string, string | null][] = [
    ['Northwind-Traders.EXAMPLE', 'northwind-traders.example'],
    [' council.cascade-city.example ', 'council.cascade-city.example'],
    ['волга-текстиль.example', 'xn----7sbfemsndgw3bjd6l.example'],
    ['localhost', null],
    ['example.com.', null],
    ['a_b.example', null],
    ['-a.example', null],
    ['a..example', null],
    ['10.0.0.1', null],
    ['https://a.example', null],
    ['a.example/path', null],
    ['user@a.example', null],
    ['a%2eexample', null],
    ['a.exa\tmple', null],
    [`${'a'.repeat(64)}.example`, null],
    [`${`${'a'.repeat(60)}.`.repeat(4)}${'b'.repeat(9)}`, `${`${'a'.repeat(60)}.`.repeat(4)}${'b'.repeat(9)}`],
    [`${`${'a'.repeat(60)}.`.repeat(4)}${'b'.repeat(10)}`, null],
    ['', null],
  ];
  for (const [text, expected] of cases) {
    it(`${JSON.stringify(text.slice(0, 40))} ${expected === null ? 'is rejected' : 'is normalised'}`, () =>
      expect(normaliseDomain(text)).to.equal(expected));
  }
});
