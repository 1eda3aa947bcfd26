import { claimedLines, faultIf, type Rule, rule } from './rule.js';

const contactFields = { customer: ['name', 'title', 'email'], partner: ['name', 'email'], technical: ['name', 'title', 'email'] };

export const contactRules: Rule[] = [
  rule('contact_incomplete', 'error', ['submit', 'approve'], ({ details }) =>
    (['customer', 'partner'] as const).flatMap((which) => {
      const missing = details.contacts[which]?.missingFields ?? contactFields[which];
      return missing.map((field) => ({
        field: `contacts.${which}.${field}`,
        message: `The ${which}'s contact needs ${field === 'email' ? 'a valid e-mail address' : `a ${field}`}.`,
      }));
    }),
  ),
  rule('technical_contact_required', 'error', ['submit'], (subject) => {
    const { details, policy } = subject;
    const isNeeded =
      policy.isTechnicalContactRequired &&
      claimedLines(subject).some((line) =>
        policy.products.some((product) => product.code === line.product && product.family === 'dynamics'),
      );
    const missing = details.contacts.technical?.missingFields ?? contactFields.technical;
    return faultIf(
      isNeeded && missing.length > 0,
      'contacts.technical',
      'Claims for Dynamics 365 need a technical contact with name, title and e-mail.',
    );
  }),
  rule('contact_domain_mismatch', 'hold', ['submit'], ({ details, facts }) => {
    const contact = details.contacts.customer;
    const domains = facts?.tenant?.domains;
    const isStrange = contact !== null && domains !== undefined && contact.emailDomain !== '' && !domains.includes(contact.emailDomain);
    return faultIf(isStrange, 'contacts.customer.email', "The contact's mail domain is not a verified domain of the tenant.");
  }),
];
