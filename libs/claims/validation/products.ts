import type { LineDetails } from '../details.js';
import { claimedLines, eachLine, faultIf, type Rule, rule, type Subject } from './rule.js';

export const areaOf = ({ details, policy }: Subject) => policy.areas.find((area) => area.code === details.area);
const productOf = ({ policy }: Subject, line: LineDetails) => policy.products.find((product) => product.code === line.product);

/** Returns an activity as the claim's area offers it. */
export const activityOf = ({ details, policy }: Subject, code: string) =>
  policy.activities.find((activity) => activity.code === code && activity.areas.includes(details.area));

export const productRules: Rule[] = [
  rule('area_unknown', 'error', ['save'], (subject) =>
    faultIf(
      areaOf(subject) === undefined,
      'area',
      `Use one of the programme's solution areas: ${subject.policy.areas.map((area) => area.code).join(', ')}.`,
    ),
  ),
  rule('products_required', 'error', ['save'], (subject) =>
    faultIf(claimedLines(subject).length === 0, 'lines', 'Name at least one product or workload.'),
  ),
  rule('too_many_products', 'error', ['save'], (subject) =>
    faultIf(
      claimedLines(subject).length > (subject.policy.maximumProducts ?? Number.POSITIVE_INFINITY),
      'lines',
      `The programme allows ${subject.policy.maximumProducts} products per claim. Claim the others separately.`,
    ),
  ),
  rule('product_unknown', 'error', ['save'], (subject) =>
    eachLine(subject, (line) => {
      const product = productOf(subject, line);
      if (product !== undefined && product.state === 'active' && product.area === subject.details.area) return null;
      return { field: 'product', message: `\`${line.product}\` cannot be claimed in this solution area.` };
    }),
  ),
  rule('activity_not_in_area', 'error', ['save', 'submit'], (subject) => {
    const allowed = areaOf(subject)?.activities ?? [];
    return eachLine(subject, (line) => {
      const offered = productOf(subject, line)?.activities ?? allowed;
      const isOffered = line.activities.length > 0 && line.activities.every((code) => allowed.includes(code) && offered.includes(code));
      return isOffered
        ? null
        : { field: 'activities', message: `Use the activities that the area offers for this product: ${offered.join(', ')}.` };
    });
  }),
  rule('activity_combination', 'error', ['save', 'submit'], (subject) =>
    eachLine(subject, (line) => {
      const clash = line.activities.find((code) => {
        const combinable = activityOf(subject, code)?.combinableWith ?? [];
        return line.activities.some((other) => other !== code && !combinable.includes(other));
      });
      if (clash !== undefined) {
        const others = line.activities.filter((code) => code !== clash).map((code) => `\`${code}\``);
        return {
          field: 'activities',
          message: `\`${clash}\` cannot be claimed together with ${others.join(', ')}. Make a separate claim for it.`,
        };
      }
      const twice = line.activities.find((code, index) => line.activities.indexOf(code) < index);
      return twice === undefined ? null : { field: 'activities', message: `\`${twice}\` is listed twice. List each activity once.` };
    }),
  ),
  rule('product_not_on_tenant', 'error', ['save', 'submit', 'approve'], (subject) => {
    const tenant = subject.facts?.tenant;
    if (!tenant || areaOf(subject)?.unit !== 'workload') return [];
    return eachLine(subject, (line) =>
      tenant.workloads.includes(line.product) || productOf(subject, line) === undefined
        ? null
        : { field: 'product', message: `The tenant does not have \`${line.product}\`. Ask the customer which workloads it uses.` },
    );
  }),
];
