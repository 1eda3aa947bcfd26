/**
 * What cpor asks.
 * @typedef {{ partnerId: string, tenantId: string, identifiers: string[], at: string }} LookUpRequest
 *
 * @typedef {{ partnerId: string, name: string, globalAccountId: string, legalName: string, type: string, isAgreementActive: boolean, isProfileComplete: boolean }} Location
 * @typedef {{ programme: string, state: string, validUntil: string | null }} Enrolment
 * @typedef {{ tenantId: string, name: string, domains: string[], language: 'en' | 'ru', isPublicSector: boolean, workloads: string[] }} Tenant
 * @typedef {{ adminId: string, name: string, email: string }} Admin
 * @typedef {{ subscriptionId: string, tenantId: string, product: string, family: string, channel: string, state: string, provisionedOn: string | null, endsOn: string | null, graceEndsOn: string | null, successorId: string | null }} Subscription
 */

/**
 * Where the facts come from. Replace `CsvData` by a class of your own with these methods: a query of your database each. A method throws if it
 * cannot know, and then the whole look-up is answered with 503. Keys are given in lower case, and may be malformed.
 * @typedef {object} DataSource
 * @property {(partnerId: string) => Promise<Location | null>} location
 * @property {(globalAccountId: string) => Promise<Location[]>} locationsOf
 * @property {(partnerId: string) => Promise<Enrolment[]>} enrolmentsOf
 * @property {(tenantId: string) => Promise<Tenant | null>} tenant
 * @property {(tenantId: string) => Promise<Admin[]>} adminsOf
 * @property {(subscriptionId: string) => Promise<Subscription | null>} subscription
 * @property {(tenantId: string) => Promise<Subscription[]>} subscriptionsOf
 * @property {(orderId: string) => Promise<boolean>} isOrder
 */

/**
 * Answers one look-up: a location, a tenant, and what each identifier is. Whatever is unknown is null or `unknown`.
 * @param {DataSource} data
 * @param {LookUpRequest} question
 */
export async function lookUp(data, { partnerId, tenantId, identifiers, at }) {
  const [location, tenant, kinds] = await Promise.all([
    locationAt(data, partnerId.trim(), at),
    tenantWithAll(data, tenantId.trim().toLowerCase()),
    Promise.all(identifiers.map((identifier) => kindOf(data, identifier.trim().toLowerCase()))),
  ]);
  return { location, tenant, identifiers: Object.fromEntries(identifiers.map((identifier, index) => [identifier, kinds[index]])) };
}

/**
 * A location with its enrolments and those of the other locations of its company.
 * @param {DataSource} data
 * @param {string} partnerId
 * @param {string} at
 */
async function locationAt(data, partnerId, at) {
  const location = await data.location(partnerId);
  if (location === null) return null;
  const company = await data.locationsOf(location.globalAccountId);
  const enrolled = await Promise.all(
    company.map(async (one) => ({ partnerId: one.partnerId, enrolledProgrammes: await enrolledAt(data, one.partnerId, at) })),
  );
  return {
    ...location,
    enrolledProgrammes: enrolled.find((one) => one.partnerId === partnerId)?.enrolledProgrammes ?? [],
    siblings: enrolled.filter((one) => one.partnerId !== partnerId),
  };
}

/**
 * The programmes in which a location is enrolled on the day of the instant `at`, in UTC. An enrolment is valid to the end of its last day.
 * @param {DataSource} data
 * @param {string} partnerId
 * @param {string} at
 */
async function enrolledAt(data, partnerId, at) {
  const day = new Date(at).toISOString().slice(0, 10);
  const enrolments = await data.enrolmentsOf(partnerId);
  return enrolments
    .filter(({ state, validUntil }) => state === 'enrolled' && (validUntil === null || validUntil >= day))
    .map(({ programme }) => programme);
}

/**
 * @param {DataSource} data
 * @param {string} tenantId
 */
async function tenantWithAll(data, tenantId) {
  const tenant = await data.tenant(tenantId);
  if (tenant === null) return null;
  const [admins, subscriptions] = await Promise.all([data.adminsOf(tenantId), data.subscriptionsOf(tenantId)]);
  return { ...tenant, admins: admins.map(({ adminId, name, email }) => ({ adminId, name, email })), subscriptions };
}

/**
 * Partners mistake the IDs of tenants and orders for those of subscriptions. Saying so gets them a message that helps.
 * @param {DataSource} data
 * @param {string} identifier
 */
async function kindOf(data, identifier) {
  const subscription = await data.subscription(identifier);
  if (subscription !== null) return { kind: 'subscription', subscription };
  if ((await data.tenant(identifier)) !== null) return { kind: 'tenant' };
  return { kind: (await data.isOrder(identifier)) ? 'order' : 'unknown' };
}
